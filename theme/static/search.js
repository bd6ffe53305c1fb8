// Search in the reader's own browser. The index is fetched when somebody searches, and only then.
// The state is the address: ?q=…&tag=…&sort=date. Text goes into the page as text, never as HTML.
"use strict";

(() => {
  const form = document.getElementById("search-form");
  const results = document.getElementById("search-results");
  const FILTERS = ["place", "country", "tag", "source", "year"];
  const WEIGHTS = { title: 12, place: 6, country: 4, tags: 4, source: 3, lead: 4, text: 1 };
  const SHOWN = 50;
  let loading;

  // Small letters without accents or vowel signs: "Réunion" is found by "reunion", "إ" by "ا".
  const fold = (text) =>
    text.normalize("NFKD").replace(/\p{M}|ـ/gu, "").toLowerCase().replace(/ى/g, "ي").replace(/ة/g, "ه");
  const wordsOf = (text) => fold(text).match(/[\p{L}\p{N}]+/gu) || [];

  function load() {
    loading ||= fetch(form.dataset.index)
      .then((answer) => (answer.ok ? answer.json() : Promise.reject(new Error(answer.status))))
      .then(({ columns, rows }) =>
        rows.map((row) => {
          const doc = Object.fromEntries(columns.map((name, place) => [name, row[place]]));
          doc.words = Object.keys(WEIGHTS).map((name) => [WEIGHTS[name], wordsOf([doc[name]].flat().join(" "))]);
          return doc;
        }),
      )
      .catch((error) => {
        loading = undefined;
        throw error;
      });
    return loading;
  }

  // The last word may be unfinished; every word must be somewhere. 0 when one is nowhere.
  function score(doc, asked) {
    let total = 0;
    for (const [place, word] of asked.entries()) {
      let best = 0;
      for (const [weight, words] of doc.words) {
        for (const candidate of words) {
          if (candidate === word) best = Math.max(best, weight);
          else if (candidate.startsWith(word) && (place === asked.length - 1 || word.length > 3)) {
            best = Math.max(best, weight / 2);
          }
        }
      }
      if (!best) return 0;
      total += best;
    }
    return total;
  }

  function element(name, attributes = {}, ...inner) {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    made.append(...inner);
    return made;
  }

  // The text around the first word that was asked for, with every such word marked.
  function snippet(doc, asked) {
    const text = doc.text && asked.length ? doc.text : doc.lead || doc.text;
    const isAsked = (word) => asked.some((one) => fold(word).startsWith(one));
    const parts = text.split(/([\p{L}\p{N}\p{M}]+)/u);
    const first = parts.findIndex((part, place) => place % 2 && isAsked(part));
    const from = Math.max(0, first < 0 ? 0 : first - 24);
    const to = from + 90;
    const inner = parts.slice(from, to).map((part) => (isAsked(part) && /[\p{L}\p{N}]/u.test(part) ? element("mark", {}, part) : part));
    return element("p", { class: "summary" }, from ? "… " : "", ...inner, to < parts.length ? " …" : "");
  }

  function card(doc, asked) {
    const heading = element("h2", {}, element("a", { href: doc.url }, doc.title));
    const strip = element("p", { class: "strip", lang: document.documentElement.lang, dir: "ltr" }, doc.strip);
    return element(
      "article",
      { class: "card", lang: doc.lang, dir: doc.dir },
      element("div", { class: "card-text" }, strip, heading, snippet(doc, asked)),
    );
  }

  const say = (words) => element("p", { class: "note" }, words);

  async function show(query) {
    const asked = wordsOf(query.get("q") || "");
    const wanted = FILTERS.filter((name) => query.get(name));
    if (!asked.length && !wanted.length) {
      results.replaceChildren();
      return;
    }
    let docs;
    try {
      docs = await load();
    } catch {
      results.replaceChildren(say("The index could not be loaded. The lists in the menu hold every briefing."));
      return;
    }
    const fits = (doc) =>
      wanted.every((name) => (name === "tag" ? doc.tags.includes(query.get(name)) : doc[name] === query.get(name)));
    let found = docs.filter(fits).map((doc) => [asked.length ? score(doc, asked) : 1, doc]);
    found = found.filter(([points]) => points);
    // The index is newest first and sorting is stable, so ties stay newest first.
    if (asked.length && query.get("sort") !== "date") found.sort((one, other) => other[0] - one[0]);
    const count = found.length === 1 ? "1 briefing" : `${found.length} briefings`;
    const cut = found.length > SHOWN ? `, the first ${SHOWN} of them below` : "";
    results.replaceChildren(
      say(found.length ? count + cut : "No briefing has all of these words. Try fewer, or another list."),
      ...found.slice(0, SHOWN).map(([, doc]) => card(doc, asked)),
    );
  }

  const stated = () => {
    const query = new URLSearchParams();
    for (const [name, value] of new FormData(form)) if (value.trim()) query.set(name, value.trim());
    return query;
  };

  function restore() {
    const query = new URLSearchParams(location.search);
    for (const name of ["q", "sort", ...FILTERS]) {
      if (form.elements[name]) form.elements[name].value = query.get(name) || "";
    }
    return show(query);
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const query = stated();
    history.pushState(null, "", query.size ? `?${query}` : location.pathname);
    show(query);
  });
  form.addEventListener("change", () => form.requestSubmit());
  form.addEventListener("focusin", () => load().catch(() => {}), { once: true });
  window.addEventListener("popstate", restore);
  restore();
})();
