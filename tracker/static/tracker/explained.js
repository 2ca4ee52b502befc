// Lists of codes: shows below each what the chosen option means, with an example. Radio lists are found by typing.
"use strict";
{
  const meantBy = (list) => {
    const id = `${list.id}_means`;
    let text = document.getElementById(id);
    if (!text) {
      text = document.createElement("p");
      text.id = id;
      text.className = "means";
      text.setAttribute("aria-live", "polite");
      (list.closest(".related-widget-wrapper") || list).after(text);
      const described = [list.getAttribute("aria-describedby"), id].filter(Boolean);
      list.setAttribute("aria-describedby", described.join(" "));
    }
    return text;
  };

  const explain = (list) => {
    const { definition, example } = list.selectedOptions[0]?.dataset || {};
    const text = meantBy(list);
    text.textContent = definition || "";
    if (!definition || !example) return;
    const shown = document.createElement("span");
    shown.className = "example";
    shown.textContent = ` Example: ${example}`;
    text.append(shown);
  };

  const explains = (list) => list instanceof HTMLSelectElement && list.querySelector("option[data-definition]");
  const explainAll = (part) =>
    part.querySelectorAll("select").forEach((list) => {
      // Rows are explained when somebody comes to them: a long history stays short.
      if (explains(list) && list.value && !list.closest(".tabular")) explain(list);
    });

  document.addEventListener("change", (event) => explains(event.target) && explain(event.target));
  document.addEventListener("focusin", (event) => explains(event.target) && explain(event.target));
  document.addEventListener("formset:added", (event) => explainAll(event.target));
  document.addEventListener("DOMContentLoaded", () => explainAll(document));
  if (document.readyState !== "loading") explainAll(document);

  // As in a list: "in e" chooses "In effect". The letters count together until a second passes.
  let typed = "";
  let last = 0;
  document.addEventListener("keydown", (event) => {
    const radio = event.target;
    const list = radio instanceof HTMLInputElement && radio.type === "radio" && radio.closest("div.codes");
    if (!list || event.key.length !== 1 || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === " " && Date.now() - last > 1000) return;
    typed = (Date.now() - last > 1000 ? "" : typed) + event.key.toLowerCase();
    last = Date.now();
    const labels = [...list.querySelectorAll("label")];
    const label = labels.find((each) => each.textContent.trim().toLowerCase().startsWith(typed));
    event.preventDefault();
    if (!label) return;
    const found = label.querySelector("input");
    found.focus();
    found.click();
  });
}
