/* For the page that embeds a selection: makes each frame of this site as high as what it shows.
   It hears only what comes from the site that it was loaded from, out of a frame of this very page. */
(() => {
  "use strict";
  const script = document.currentScript;
  if (!script) return;
  const origin = new URL(script.src, location.href).origin;
  const ours = () => [...document.querySelectorAll("iframe[src]")].filter(
    (frame) => new URL(frame.src, location.href).origin === origin);
  addEventListener("message", (event) => {
    if (event.origin !== origin || !event.data || event.data.type !== "timeline-height") return;
    const height = Number(event.data.height);
    const frame = ours().find((each) => each.contentWindow === event.source);
    if (frame && height > 0 && height < 20000) frame.height = String(Math.ceil(height));
  });
  /* Frames that were there before this script have told their height already. */
  const ask = () => { for (const frame of ours()) frame.contentWindow.postMessage({ type: "timeline-ask" }, origin); };
  if (document.readyState === "complete") ask();
  else addEventListener("load", ask);
})();
