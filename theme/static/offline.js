// Asks the browser to keep copies of the briefings that are opened here: offline-worker.js says how.
"use strict";

(() => {
  const workers = navigator.serviceWorker; // none where the address is no https:
  const base = document.currentScript.dataset.offline;
  if (!workers) return;
  const alone = !workers.controller; // the worker did not see this page come
  addEventListener("load", async () => {
    try {
      await workers.register(`${base}service-worker.js`, { scope: base });
      if (alone) (await workers.ready).active.postMessage("opened");
    } catch {
      // The reader's settings forbid it, or there is no room: the page is whole without.
    }
  });
})();
