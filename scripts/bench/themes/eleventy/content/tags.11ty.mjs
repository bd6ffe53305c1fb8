import { escape, page } from "../includes/base.mjs";

export const data = { permalink: "/tags/index.html" };

export const render = ({ collections }) =>
  page(
    "tags",
    "/tags/",
    `<h1>tags</h1>
<ul>
${collections.terms
  .filter(({ url }) => url.startsWith("/tags/"))
  .sort((a, b) => (a.title < b.title ? -1 : 1))
  .map(({ title, url, items }) => `<li><a href="${url}">${escape(title)}</a> ${items.length}</li>`)
  .join("\n")}
</ul>`,
  );
