import { escape, line, page, slug } from "./base.mjs";

const link = (item) => (item ? `<a href="${item.url}">${escape(item.data.title)}</a>` : "");

export const render = (data) =>
  page(
    data.title,
    data.page.url,
    `<article>
<h1>${escape(data.title)}</h1>
${line(data, data.page.date.toISOString().slice(0, 10))}
${data.content}
<ul>${data.topics.map((tag) => `<li><a href="/tags/${slug(tag)}/">${escape(tag)}</a></li>`).join("")}</ul>
</article>
<nav>${link(data.newer)}${link(data.older)}</nav>`,
  );
