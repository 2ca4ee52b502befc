// Keeps what is typed into a form of admin in this browser until it was saved: for a server that restarts, a network
// that goes, a tab that is closed. One draft for each person and page; never a password. Admin works without it.
(() => {
  "use strict";
  const { user, shownAgain } = document.currentScript.dataset;
  const PREFIX = "unsent:";
  const WEEK = 7 * 24 * 60 * 60 * 1000;
  const IDLE = 1000;
  const LEFT_OUT = new Set(["csrfmiddlewaretoken", "kept"]);

  const store = {
    get(key) {
      try { return JSON.parse(localStorage.getItem(key)); } catch { return null; }
    },
    set(key, value) {
      try { localStorage.setItem(key, JSON.stringify(value)); } catch { /* full or forbidden: nothing is promised */ }
    },
    drop(key) {
      try { localStorage.removeItem(key); } catch { /* forbidden */ }
    },
    keys() {
      try { return Object.keys(localStorage).filter((key) => key.startsWith(PREFIX)); } catch { return []; }
    },
  };

  const keyOf = (path) => `${PREFIX}${user}:${path}`;
  const boxes = (form) => [...form.elements].filter((box) => (
    box.name && !LEFT_OUT.has(box.name) && !["password", "file", "submit", "button", "reset"].includes(box.type)
    && !box.name.includes("__prefix__")
  ));
  const isOn = (box) => (["checkbox", "radio"].includes(box.type) ? box.checked : true);
  const valuesOf = (box) => (box.tagName === "SELECT"
    ? [...box.selectedOptions].map((option) => [option.value, option.text])
    : [[box.value, ""]]);

  // [name, value, words] of everything that would be posted, in order.
  function read(form) {
    return boxes(form).filter(isOn).flatMap((box) => valuesOf(box).map(([value, words]) => [box.name, value, words]));
  }

  function addRows(form, typed) {
    for (const [name, value] of typed) {
      const match = /^(.+)-TOTAL_FORMS$/.exec(name);
      const box = match && form.elements[name];
      const more = box && document.querySelector(`#${CSS.escape(match[1])}-group .add-row a`);
      for (let turn = 0; more && Number(box.value) < Number(value) && turn < 200; turn += 1) more.click();
    }
  }

  function choose(box, values, words) {
    values.forEach((value, index) => {
      if (value && ![...box.options].some((option) => option.value === value)) {
        box.add(new Option(words[index] || value, value));
      }
    });
    for (const option of box.options) option.selected = values.includes(option.value);
  }

  function putBack(form, typed) {
    addRows(form, typed);
    for (const box of boxes(form)) {
      if (box.name.endsWith("-TOTAL_FORMS")) continue;
      const mine = typed.filter(([name]) => name === box.name);
      const values = mine.map(([, value]) => value);
      if (box.tagName === "SELECT") choose(box, values, mine.map(([, , words]) => words));
      else if (["checkbox", "radio"].includes(box.type)) box.checked = values.includes(box.value);
      else if (values.length) [box.value] = values;
      box.dispatchEvent(new Event("change", { bubbles: true }));
    }
  }

  function button(words, does) {
    const made = document.createElement("button");
    made.type = "button";
    made.className = "button";
    made.textContent = words;
    made.addEventListener("click", does);
    return made;
  }

  function offer(form, key, draft) {
    const at = new Date(draft.at);
    const time = at.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
    const day = at.toDateString() === new Date().toDateString() ? "" : `${at.toLocaleDateString()}, `;
    const bar = document.createElement("section");
    bar.className = "unsent";
    bar.setAttribute("aria-label", "Unsent text");
    const said = document.createElement("p");
    said.setAttribute("role", "status");
    const done = (words) => {
      bar.querySelectorAll("button").forEach((each) => each.remove());
      said.textContent = words;
    };
    bar.append(
      said,
      button("Put it back", () => {
        putBack(form, draft.typed);
        done("Put back. It is not saved yet.");
        form.querySelector("input:not([type=hidden]), textarea, select")?.focus();
      }),
      button("Discard", () => { store.drop(key); done("Discarded."); }),
    );
    form.before(bar);
    said.textContent = `You have unsent text from ${day}${time}.`;
  }

  function tidy() {
    const sent = sessionStorage.getItem("unsent-sent");
    if (sent && document.querySelector(".messagelist .success")) store.drop(sent);
    sessionStorage.removeItem("unsent-sent");
    for (const key of store.keys()) {
      const draft = store.get(key);
      if (!draft || !(Date.now() - draft.at < WEEK)) store.drop(key);
    }
  }

  function watch(form) {
    const key = keyOf(location.pathname);
    const draft = store.get(key);
    const untouched = JSON.stringify(read(form));
    // A form that came back, with a fault or a question, holds what was typed.
    const cameBack = shownAgain !== undefined;
    if (draft && !cameBack && JSON.stringify(draft.typed) !== untouched) offer(form, key, draft);
    let waiting;
    const keep = () => {
      const typed = read(form);
      if (cameBack || JSON.stringify(typed) !== untouched) store.set(key, { at: Date.now(), typed });
    };
    const soon = () => {
      clearTimeout(waiting);
      waiting = setTimeout(keep, IDLE);
    };
    form.addEventListener("input", soon);
    form.addEventListener("change", soon);
    // Pickers tell their changes through jQuery alone.
    if (window.django?.jQuery) window.django.jQuery(form).on("change", soon);
    form.addEventListener("submit", () => {
      clearTimeout(waiting);
      keep();
      sessionStorage.setItem("unsent-sent", key);
    });
  }

  function start() {
    document.getElementById("logout-form")?.addEventListener("submit", () => store.keys().forEach(store.drop));
    if (!user) return;
    tidy();
    const form = document.querySelector("body.change-form #content-main form[method=post], form[data-keep-draft]");
    if (form && !form.querySelector("input[name=_popup]")) watch(form);
  }

  // Rows and pickers of admin are made when the document is ready: what they change is not what somebody typed.
  window.addEventListener("load", start);
})();
