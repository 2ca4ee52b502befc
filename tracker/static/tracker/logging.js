// The add form: a status that follows from how we know, what the record knows about an address, folds that say what
// they hold. Nothing that somebody typed or chose is ever replaced.
"use strict";
{
  const form = document.getElementById("policyaction_form");
  const known = JSON.parse(document.getElementById("logging").textContent);
  const field = (name) => document.getElementById(`id_${name}`);

  // --- the status that follows from how we know ---

  let chosen = Boolean(form.querySelector("input[name=status]:checked"));
  form.addEventListener("change", (event) => {
    if (event.target.name === "status") chosen = true;
    if (event.target.name !== "attribution" || chosen) return;
    const follows = known.statuses[event.target.value];
    form.querySelectorAll("input[name=status]").forEach((radio) => {
      radio.checked = radio.value === follows;
    });
  });

  // --- what is known about an address ---

  const url = field("source_url");
  const more = field("publisher").closest("details");
  const told = document.createElement("p");
  told.className = "understood";
  told.setAttribute("role", "status");
  url.after(told);

  const propose = (box, value) => {
    if (box.value && !box.dataset.proposed) return;
    box.value = value;
    box.dataset.proposed = "yes";
  };

  const sayWhatIsMissing = () => {
    const missing = [["publisher", "its publisher"], ["source_title", "its title"]];
    const words = missing.filter(([name]) => !field(name).value.trim()).map(([, word]) => word);
    if (words.length && more) more.open = true;
    told.textContent = words.length
      ? `New to the record: type ${words.join(" and ")} below.`
      : `${field("publisher").value}: “${field("source_title").value}”`;
  };

  const lookUp = async () => {
    const address = url.value.trim();
    told.textContent = "";
    if (!address) return;
    try {
      const answer = await fetch(`${known.sourceAt}?${new URLSearchParams({ url: address })}`);
      if (!answer.ok || answer.redirected || url.value.trim() !== address) return;
      const source = await answer.json();
      propose(field("publisher"), source.publisher);
      propose(field("source_title"), source.title);
      sayWhatFoldsHold();
      if (!source.known) sayWhatIsMissing(); // What is known is told by the panel above the form.
    } catch {
      // Without an answer nothing is proposed; saving asks for what is missing.
    }
  };
  url.addEventListener("change", lookUp);
  [field("publisher"), field("source_title")].forEach((box) =>
    box.addEventListener("input", () => delete box.dataset.proposed),
  );

  // --- folds ---

  const worth = (box) => {
    if (box.type === "hidden" || box.type === "search" || box.disabled) return "";
    if (box instanceof HTMLSelectElement) {
      const usual = (option) => option.defaultSelected && !box.classList.contains("admin-autocomplete");
      const picked = [...box.selectedOptions].filter((option) => option.value && !usual(option));
      return picked.map((option) => option.textContent).join(", ");
    }
    return box.value.trim();
  };

  const sayWhatFoldsHold = () => {
    form.querySelectorAll("fieldset details").forEach((fold) => {
      const summary = fold.querySelector("summary");
      let held = summary.querySelector(".held");
      if (!held) {
        held = document.createElement("span");
        held.className = "held";
        summary.append(held);
      }
      const values = [...fold.querySelectorAll("input, select, textarea")].map(worth).filter(Boolean);
      held.textContent = values.join(" · ");
    });
  };
  form.addEventListener("change", sayWhatFoldsHold);

  // --- at once ---

  sayWhatFoldsHold();
  if (url.value) lookUp();
  form.querySelector(".errors input, .errors select, .errors textarea")?.focus();
}
