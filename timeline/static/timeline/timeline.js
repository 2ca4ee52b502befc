/* Enhancement only: without this file every filter is a plain form with its button.
   On wide screens each change asks for the address that the form would send, and takes over what differs. */
(() => {
  "use strict";
  const form = document.querySelector("#f");
  if (!form || !window.fetch || !window.AbortController || !history.replaceState) return;
  const wide = matchMedia("(min-width: 52.01rem)");
  const defaults = { dates: "possible", sort: "newest" };
  const find = (selector, root = document) => root.querySelector(selector);
  let running = null;

  const address = () => {
    const pairs = [...new FormData(form)].filter(([name, value]) => value.trim() && defaults[name] !== value);
    const query = new URLSearchParams(pairs).toString();
    return form.action.split("?")[0] + (query && `?${query}`);
  };

  const copy = (selector, fresh) => {
    const here = find(selector), there = find(selector, fresh);
    if (here && there && here.innerHTML !== there.innerHTML) here.innerHTML = there.innerHTML;
  };

  /* The panel stays where it is, so that focus and open groups do: only its numbers change. */
  const renewPanel = (fresh) => {
    for (const selector of ["#filters > summary", ".panel-top"]) copy(selector, fresh);
    for (const facet of document.querySelectorAll("details.facet[id]")) copy(`#${facet.id} > summary`, fresh);
    const theirs = new Map();
    for (const option of fresh.querySelectorAll(".opt")) {
      const input = find("input", option);
      theirs.set(`${input.name}=${input.value}`, option);
    }
    for (const option of document.querySelectorAll(".opt")) {
      const input = find("input", option), other = theirs.get(`${input.name}=${input.value}`);
      const number = find(".opt-n", option), count = other && find(".opt-n", other);
      if (!number || !count) continue;
      number.innerHTML = count.innerHTML;
      option.classList.toggle("zero", other.classList.contains("zero"));
    }
  };

  const show = (fresh, url) => {
    const focused = document.activeElement && document.activeElement.id;
    for (const id of ["notices", "chart", "results"]) copy(`#${id}`, fresh);
    renewPanel(fresh);
    if (focused && document.activeElement.id !== focused) {
      const again = document.getElementById(focused);
      if (again) again.focus({ preventScroll: true });
    }
    document.title = fresh.title;
    history.replaceState(null, "", url);
    find("#live").textContent = find("#count").textContent;
  };

  const go = async () => {
    const url = address();
    if (running) running.abort();
    const mine = (running = new AbortController());
    const busy = setTimeout(() => find("#results").setAttribute("aria-busy", "true"), 150);
    try {
      const answer = await fetch(url, { signal: mine.signal });
      const text = await answer.text();
      if (!answer.ok) throw new Error(answer.statusText);
      if (mine === running) show(new DOMParser().parseFromString(text, "text/html"), url);
    } catch (error) {
      if (mine === running) location.assign(url);
    } finally {
      clearTimeout(busy);
      if (mine === running) find("#results").removeAttribute("aria-busy");
    }
  };

  document.addEventListener("change", (event) => {
    if (event.target.form === form && (wide.matches || event.target.id === "sort")) go();
  });
  form.addEventListener("submit", (event) => {
    if (!wide.matches) return;
    event.preventDefault();
    go();
  });
  document.documentElement.classList.add("is-live");
})();
