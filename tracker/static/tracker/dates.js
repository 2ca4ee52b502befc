// Dates in words: says below the field, while it is typed, what was understood. Saving checks again.
"use strict";
{
  const PAUSE = 250; // milliseconds without a key
  const timers = new WeakMap();

  const echoOf = (box) => {
    const id = `${box.id}_understood`;
    let echo = document.getElementById(id);
    if (!echo) {
      echo = document.createElement("p");
      echo.id = id;
      echo.className = "understood";
      echo.setAttribute("aria-live", "polite");
      box.after(echo);
      const described = [box.getAttribute("aria-describedby"), id].filter(Boolean);
      box.setAttribute("aria-describedby", described.join(" "));
    }
    return echo;
  };

  // The entry's own date, when vague, wants a note on who says what.
  const noteFor = (box) => (box.name === "date" ? box.form.elements.namedItem("date_note") : null);

  const show = (box, answer) => {
    const echo = echoOf(box);
    echo.textContent = answer.refused || answer.understood || "";
    echo.classList.toggle("refused", Boolean(answer.refused));
    const note = noteFor(box);
    if (!answer.vague || !note || note.value.trim()) return;
    const link = document.createElement("a");
    link.href = `#${note.id}`;
    link.textContent = "Say in the date note who says what.";
    echo.append(" A vague date needs its reason. ", link);
  };

  const ask = async (box) => {
    const text = box.value.trim();
    if (!text) return show(box, {});
    const query = new URLSearchParams({ text, lasting: box.dataset.lasting || "yes" });
    try {
      const answer = await fetch(`${box.dataset.understood}?${query}`, { headers: { Accept: "application/json" } });
      if (!answer.ok || answer.redirected) return;
      const told = await answer.json();
      if (box.value.trim() === text) show(box, told);
    } catch {
      // Without an answer nothing is said; the form still saves.
    }
  };

  const later = (box, pause) => {
    clearTimeout(timers.get(box));
    timers.set(box, setTimeout(() => ask(box), pause));
  };

  const isDate = (target) => target instanceof HTMLInputElement && target.dataset.understood;
  document.addEventListener("input", (event) => isDate(event.target) && later(event.target, PAUSE));
  document.addEventListener("change", (event) => {
    if (isDate(event.target)) later(event.target, 0);
    if (event.target.name === "date_note") {
      const box = event.target.form.elements.namedItem("date");
      if (isDate(box)) later(box, 0);
    }
  });

  // A link to a field that is folded away opens the fold and puts the cursor there.
  document.addEventListener("click", (event) => {
    const link = event.target.closest(".understood a");
    const field = link && document.getElementById(link.hash.slice(1));
    if (!field) return;
    event.preventDefault();
    field.closest("details")?.setAttribute("open", "");
    field.focus();
  });
}
