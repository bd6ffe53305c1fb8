import { day, escape, line, page } from "../includes/base.mjs";

export const data = {
  pagination: { data: "collections.pages", size: 1, alias: "list" },
  permalink: ({ list }) => `${list.url}index.html`,
};

export const render = ({ list }) =>
  page(
    list.title,
    list.url,
    `<h1>${escape(list.title)}</h1>
${list.items.map((item) => `<article><h2><a href="${item.url}">${escape(item.data.title)}</a></h2>${line(item.data, day(item))}</article>`).join("\n")}
<nav>${list.newer ? `<a href="${list.newer}">Newer</a>` : ""}${list.older ? `<a href="${list.older}">Older</a>` : ""}</nav>`,
  );
