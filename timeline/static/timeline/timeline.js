/* Enhancement only: without this file, or without htmx, every filter is a plain form and every link loads a page.
   htmx asks for the address that the form or the link would lead to, drops answers that came too late, and swaps
   notices, chart and results. What is written here: when to ask, the panel that stays, the history, the brush. */
(() => {
  "use strict";
  const find = (selector, root = document) => root.querySelector(selector);
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const form = find("#f"), results = find("#results"), brush = find("#brush");
  if (!form || !window.htmx) return;
  const wide = matchMedia("(min-width: 52.01rem)");
  const defaults = { dates: "possible", sort: "newest" };
  const here = () => location.pathname + location.search;
  let shown = here(), asked = null, leaves = false, busy, wait;

  // --- asking: `how` the address changes is replaceState, pushState, or "" on the way back --------------------------
  const calm = () => {
    clearTimeout(busy);
    results.removeAttribute("aria-busy");
  };
  const ask = (url, how) => {
    clearTimeout(wait);
    asked = { url, how };
    htmx.ajax("GET", url, { source: results, target: results, swap: "innerHTML" }).catch(() => {});
  };
  const address = () => {
    const pairs = [...new FormData(form)].filter(([name, value]) => value.trim() && defaults[name] !== value);
    const query = new URLSearchParams(pairs).toString();
    return form.getAttribute("action") + (query && `?${query}`);
  };
  const apply = () => ask(address(), "replaceState");
  const load = () => {
    if (leaves) return; // a request that the browser ended because another page comes
    if (asked && asked.url !== here()) location.assign(asked.url);
    else location.reload();
  };

  results.addEventListener("htmx:beforeRequest", () => {
    clearTimeout(busy);
    busy = setTimeout(() => results.setAttribute("aria-busy", "true"), 150);
  });
  results.addEventListener("htmx:sendAbort", calm);
  for (const fault of ["sendError", "timeout", "onLoadError"]) results.addEventListener(`htmx:${fault}`, load);
  results.addEventListener("htmx:beforeSwap", ({ detail }) => {
    // A whole page, whoever sent it, does not belong into a part of one.
    if (!detail.xhr.getResponseHeader("Content-Location")) detail.shouldSwap = false;
  });
  results.addEventListener("htmx:afterOnLoad", ({ detail }) => {
    const url = detail.xhr.getResponseHeader("Content-Location");
    if (!detail.successful || !url) return load();
    calm();
    const how = asked.how;
    asked = null;
    if (how) history[how]({}, "", url);
    shown = here();
    find("#live").textContent = find("#count").textContent;
    drawBrush();
    if (how !== "replaceState") settle(how);
  });

  // --- the panel stays in place, so that focus and open groups do: only its numbers and ticks change ----------------
  const copy = (selector, fresh) => {
    const mine = find(selector), theirs = find(selector, fresh);
    if (mine && theirs && mine.innerHTML !== theirs.innerHTML) mine.innerHTML = theirs.innerHTML;
  };
  const boxes = (root) => new Map(all(".opt", root).map((option) => {
    const box = find("input", option);
    return [`${box.name}=${box.value}`, option];
  }));
  const renewFacet = (facet, fresh) => {
    const mine = boxes(facet), theirs = boxes(fresh);
    copy(`#${facet.id} > summary`, fresh.parentNode);
    if ([...mine.keys()].join() !== [...theirs.keys()].join()) {
      find("fieldset", facet).innerHTML = find("fieldset", fresh).innerHTML;
      return;
    }
    for (const [key, option] of mine) {
      const other = theirs.get(key), number = find(".opt-n", option);
      find("input", option).checked = find("input", other).checked;
      if (!number) continue;
      number.innerHTML = find(".opt-n", other).innerHTML;
      option.classList.toggle("zero", other.classList.contains("zero"));
    }
  };
  const renewPanel = (fresh) => {
    for (const selector of ["#filters > summary", ".panel-top", "#kept"]) copy(selector, fresh);
    for (const group of all(".facet[id], .dates", form)) renewFacet(group, find(`#${group.id}`, fresh));
    for (const field of all("input[id][name]", form)) {
      const other = find(`#${field.id}`, fresh);
      if (other && field !== document.activeElement) field.value = other.value;
    }
  };
  document.addEventListener("htmx:oobBeforeSwap", ({ detail }) => {
    if (detail.target.id !== "filters") return;
    detail.shouldSwap = false;
    renewPanel(detail.fragment);
  });

  // --- changes apply at once on wide screens; on narrow ones the panel waits for its button -------------------------
  document.addEventListener("change", ({ target }) => {
    if (target.form === form && target.name && (wide.matches || target.id === "sort")) apply();
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (wide.matches) apply();
    else location.assign(address());
  });

  // --- links to this page under another query are followed in place; where the focus was, is kept for the way back --
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href]");
    if (!link || event.defaultPrevented || event.button) return;
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    const href = link.getAttribute("href");
    if (href.startsWith("#")) return;
    const at = `a[href="${CSS.escape(href)}"]`;
    history.replaceState({ at, place: all(at).indexOf(link), y: scrollY }, "");
    if (!link.closest("main") || link.hasAttribute("target") || href.split("?")[0] !== form.getAttribute("action")) return;
    event.preventDefault();
    ask(href, "pushState");
  });
  const restore = () => {
    const { at, place } = history.state || {};
    const target = at && all(at)[place];
    if (target) target.focus({ preventScroll: true });
  };
  const settle = (how) => {
    if (!how) {
      restore();
      if (history.state) scrollTo(0, history.state.y || 0);
    } else if (document.activeElement === document.body) {
      results.focus({ preventScroll: true });
      if (results.getBoundingClientRect().top < 0) results.scrollIntoView();
    }
  };
  addEventListener("popstate", () => {
    if (here() !== shown) ask(here(), "");
  });
  addEventListener("pagehide", () => (leaves = true));
  addEventListener("pageshow", ({ persisted }) => {
    leaves = false;
    if (persisted && asked) ask(asked.url, asked.how);
  });

  // --- the brush: two handles on the borders of the columns, which write the fields of the dates --------------------
  const [low, high] = all("input", brush);
  let columns = [];
  const drawn = () => {
    const [from, to] = [+low.value, +high.value], last = columns.length, frame = find("#window");
    const [, since] = columns[from], [, only, , until = only] = columns[to - 1];
    low.setAttribute("aria-valuetext", low.dataset.says.replace("{}", since));
    high.setAttribute("aria-valuetext", high.dataset.says.replace("{}", until));
    return { from, to, last, frame };
  };
  const drawBrush = () => {
    const hist = find("#hist");
    brush.hidden = !hist;
    if (!hist) return;
    columns = hist.dataset.columns.split(";").map((column) => column.split("|"));
    for (const handle of [low, high]) handle.max = columns.length;
    low.value = hist.dataset.low;
    high.value = hist.dataset.high;
    drawn();
  };
  brush.addEventListener("input", ({ target }) => {
    clearTimeout(wait);
    htmx.trigger(results, "htmx:abort");
    if (target === low) low.value = Math.min(low.value, high.value - 1);
    else high.value = Math.max(high.value, +low.value + 1);
    const { from, to, last, frame } = drawn();
    if (target === low) form.elements.from.value = from ? columns[from][0] : "";
    else form.elements.to.value = to < last ? columns[to - 1][2] || columns[to - 1][0] : "";
    wait = setTimeout(apply, 350);
    const [left, right] = [from, to].map((border) => `${(100 * border) / last}%`);
    frame.classList.toggle("idle", !from && to === last);
    const [shade, ...edges] = frame.children;
    shade.setAttribute("x", left);
    shade.setAttribute("width", `${(100 * (to - from)) / last}%`);
    edges.forEach((edge, place) => ["x1", "x2"].forEach((name) => edge.setAttribute(name, place ? right : left)));
  });

  // --- long facets: typing leaves the options that fit, and the chosen ones -----------------------------------------
  const fold = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  form.addEventListener("input", ({ target }) => {
    const box = target.closest(".find");
    if (!box) return;
    const typed = fold(target.value.trim()), group = box.parentNode, more = find(".more", group);
    let fitting = 0;
    for (const option of all(".opt", group)) {
      const fits = fold(find(".opt-l", option).textContent).includes(typed);
      option.hidden = !fits && !find("input", option).checked;
      fitting += fits;
    }
    if (typed) {
      box.dataset.open ??= more.open;
      more.open = true;
    } else if (box.dataset.open) {
      more.open = box.dataset.open === "true";
      delete box.dataset.open;
    }
    find("output", box).textContent = typed && find("output", box).dataset.says.replace("{}", fitting);
  });
  form.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.target.closest(".find")) event.preventDefault();
  });

  drawBrush();
  restore();
  document.documentElement.classList.add("is-live");
})();
