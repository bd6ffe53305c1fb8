import { escape } from "../includes/base.mjs";

const SITE = "https://bench.example.org";

export const data = {
  pagination: { data: "collections.feeds", size: 1, alias: "feed" },
  permalink: ({ feed }) => `${feed.url}feed.xml`,
};

const item = (entry) => `<item>
<title>${escape(entry.data.title)}</title>
<link>${SITE}${entry.url}</link>
<guid>${SITE}${entry.url}</guid>
<pubDate>${entry.date.toUTCString()}</pubDate>
${entry.data.topics.map((tag) => `<category>${escape(tag)}</category>`).join("\n")}
<description>${escape(entry.data.lead)}</description>
<content:encoded><![CDATA[${entry.templateContent}]]></content:encoded>
</item>`;

export const render = ({ feed }) => `<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/">
<channel>
<title>${escape(feed.title)}</title>
<link>${SITE}${feed.url}</link>
<description>${escape(feed.title)}</description>
${feed.items.map(item).join("\n")}
</channel>
</rss>
`;
