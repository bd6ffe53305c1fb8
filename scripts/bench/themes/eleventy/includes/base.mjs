export const escape = (text) =>
  String(text).replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
export const slug = (text) => text.toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/^-|-$/g, "");
export const day = (item) => item.date.toISOString().slice(0, 10);
export const line = (data, iso) =>
  `<p><a href="/places/${slug(data.place)}/">${escape(data.place)}</a> <time datetime="${iso}">${iso}</time> ${escape(data.source)}</p><p>${escape(data.lead)}</p>`;
export const page = (title, url, main) => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>${escape(title)} - Bench</title>
<link rel="canonical" href="https://bench.example.org${url}">
<link rel="alternate" type="application/rss+xml" href="https://bench.example.org/feed.xml">
</head>
<body>
<header><a href="/">Bench</a> <a href="/tags/">Tags</a> <a href="/places/">Places</a></header>
<main>
${main}
</main>
</body>
</html>
`;
