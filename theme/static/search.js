// Search in the reader's own browser, by Pagefind (https://pagefind.app). Nothing of it is fetched before it is used:
// its program on the first touch of the form, the index of a filter when that filter is touched.
// The state is the address: ?q=…&tag=…&sort=date&page=2. Text goes into the page as text, never as HTML.
"use strict";

(() => {
  const form = document.getElementById("search-form");
  const place = document.getElementById("search-results");
  const filters = [...form.querySelectorAll("select[data-filter]")];
  const PAGE = 10;
  const OFFERED = 100; // the page itself offers so many terms of a kind, the most frequent
  const EVERY = "ꙮ"; // a word of every record: asked for nothing, Pagefind would fetch its whole index
  const OPTIONS = {
    basePath: form.dataset.index.replace(/[^/]*$/, ""),
    baseUrl: form.dataset.home,
    noWorker: true, // a worker would load the program twice, and have a policy of its own
    excerptLength: 36,
    ranking: { metaWeights: { title: 6, strip: 3, terms: 3 } },
  };

  // --- words --------------------------------------------------------------------------------------------------------

  // Small letters without accents or vowel signs: "Réunion" is found by "reunion", "إ" by "ا".
  const fold = (text) => text.normalize("NFKD").replace(/\p{M}|ـ/gu, "").toLowerCase();
  // Arabic writes its article, and short words before it, together with the noun. In the index they stand apart.
  const article = /(?<![\p{L}\p{M}])([وفبك]?ال|و?لل)(?=\p{L}{2})/gu;
  const wordsOf = (text) => fold(text).replace(article, "").match(/[\p{L}\p{N}]+/gu) || [];

  function asked(query) {
    const words = (query.get("q") || "").trim();
    if (!words) return EVERY; // all that passes the filters
    const exact = /^".+"$/.test(words);
    return words.replace(/ـ/g, "").replace(article, exact ? "$1 " : "");
  }

  // --- the engine ---------------------------------------------------------------------------------------------------

  let loading;
  const loaded = new Set();
  let totals = {}; // of the last answer: how many each choice would leave without any filter

  function load() {
    loading ||= import(form.dataset.index)
      .then(async (pagefind) => {
        const engine = pagefind.createInstance(OPTIONS);
        await engine.init();
        await engine.preload("");
        return engine;
      })
      .catch((error) => {
        loading = undefined;
        throw error;
      });
    return loading;
  }

  const chosen = (query, without = "") =>
    Object.fromEntries(
      filters.filter(({ name }) => name !== without && query.get(name)).map(({ name }) => [name, query.get(name)]),
    );

  // A fragment's name is the number of its record and a letter more: the higher, the newer.
  const age = ({ id }) => Number(id.slice(0, -1));

  async function find(query) {
    const engine = await load();
    const words = asked(query);
    const { results, totalFilters } = await engine.search(words, { filters: chosen(query) });
    totals = totalFilters;
    const byDate = words === EVERY || query.get("sort") === "date";
    return results.sort((one, other) => (byDate ? 0 : other.score - one.score) || age(other) - age(one));
  }

  // To a word that is nowhere Pagefind prefers the longest that it begins with: "se" for "secretary". Such results share
  // less than two fifths of the word's letters, which is no form of it; all of them or none are of that kind.
  function far(query, data) {
    const spots = data.content.split(/\s+/);
    const there = [...data.locations.map((spot) => spots[spot] || ""), ...Object.values(data.meta)].flatMap(wordsOf);
    const alike = (word, other) => other.startsWith(word.slice(0, Math.max(1, Math.floor(word.length * 0.4))));
    return wordsOf(query.get("q") || "").some((word) => !there.some((other) => alike(word, other)));
  }

  // How many briefings each choice would leave, once a filter's own index is there.
  async function count(select, query) {
    const engine = await load();
    const others = chosen(query, select.name);
    const alone = !Object.keys(others).length;
    if (alone && asked(query) === EVERY && !query.get(select.name) && select.options.length <= OFFERED) return; // as printed
    if (!loaded.has(select.name)) {
      await engine.preload(asked(query), { filters: { [select.name]: "" } });
      loaded.add(select.name);
    }
    const known = alone && query.get(select.name) && totals[select.name];
    const counts = known || (await engine.search(asked(query), { filters: others })).filters[select.name] || {};
    for (const label of Object.keys(counts)) offer(select, label);
    for (const option of select.options) {
      if (!option.value) continue;
      const number = counts[option.value] || 0;
      const label = `${option.value} (${number})`;
      if (option.textContent !== label) option.textContent = label;
      option.disabled = !number && option.value !== select.value;
    }
  }

  // The page offers the most frequent terms; a term from the index or the address takes its place among them.
  function offer(select, value) {
    if ([...select.options].some((option) => option.value === value)) return;
    const option = new Option(value, value);
    const after = [...select.options].find(
      (other) => other.value && other.value.localeCompare(value, document.documentElement.lang) > 0,
    );
    select.add(option, after ?? null);
  }

  // --- what is shown ------------------------------------------------------------------------------------------------

  function element(name, attributes = {}, ...inner) {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    made.append(...inner);
    return made;
  }

  // In the index a word joiner and a space stand between an Arabic article and its noun.
  const plain = (text) => text.replace(`<mark>${EVERY}</mark> `, "").replace(`${EVERY} `, "").replace(/\u2060 ?/g, "");

  // The words of a headline that were asked for, or begin or end like them.
  function marked(text, words) {
    const near = (word, other) => word.startsWith(other) || (word.length > 3 && other.startsWith(word));
    const hit = (part) => wordsOf(part).some((word) => words.some((other) => near(word, other)));
    return text.split(/([\p{L}\p{N}\p{M}]+)/u).map((part) => (hit(part) ? element("mark", {}, part) : part));
  }

  // What stands between two spaces, with its word marked and not the comma behind it.
  function marking(part) {
    const word = part.match(/[\p{L}\p{M}\p{N}]+(?:[-'’.,/][\p{L}\p{M}\p{N}]+)*/u);
    if (!word) return [part];
    return [part.slice(0, word.index), element("mark", {}, word[0]), part.slice(word.index + word[0].length)];
  }

  // Pagefind gives the text around the words as HTML, in which nothing is an element but <mark>.
  function snippet({ excerpt, plain_excerpt: bare, content }) {
    const text = (part) => part.replaceAll("&lt;", "<").replaceAll("&gt;", ">");
    const inner = plain(excerpt)
      .split(/<mark>(.*?)<\/mark>/s)
      .flatMap((part, place) => (place % 2 ? marking(text(part)) : [text(part)]));
    const [before, after] = [content.startsWith(bare) ? "" : "… ", content.endsWith(bare) ? "" : " …"];
    return element("p", { class: "summary" }, before, ...inner, after);
  }

  // "Aleppo, Syria · 13 December 2016 · IRIN" with the place set off, as on every other card.
  function strip(line, spot, country) {
    const made = element("p", { class: "strip", lang: document.documentElement.lang });
    const words = plain(line).replaceAll(" · ", "\u00a0· "); // no line begins with the dot
    const where = [spot, country].find((label) => label && words.startsWith(label));
    if (!where) {
      made.append(words);
      return made;
    }
    const town = where !== country && where.endsWith(`, ${country}`) ? where.slice(0, -2 - country.length) : where;
    const name = element("bdi", { class: "strip-place" }, town);
    made.append(element("span", { class: "strip-where" }, name, where.slice(town.length)), words.slice(where.length));
    return made;
  }

  function card(data, words) {
    const { title = "", strip: line = "" } = data.meta;
    const { lang = [""], dir = ["ltr"], place: spot = [], country = [] } = data.filters;
    const link = element("a", { href: data.url }, ...marked(plain(title), words));
    return element(
      "article",
      { class: "card", lang: lang[0], dir: dir[0] },
      element("div", { class: "card-text" }, strip(line, spot[0], country[0]), element("h2", {}, link), snippet(data)),
    );
  }

  // Only the count is announced: a screen reader should not be made to read ten cards.
  const status = element("p", { class: "note search-count", role: "status", tabindex: "-1" });
  const active = element("ul", { class: "search-active", "aria-label": "Filters in use" });
  const list = element("div", { class: "cards" });
  const pager = element("nav", { class: "pager", "aria-label": "Pages of results" });
  place.replaceChildren(status, active, list, pager);

  function address(query, changes) {
    const next = new URLSearchParams(query);
    for (const [name, value] of Object.entries(changes)) value ? next.set(name, value) : next.delete(name);
    return next.size ? `?${next}` : location.pathname;
  }

  function chips(query) {
    const used = filters.filter(({ name }) => query.get(name));
    const items = used.map((select) => {
      const label = form.querySelector(`label[for="${select.id}"]`).textContent;
      const words = [element("span", { class: "aside-words" }, `Remove ${label}: `), query.get(select.name), " ×"];
      return element("li", {}, element("a", { href: address(query, { [select.name]: "", page: "" }) }, ...words));
    });
    if (used.length || query.get("q")) items.push(element("li", {}, element("a", { href: location.pathname }, "Clear all")));
    return items;
  }

  function steps(query, current, last) {
    const step = (rel, label, to) =>
      element("a", { class: "pager-step", rel, href: address(query, { page: to > 1 ? String(to) : "" }) }, label);
    return [
      ...(current > 1 ? [step("prev", "Previous", current - 1)] : []),
      ...(current < last ? [step("next", "Next", current + 1)] : []),
    ];
  }

  function say(words, cards = [], steps = []) {
    status.textContent = words;
    list.replaceChildren(...cards);
    pager.replaceChildren(...steps);
    place.removeAttribute("aria-busy");
  }

  let turn = 0;

  async function show(query) {
    const mine = ++turn;
    active.replaceChildren(...chips(query));
    if (asked(query) === EVERY && !Object.keys(chosen(query)).length) {
      say("");
      recount(query);
      return;
    }
    place.setAttribute("aria-busy", "true"); // what was found before stays until the new results are there
    if (!list.firstChild) status.textContent = "Loading …";
    try {
      let results = await find(query);
      if (results.length && far(query, await results[0].data())) results = [];
      const last = Math.max(1, Math.ceil(results.length / PAGE));
      const current = Math.min(Math.max(1, parseInt(query.get("page"), 10) || 1), last);
      const shown = await Promise.all(results.slice((current - 1) * PAGE, current * PAGE).map((one) => one.data()));
      if (mine !== turn) return;
      const words = wordsOf(query.get("q") || "");
      const number = results.length.toLocaleString(document.documentElement.lang);
      const total = results.length === 1 ? "1 briefing" : `${number} briefings`;
      say(
        results.length ? total + (last > 1 ? `, page ${current} of ${last}` : "") : "No briefing fits. Try fewer words, or another list.",
        shown.map((data) => card(data, words)),
        steps(query, current, last),
      );
      for (const { name } of filters) if (query.get(name)) loaded.add(name);
      recount(query);
    } catch {
      if (mine === turn) say("The index could not be loaded. The lists below hold every briefing.");
    }
  }

  // Counts only where a filter's index is there already: it is not fetched for a number that nobody looks at.
  function recount(query) {
    for (const select of filters) if (loaded.has(select.name)) count(select, query).catch(() => {});
  }

  // --- the address --------------------------------------------------------------------------------------------------

  const current = () => new URLSearchParams(location.search);

  function stated() {
    const query = new URLSearchParams();
    for (const [name, value] of new FormData(form)) if (value.trim()) query.set(name, value.trim());
    return query;
  }

  function restore() {
    const query = current();
    for (const select of filters) if (query.get(select.name)) offer(select, query.get(select.name));
    for (const name of ["q", "sort", ...filters.map((select) => select.name)]) {
      form.elements[name].value = query.get(name) || "";
    }
    return show(query);
  }

  function go(to) {
    if (new URL(to, location.href).href !== location.href) history.pushState(null, "", to);
    return restore();
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    go(address(stated(), {}));
  });
  form.addEventListener("change", (event) => event.target.matches("select") && form.requestSubmit());
  form.addEventListener("focusin", () => load().catch(() => {}));
  // A filter is used when it is opened, not when the Tab key passes it.
  const opened = ({ target, key }) => {
    if (target.matches("select[data-filter]") && key !== "Tab" && key !== "Shift") count(target, current()).catch(() => {});
  };
  form.addEventListener("pointerdown", opened);
  form.addEventListener("keydown", opened);
  place.addEventListener("click", async (event) => {
    const link = event.target.closest(".search-active a, .pager a");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    const paged = link.closest(".pager");
    await go(link.href);
    if (paged) status.scrollIntoView();
    status.focus({ preventScroll: true });
  });
  window.addEventListener("popstate", restore);
  restore();
})();
