// Lists the briefings that offline-worker.js has kept, read from the copies themselves.
"use strict";

(() => {
  const place = document.getElementById("offline-kept");
  const status = document.getElementById("offline-status");
  const clear = document.getElementById("offline-clear");
  const { cache: name, base, dates } = place.dataset;
  const site = document.documentElement.lang;
  const day = new Intl.DateTimeFormat(dates, { dateStyle: "long" });
  const isBriefing = (request) => new URL(request.url).pathname.startsWith(`${base}briefings/`);

  function made(tag, attributes, ...inside) {
    const one = document.createElement(tag);
    for (const [key, value] of Object.entries(attributes)) one.setAttribute(key, value);
    one.append(...inside);
    return one;
  }

  function card(path, page, kept) {
    const briefing = page.querySelector("article.briefing");
    const strip = briefing?.querySelector(".strip");
    const title = made("a", { href: path }, briefing?.querySelector("h1")?.textContent || path);
    const attributes = { class: "card", lang: briefing?.lang || site, dir: briefing?.dir || "ltr" };
    const time = made("time", { datetime: kept.toISOString() }, day.format(kept));
    const text = made("div", { class: "card-text" });
    if (strip) text.append(document.importNode(strip, true));
    text.append(made("h2", {}, title), made("p", { class: "note", lang: site, dir: "ltr" }, "Kept on ", time));
    return made("article", attributes, text);
  }

  async function list() {
    const rows = [];
    if (await caches.has(name)) {
      const cache = await caches.open(name);
      for (const request of (await cache.keys()).filter(isBriefing)) {
        const copy = await cache.match(request);
        if (!copy) continue;
        const page = new DOMParser().parseFromString(await copy.text(), "text/html");
        const on = new Date(copy.headers.get("kept-on"));
        rows.push([Number(copy.headers.get("kept-read")), card(new URL(request.url).pathname, page, on)]);
      }
    }
    rows.sort((a, b) => b[0] - a[0]);
    place.replaceChildren(...rows.map((row) => row[1]));
    clear.hidden = !rows.length;
    return rows.length;
  }

  const said = (count) => (count === 1 ? "1 briefing is kept." : count ? `${count} briefings are kept.` : "No briefing is kept yet.");

  document.getElementById("offline-missing").hidden = location.pathname.startsWith(`${base}offline/`);
  if (!("caches" in self)) { // an insecure origin
    status.textContent = "This browser keeps no copies here.";
    return;
  }
  clear.addEventListener("click", async () => {
    const cache = await caches.open(name);
    for (const request of (await cache.keys()).filter(isBriefing)) await cache.delete(request);
    await list();
    status.textContent = "All copies were removed.";
    status.focus();
  });
  list().then((count) => { status.textContent = said(count); });
})();
