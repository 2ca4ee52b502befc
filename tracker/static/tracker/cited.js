// The add form: who cites the source whose address was just typed. The server writes the notice; this only asks.
"use strict";
{
  const region = document.getElementById("cited");
  const url = document.getElementById("id_source_url");

  const ask = async () => {
    const address = url.value.trim();
    if (!address) return region.replaceChildren();
    try {
      const answer = await fetch(`${region.dataset.from}?${new URLSearchParams({ source_url: address })}`);
      const notice = answer.ok && !answer.redirected ? await answer.text() : "";
      if (url.value.trim() === address) region.innerHTML = notice;
    } catch {
      // Without an answer there is no notice; saving finds the source all the same.
    }
  };

  if (region && url) url.addEventListener("change", ask);
}
