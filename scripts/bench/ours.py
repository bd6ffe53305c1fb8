"""The corpus as a site of ours: content folder, settings, the minimal theme or the full one."""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from briefings.slugs import slugify
from scripts.bench import words

if TYPE_CHECKING:
    from collections.abc import Mapping

    from scripts.bench.corpus import Article

ROOT = Path(__file__).resolve().parents[2]
COMMAND = Path(sys.executable).with_name("briefings")
PAGE_SIZE = 20
FEED_ITEMS = 20
ADDRESS = "https://bench.example.org"
KEY = "7c1f1c9e-3a55-4a6e-9d53-5f1f4d2f8f10"


def text(article: Article) -> str:
    """An article as a reviewed briefing."""
    place = article.place
    location = json.dumps(
        {"name": place.name, "country": place.country, "latitude": place.latitude, "longitude": place.longitude}
    )
    tags = "".join(f'  - "{slugify(tag)}"\n' for tag in article.tags)
    return (
        f'---\nid: "{article.id}"\ntitle: {json.dumps(article.title)}\nslug: "{article.slug}"\nstatus: "published"\n'
        f'source:\n  name: "{article.source}"\ndate: "{article.published:%Y-%m-%d}"\nlocation: {location}\n'
        f'tags:\n{tags}summary: {json.dumps(article.summary)}\nlang: "en"\n'
        f'published: "{article.published:%Y-%m-%dT%H:%M:%SZ}"\n---\n\n{article.body}\n'
    )


def path(folder: Path, article: Article) -> Path:
    """Where an article's file is in the project at ``folder``."""
    return folder / "content" / "briefings" / f"{article.published.year}" / f"{article.slug}.md"


def settings(folder: Path, theme: Path, ours: Mapping[str, Any]) -> None:
    """Write the settings file of the project at ``folder``, and copy the theme into it, as a clone would bring it."""
    shutil.copytree(theme, folder / "theme")
    values = {
        "SITENAME": "Bench", "SITESUBTITLE": "Measured", "SITEURL": ADDRESS, "TIMEZONE": "UTC", "DEFAULT_LANG": "en",
        "PATH": "content", "OUTPUT_PATH": "output", "THEME": "theme", "PLUGINS": ["briefings.plugin"],
        "BRIEFINGS": {"key": KEY, "page_size": PAGE_SIZE, "feed_items": FEED_ITEMS, **ours},
    }  # fmt: skip
    lines = "".join(f"{name} = {value!r}\n" for name, value in values.items())
    (folder / "pelicanconf.py").write_text(lines, "utf-8")


def project(folder: Path, *, full: bool = False) -> None:
    """Make a project without its articles: the tables that they name, settings and theme."""
    content = folder / "content"
    (content / "pages").mkdir(parents=True)
    table = "".join(f'{slugify(tag)}:\n  label: "{tag}"\n' for tag in words.TAGS)
    (content / "tags.yaml").write_text(table, "utf-8")
    table = "".join(
        f'{slugify(name)}:\n  name: "{name}"\n  homepage: https://{slugify(name)}.example/\n  reuse: full\n  lang: en\n'
        for name in words.SOURCES
    )
    (content / "sources.yaml").write_text(table, "utf-8")
    if full:
        (content / "pages" / "about.md").write_text("---\ntitle: About\nslug: about\n---\n\nMeasured.\n", "utf-8")
        settings(folder, ROOT / "theme", {})
    else:
        settings(folder, Path(__file__).parent / "themes" / "ours", LEAN)


LEAN: dict[str, Any] = {
    "leave_out": (
        "regions", "countries", "sources", "stories", "selections", "archive", "atom", "json", "feed-archives",
        "feed-list",
        "changes", "api", "cite", "digests", "hosting", "jsonld", "map", "news", "redirects", "related", "search",
    ),
}  # fmt: skip
"""Settings of the minimal site: articles, lists of tags and places with an RSS feed each, the sitemap."""


CACHES: tuple[str, ...] = ("cache",)
"""What a build leaves for the next one beside the output, below the folder of the project."""
