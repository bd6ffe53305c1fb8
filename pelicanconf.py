"""Settings of the demo site, for work on one's own machine: ``pelican content -s pelicanconf.py``."""

from __future__ import annotations

SITENAME = "Briefings"
SITESUBTITLE = "What happened, where, when, and who says so."
SITEURL = "http://127.0.0.1:8000"
DEFAULT_LANG = "en"
TIMEZONE = "UTC"

PATH = "content"
OUTPUT_PATH = "output"
THEME = "theme"
PLUGINS = ["briefings.plugin"]

BRIEFINGS = {
    # A UUID of this site alone. It never changes: the ids of the feeds are made from it.
    "key": "0f3f9bc4-6a0e-4d0b-9f5e-3c1d52a7b6e1",
    "author": "Briefings",
    "rights": "Briefings are free to reuse as each source allows; see About.",
    "page_size": 12,
    "feed_items": 50,
    "menu": (
        ("Latest", "/"),
        ("Places", "/places/"),
        ("Topics", "/tags/"),
        ("Sources", "/sources/"),
        ("Stories", "/stories/"),
        ("Archive", "/archive/"),
        ("Map", "/map/"),
        ("Search", "/search/"),
    ),
}

# What the host would write itself is ours to write; the plugin sets the same, this keeps it visible.
ARTICLE_PATHS = []
DIRECT_TEMPLATES = []
DELETE_OUTPUT_DIRECTORY = False
FEED_ALL_ATOM = None
CATEGORY_FEED_ATOM = None
TRANSLATION_FEED_ATOM = None
AUTHOR_FEED_ATOM = None
AUTHOR_FEED_RSS = None
