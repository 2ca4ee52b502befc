/* Inside a frame on another site: tells the page around it how high the content is. A number, and nothing else. */
(() => {
  "use strict";
  if (window.parent === window || !window.ResizeObserver) return;
  const tell = () => {
    const height = Math.ceil(document.body.getBoundingClientRect().height);
    window.parent.postMessage({ type: "timeline-height", height }, "*");
  };
  new ResizeObserver(tell).observe(document.body);
  addEventListener("message", (event) => {
    if (event.source === window.parent && event.data && event.data.type === "timeline-ask") tell();
  });
})();
