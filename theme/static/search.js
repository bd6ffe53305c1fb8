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
  // Arabic writes its article, and short words before it, together with the noun: "والفيضانات" is found by "فيضانات".
  const bare = (word) => word.replace(/^[وبفك]?ال(?=\p{L}{2})/u, "");
  const wordsOf = (text) => (fold(text).match(/[\p{L}\p{N}]+/gu) || []).map(bare);

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

  // How well a word fits the one asked for: 2 the same, 1 its beginning, 0 not at all. The last one may be unfinished.
  function fit(word, asked, place) {
    if (word === asked[place]) return 2;
    return word.startsWith(asked[place]) && (place === asked.length - 1 || asked[place].length > 3) ? 1 : 0;
  }

  // Every word asked for must be somewhere, and counts where it weighs most; 0 when one is nowhere.
  function score(doc, asked) {
    let total = 0;
    for (const place of asked.keys()) {
      let best = 0;
      for (const [weight, words] of doc.words) {
        if (weight * 2 <= best) continue;
        for (const word of words) best = Math.max(best, weight * fit(word, asked, place));
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

  const partsOf = (text) => text.split(/([\p{L}\p{N}\p{M}]+)/u);
  const isAsked = (part, asked) => wordsOf(part).some((word) => asked.some((_, place) => fit(word, asked, place)));
  const marked = (parts, asked) => parts.map((part) => (isAsked(part, asked) ? element("mark", {}, part) : part));

  // The text around the first word that was asked for, with every such word marked.
  function snippet(doc, asked) {
    const [lead, text] = [doc.lead, doc.text].map(partsOf);
    const firstIn = (parts) => parts.findIndex((part) => isAsked(part, asked));
    const parts = doc.lead && (firstIn(lead) >= 0 || firstIn(text) < 0) ? lead : text;
    const first = firstIn(parts);
    const from = first < 60 ? 0 : first - 24;
    const to = from + 90;
    const inner = marked(parts.slice(from, to), asked);
    return element("p", { class: "summary" }, from ? "… " : "", ...inner, to < parts.length ? " …" : "");
  }

  // "Aleppo, Syria · 13 December 2016 · IRIN" with the place set off, as on every other card.
  function strip(doc) {
    const line = element("p", { class: "strip", lang: document.documentElement.lang });
    const words = doc.strip.replaceAll(" · ", "\u00a0· "); // no line begins with the dot
    if (!doc.place || !doc.strip.startsWith(doc.place)) {
      line.append(words);
      return line;
    }
    const town = doc.place.endsWith(`, ${doc.country}`) ? doc.place.slice(0, -2 - doc.country.length) : doc.place;
    const place = element("bdi", { class: "strip-place" }, town);
    const where = element("span", { class: "strip-where" }, place, doc.place.slice(town.length));
    line.append(where, words.slice(doc.place.length));
    return line;
  }

  function card(doc, asked) {
    const heading = element("h2", {}, element("a", { href: doc.url }, ...marked(partsOf(doc.title), asked)));
    return element(
      "article",
      { class: "card", lang: doc.lang, dir: doc.dir },
      element("div", { class: "card-text" }, strip(doc), heading, snippet(doc, asked)),
    );
  }

  // Only the count is announced: a screen reader should not be made to read fifty cards.
  const status = element("p", { class: "note", role: "status" });
  results.removeAttribute("aria-live");
  results.replaceChildren(status);

  function say(words, cards = []) {
    status.textContent = words;
    results.replaceChildren(status, ...cards);
  }

  async function show(query) {
    const asked = wordsOf(query.get("q") || "");
    const wanted = FILTERS.filter((name) => query.get(name));
    if (!asked.length && !wanted.length) {
      say("");
      return;
    }
    let docs;
    try {
      if (!loading) say("Loading …");
      docs = await load();
    } catch {
      say("The index could not be loaded. The lists in the menu hold every briefing.");
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
    say(
      found.length ? count + cut : "No briefing fits. Try fewer words, or another list.",
      found.slice(0, SHOWN).map(([, doc]) => card(doc, asked)),
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
    const address = query.size ? `?${query}` : location.pathname;
    if (query.toString() !== new URLSearchParams(location.search).toString()) history.pushState(null, "", address);
    show(query);
  });
  form.addEventListener("change", (event) => event.target.matches("select") && form.requestSubmit());
  form.addEventListener("focusin", () => load().catch(() => {}), { once: true });
  window.addEventListener("popstate", restore);
  restore();
})();
