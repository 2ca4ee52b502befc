// Pickers: typing opens them, and where a new name may be made of what was typed, it is offered last.
"use strict";
{
  const $ = window.django?.jQuery;

  // A closed picker waits for Enter; the first letter should be enough.
  document.addEventListener("keydown", (event) => {
    const closed = event.target.closest?.(".select2-selection[aria-expanded=false]");
    if (!$ || !closed || event.key.length !== 1 || event.key === " ") return;
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    $(closed).closest(".select2-container").prev("select").select2("open");
  }, true);

  if ($?.fn.select2) {
    const Tags = $.fn.select2.amd.require("select2/data/tags");
    Tags.prototype.createTag = (_, params) => {
      const name = (params.term || "").trim();
      return name ? { id: `new:${name}`, text: `${name} (new)` } : null;
    };
    // The library puts it first, where Enter would make a new name of every three letters.
    Tags.prototype.insertTag = (_, results, tag) => results.push(tag);
    // The library names a picker by what is picked: until then it has no name at all.
    const nameAll = (part) =>
      part.querySelectorAll("select.admin-autocomplete").forEach((select) => {
        const box = select.parentElement.querySelector(".select2-selection");
        const column = select.closest("td")?.className.match(/field-(\w+)/)?.[1];
        const name = select.labels[0] || (column && select.closest("table").querySelector(`th.column-${column}`));
        if (!box || !name) return;
        name.id ||= `${select.id}_name`;
        const picked = box.querySelector("[role=textbox]");
        const named = picked ? `${name.id} ${picked.id}` : name.id;
        [box, picked, box.querySelector(".select2-search__field")].forEach((each) => each?.setAttribute("aria-labelledby", named));
      });
    $(() => nameAll(document));
    document.addEventListener("formset:added", (event) => setTimeout(() => nameAll(event.target)));
    $(document).on("select2:open", () => document.querySelector(".select2-container--open .select2-search__field")?.focus());
  }
}
