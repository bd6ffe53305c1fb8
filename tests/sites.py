"""Small content folders for tests: a briefing is a few words of front matter, the rest is filled in."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID, uuid5

from briefings.model import Site

ROOT = Path(__file__).resolve().parent.parent
SITE = Site(name="Test site", url="https://briefs.example.org/news", key="0f3f9bc4-6a0e-4d0b-9f5e-3c1d52a7b6e1")
NOW = datetime(2026, 11, 22, tzinfo=UTC)
_NAMESPACE = UUID("00000000-0000-4000-8000-000000000000")


def identity(slug):
    """An id that follows from the slug."""
    return str(uuid5(_NAMESPACE, slug))


def briefing(content, slug, body="Some words.", **fields):
    """Write a published briefing below ``content``; ``fields`` replace or add lines of front matter (None leaves one out)."""
    lines = {
        "id": f'"{identity(slug)}"',
        "title": f'"Title of {slug}"',
        "slug": slug,
        "status": "published",
        "source": '{name: "Harbour News"}',
        "published": "2026-11-01T08:00:00Z",
        **fields,
    }
    head = "".join(f"{name}: {value}\n" for name, value in lines.items() if value is not None)
    path = content / "briefings" / "2026" / f"{slug}.md"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"---\n{head}---\n\n{body}\n", "utf-8")
    return path


def about(content, text="What this is."):
    """Write the plain page that the theme's footer links to."""
    (content / "pages").mkdir(parents=True, exist_ok=True)
    (content / "pages" / "about.md").write_text(f"---\ntitle: About\nslug: about\n---\n\n{text}\n", "utf-8")


def settings(folder, **values):
    """Write a settings file that uses the project's theme; return its path."""
    lines = {
        "SITENAME": "Test site",
        "SITEURL": "https://briefs.example.org",
        "PATH": str(folder / "content"),
        "OUTPUT_PATH": str(folder / "output"),
        "THEME": str(ROOT / "theme"),
        "PLUGINS": ["briefings.plugin"],
        "BRIEFINGS": {"key": SITE.key, "page_size": 2},
        **values,
    }
    path = folder / "conf.py"
    path.write_text("".join(f"{name} = {value!r}\n" for name, value in lines.items()), "utf-8")
    return path
