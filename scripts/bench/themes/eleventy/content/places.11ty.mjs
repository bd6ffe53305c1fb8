import { escape, page } from "../includes/base.mjs";

export const data = { permalink: "/places/index.html" };

export const render = ({ collections }) =>
  page(
    "places",
    "/places/",
    `<h1>places</h1>
<ul>
${collections.terms
  .filter(({ url }) => url.startsWith("/places/"))
  .sort((a, b) => (a.title < b.title ? -1 : 1))
  .map(({ title, url, items }) => `<li><a href="${url}">${escape(title)}</a> ${items.length}</li>`)
  .join("\n")}
</ul>`,
  );
