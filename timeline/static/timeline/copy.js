/* Enhancement only: a button beside each text that can be copied. Without this file the text is selected by hand. */
(() => {
  "use strict";
  /* What the buttons say, in the language of the page. */
  const says = document.currentScript.dataset;
  const select = (node) => {
    const range = document.createRange();
    range.selectNodeContents(node);
    const chosen = getSelection();
    chosen.removeAllRanges();
    chosen.addRange(range);
  };

  /* The clipboard is open to secure pages only; elsewhere the text is selected and copied the old way. */
  const copy = async (node) => {
    if (navigator.clipboard) {
      try {
        await navigator.clipboard.writeText(node.textContent);
        return true;
      } catch { /* refused: try the other way */ }
    }
    select(node);
    return document.execCommand("copy");
  };

  const live = document.createElement("p");
  live.className = "vh";
  live.setAttribute("role", "status");
  document.body.append(live);
  for (const node of document.querySelectorAll("[data-copy]")) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "copy";
    const hidden = document.createElement("span");
    hidden.className = "vh";
    hidden.textContent = ` ${node.dataset.copy}`;
    const words = node.dataset.copyButton || says.button;
    if (node.dataset.copyButton) hidden.textContent = "";
    button.append(words, hidden);
    button.addEventListener("click", async () => {
      const done = await copy(node);
      button.firstChild.textContent = done ? says.done : says.selected;
      live.textContent = done ? `${says.done}: ${node.dataset.copy}` : says.press;
      setTimeout(() => { button.firstChild.textContent = words; }, 2000);
    });
    if (node.dataset.copyButton) node.after(button);
    else node.before(button);
  }
})();
