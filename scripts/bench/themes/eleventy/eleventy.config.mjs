// The same pages and feeds with Eleventy: lists and feeds are collections that one template each pages through.
const SIZE = 20;
const ENTRIES = 20;

export const slug = (text) => text.toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/^-|-$/g, "");

const sorted = (api) => api.getFilteredByGlob("content/briefings/**/*.md").sort((a, b) => b.date - a.date);

function groups(all) {
  const found = new Map([["/", { title: "Bench", url: "/", items: all }]]);
  for (const item of all) {
    for (const [base, names] of [["tags", item.data.topics], ["places", [item.data.place]]]) {
      for (const name of names) {
        const url = `/${base}/${slug(name)}/`;
        if (!found.has(url)) found.set(url, { title: name, url, items: [] });
        found.get(url).items.push(item);
      }
    }
  }
  return [...found.values()];
}

export default function (config) {
  config.setQuietMode(true);
  config.addCollection("articles", (api) => {
    const all = sorted(api);
    all.forEach((item, place) => {
      item.data.newer = all[place - 1];
      item.data.older = all[place + 1];
    });
    return all;
  });
  config.addCollection("pages", (api) =>
    groups(sorted(api)).flatMap(({ title, url, items }) => {
      const count = Math.ceil(items.length / SIZE);
      const address = (number) => (number === 0 ? url : `${url}page/${number + 1}/`);
      return Array.from({ length: count }, (_, number) => ({
        title,
        url: address(number),
        items: items.slice(number * SIZE, (number + 1) * SIZE),
        newer: number > 0 ? address(number - 1) : "",
        older: number + 1 < count ? address(number + 1) : "",
      }));
    }),
  );
  config.addCollection("feeds", (api) =>
    groups(sorted(api)).map(({ title, url, items }) => ({ title, url, items: items.slice(0, ENTRIES) })),
  );
  config.addCollection("terms", (api) => groups(sorted(api)).slice(1));
  return { markdownTemplateEngine: false, dir: { input: "content", output: "output", includes: "../includes" } };
}
