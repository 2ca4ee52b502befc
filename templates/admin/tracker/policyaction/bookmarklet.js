(function () {
  var page = document, found = { url: "", title: "", site: "", day: "" };
  function meta(names) {
    for (var i = 0; i < names.length; i++) {
      var tag = page.querySelector('meta[property="' + names[i] + '"],meta[name="' + names[i] + '"],meta[itemprop="' + names[i] + '"]');
      if (tag && tag.content) return tag.content;
    }
    return "";
  }
  function day(text) {
    var written = /^[0-9]{4}-[0-9]{2}-[0-9]{2}/.exec(text || "");
    if (written) return written[0];
    var moment = text ? new Date(text) : null;
    if (!moment || isNaN(moment)) return "";
    return moment.getFullYear() + "-" + ("0" + (moment.getMonth() + 1)).slice(-2) + "-" + ("0" + moment.getDate()).slice(-2);
  }
  function look(thing) {
    if (!thing || typeof thing !== "object") return;
    if (Array.isArray(thing)) { thing.forEach(look); return; }
    if (thing["@graph"]) look(thing["@graph"]);
    if (!thing.datePublished || !thing.headline) return;
    found.day = found.day || day(thing.datePublished);
    found.title = found.title || String(thing.headline);
    if (thing.publisher && thing.publisher.name) found.site = found.site || String(thing.publisher.name);
  }
  page.querySelectorAll('script[type="application/ld+json"]').forEach(function (block) {
    try { look(JSON.parse(block.textContent)); } catch (broken) { return; }
  });
  var time = page.querySelector("article time[datetime],main time[datetime],time[datetime]");
  var told = {
    source_url: location.href,
    title: (meta(["og:title"]) || found.title || page.title).replace(/\s+/g, " ").trim().slice(0, 200),
    publisher: (meta(["og:site_name"]) || found.site).replace(/\s+/g, " ").trim().slice(0, 200),
    source_published: day(meta(["article:published_time", "datePublished", "date", "dc.date"])) || found.day || (time ? day(time.getAttribute("datetime")) : "")
  };
  var query = Object.keys(told).filter(function (name) { return told[name]; }).map(function (name) {
    return name + "=" + encodeURIComponent(told[name]);
  });
  window.open("{{ address|escapejs }}?" + query.join("&"), "_blank");
})();
