// Keeps copies of the briefings opened last. The network goes first, always: who has a connection reads what stands on
// the site now. Copies are of this site's own pages, whole, and of the style and pictures that they show.
//
// A new version of this file takes over at once: nothing that an open page has loaded depends on which one is at work.
// A page of the site that no longer asks for copies ends them, and the worker with them.
"use strict";

(() => {
  const site = self.offline;
  const OPENED = new RegExp(`^${site.base.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}briefings/[^/]+/$`);
  const HEADERS = [
    "content-type", "content-security-policy", "permissions-policy", "referrer-policy", "x-content-type-options",
  ];
  let ended = false;
  let last = Promise.resolve();

  /** One change of the cache after the other. */
  function inTurn(work) {
    last = last.then(() => (ended ? undefined : work())).catch(() => undefined); // no room is no fault
    return last;
  }

  /** Addresses of the site's own files that a page shows: styles, icons, scripts, pictures. */
  function parts(text) {
    const found = new Set();
    for (const [, href] of text.matchAll(/<(?:link|script|img)\b[^>]*?\s(?:href|src)="([^"]+)"/g)) {
      const url = new URL(href.replaceAll("&amp;", "&"), self.location.origin);
      if (isPart(url)) found.add(url.href);
    }
    return [...found];
  }

  function isPart(url) {
    const path = url.pathname;
    return url.origin === self.location.origin
      && (path.startsWith(`${site.base}static/`) || path.startsWith(`${site.base}images/`));
  }

  /** An answer that can be kept and given later: without a redirect in it, and with what is to be known of it. */
  function copy(body, headers, known) {
    const kept = new Headers(known);
    for (const name of HEADERS) if (headers.has(name)) kept.set(name, headers.get(name));
    return new Response(body, { headers: kept });
  }

  const isWhole = (answer) => answer.status === 200 && answer.type === "basic" && !answer.redirected;

  /** Keep a page, with as many of its parts as fit. */
  async function keep(cache, path, text, headers) {
    let size = new Blob([text]).size;
    const shown = [];
    for (const href of parts(text)) {
      let had = await cache.match(href);
      // What has its digest in the address never changes; of a picture there may be a newer one.
      if (!had || !new URL(href).search) {
        const answer = await fetch(href).catch(() => null);
        if (answer && isWhole(answer)) {
          const body = await answer.blob();
          had = copy(body, answer.headers, { "kept-bytes": body.size });
        }
      }
      const bytes = had ? Number(had.headers.get("kept-bytes")) : 0;
      if (!had || size + bytes > site.pageBytes) continue;
      size += bytes;
      shown.push(href);
      await cache.put(href, had);
    }
    const now = new Date();
    await cache.put(path, copy(text, headers, {
      "kept-bytes": new Blob([text]).size,
      "kept-on": now.toISOString(),
      "kept-parts": shown.join(" "),
      "kept-read": now.getTime(),
    }));
  }

  /** Throw away what is too much: the pages not read for longest, and parts that no page shows. */
  async function trim(cache) {
    const pages = [];
    const sizes = new Map();
    for (const request of await cache.keys()) {
      const { headers } = await cache.match(request);
      sizes.set(request.url, Number(headers.get("kept-bytes")));
      if (!headers.has("kept-parts")) continue;
      const shell = new URL(request.url).pathname === site.page;
      const read = shell ? Infinity : Number(headers.get("kept-read"));
      pages.push({ url: request.url, read, parts: headers.get("kept-parts").split(" ").filter(Boolean) });
    }
    pages.sort((a, b) => b.read - a.read);
    const held = new Set();
    let room = site.bytes;
    pages.slice(0, site.most + 1).every((page) => {
      const needs = [page.url, ...page.parts].filter((url) => !held.has(url));
      room -= needs.reduce((sum, url) => sum + (sizes.get(url) || 0), 0);
      if (room >= 0) needs.forEach((url) => held.add(url));
      return room >= 0;
    });
    for (const url of sizes.keys()) if (!held.has(url)) await cache.delete(url);
  }

  /** What an answer from the site means for its copy. */
  async function note(path, answer) {
    const opened = OPENED.test(path);
    const gone = [404, 410].includes(answer.status) || answer.type === "opaqueredirect";
    let text = "";
    if (!gone) {
      if (!isWhole(answer) || !(answer.headers.get("content-type") || "").startsWith("text/html")) return;
      text = await answer.text();
    }
    if (gone || /<meta name="robots" content="noindex/.test(text)) { // withdrawn, moved, or a draft
      if (opened && (await caches.has(site.cache))) await (await caches.open(site.cache)).delete(path);
      return;
    }
    if (!text.includes(` data-offline="${site.base}"`)) {
      await end();
      return;
    }
    if (!opened) return;
    const cache = await caches.open(site.cache);
    await keep(cache, path, text, answer.headers);
    await trim(cache);
  }

  /** The site keeps copies no longer. */
  async function end() {
    ended = true;
    await forget(() => true);
    await self.registration.unregister();
  }

  async function forget(which) {
    for (const name of await caches.keys()) if (name.startsWith(site.caches) && which(name)) await caches.delete(name);
  }

  /** The copy of a page, which says that it is one; nothing if there is none. */
  async function kept(path) {
    const cache = await caches.open(site.cache);
    const found = await cache.match(path);
    if (!found) return undefined;
    const text = await found.text();
    const again = new Headers(found.headers);
    again.set("kept-read", Date.now());
    inTurn(() => cache.put(path, new Response(text, { headers: again })));
    if (path === site.page) return new Response(text, { headers: found.headers });
    const day = new Intl.DateTimeFormat(site.dates, { dateStyle: "long" }).format(new Date(found.headers.get("kept-on")));
    const words = `There is no connection. This is the copy kept on ${day}; what was corrected since is not in it.`;
    const notice = `<p class="notice kept" role="note">${words}</p>\n`;
    return new Response(text.replace('<article class="briefing', (begin) => notice + begin), { headers: found.headers });
  }

  async function open(event, path) {
    let answer;
    try {
      answer = (await event.preloadResponse) || (await fetch(event.request));
    } catch {
      return (await kept(path)) || (await kept(site.page)) || Response.error();
    }
    if (OPENED.test(path) || path === site.base) {
      const twin = answer.clone();
      event.waitUntil(inTurn(() => note(path, twin)));
    }
    return answer;
  }

  self.addEventListener("install", (event) => {
    event.waitUntil((async () => {
      const answer = await fetch(site.page, { cache: "reload" });
      if (!isWhole(answer)) throw new TypeError(`${site.page}: ${answer.status}`); // tried again with the next page
      await keep(await caches.open(site.cache), site.page, await answer.text(), answer.headers);
      await self.skipWaiting();
    })());
  });

  self.addEventListener("activate", (event) => {
    event.waitUntil((async () => {
      await forget((name) => name !== site.cache);
      await self.registration.navigationPreload?.enable();
      await self.clients.claim();
    })());
  });

  self.addEventListener("message", (event) => {
    if (event.data !== "opened" || !event.source?.url) return;
    const { pathname } = new URL(event.source.url);
    if (!OPENED.test(pathname)) return;
    // What the browser has just shown, as it has it; not asked for again.
    const again = { cache: "force-cache", redirect: "manual" };
    event.waitUntil(inTurn(async () => note(pathname, await fetch(pathname, again))));
  });

  self.addEventListener("fetch", (event) => {
    const { request } = event;
    const url = new URL(request.url);
    if (request.method !== "GET" || url.origin !== self.location.origin || !url.pathname.startsWith(site.base)) return;
    if (request.mode === "navigate") {
      if (/(?:\/|\.html)$/.test(url.pathname)) event.respondWith(open(event, url.pathname));
    } else if (isPart(url) && !request.headers.has("range")) {
      event.respondWith(fetch(request).catch(async (fault) => {
        const found = await caches.match(request.url, { cacheName: site.cache });
        if (found) return found;
        throw fault;
      }));
    }
  });
})();
