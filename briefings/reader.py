"""The reader for Pelican: Markdown with our front matter.

Alone (``PLUGINS = ["briefings.reader"]``) it presents briefings as ordinary articles to any stock site and theme; our
own site uses it for its plain pages.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from pelican import signals
from pelican.readers import BaseReader

from briefings import contents, frontmatter, labels, library, media, plain, prose, settings, tables, urls, values
from briefings.errors import ContentError, Problem
from briefings.model import Site

if TYPE_CHECKING:
    from pelican.generators import Generator
    from pelican.readers import Readers

    from briefings.model import Briefing

_STATUS = {"published": "published", "draft": "draft", "withdrawn": "hidden"}
_NO_SITE = Site(name="", url="", key="00000000-0000-0000-0000-000000000000")


class BriefingReader(BaseReader):  # type: ignore[misc]  # Pelican is untyped
    """Reads a briefing as an article, or a plain page, by where it lies and what its front matter holds."""

    enabled = True
    file_extensions = ("md", "markdown")

    def read(self, source_path: str) -> tuple[str, dict[str, Any]]:
        """Return cleaned HTML and Pelican's metadata.

        Raises:
            ContentError: the file cannot be published as it is; Pelican names it and goes on.
        """
        path = Path(source_path)
        content = Path(self.settings["PATH"])
        name = path.relative_to(content).as_posix() if path.is_relative_to(content) else path.name
        text = contents.read(path, name)
        if isinstance(text, Problem):
            raise ContentError(text)
        site = self._site()
        if name.startswith(f"{plain.FOLDER}/"):
            return self._page(text, name, site)
        briefing, problems = frontmatter.parse(text, name)
        errors = [problem for problem in problems if problem.severity == "error"]
        if briefing is None or errors:
            raise ContentError(*errors)
        return self._article(briefing, text, name, site)

    def _site(self) -> Site:
        """The site's settings; a stock site need not have ours."""
        try:
            return settings.site(self.settings)
        except ContentError:
            return _NO_SITE

    def _html(self, text: str, name: str, permalink: str, site: Site, first: int) -> str:
        pictures, _ = media.scan(Path(self.settings["PATH"]))
        content = Path(self.settings["PATH"])
        addresses = {}
        for other, path in contents.scan(content):
            addresses[other] = urls.by_slug(path.stem)
        rendered = prose.render(text, name, permalink, prose.Links(site, addresses, pictures))
        errors = [
            Problem(name, first + line - 1, "text", what) for line, what in rendered.wrong if not what.startswith("!")
        ]
        if errors:
            raise ContentError(*errors)
        return rendered.html

    def _page(self, text: str, name: str, site: Site) -> tuple[str, dict[str, Any]]:
        page = plain.parse(text, name)
        if isinstance(page, Problem):
            raise ContentError(page)
        metadata = {"title": page.title, "slug": page.slug}
        if page.summary:
            metadata["summary"] = page.summary
        if page.lang:
            metadata["lang"] = page.lang
        found = {key: self.process_metadata(key, value) for key, value in metadata.items()}
        return self._html(page.prose, name, urls.plain(page.slug), site, page.prose_line), found

    def _article(self, briefing: Briefing, text: str, name: str, site: Site) -> tuple[str, dict[str, Any]]:
        """A briefing as an article.

        Pelican completes a partial date from the day of the build, so it gets a whole one or none: the source's day
        when it is whole, else the moment the briefing went out here. ``source_date`` always says what the source said.
        """
        lang = briefing.lang or self.settings.get("DEFAULT_LANG", "en")
        when = briefing.date
        moment = library.moment(briefing, site)
        known, _ = tables.load(Path(self.settings["PATH"]))
        labelled = (known.tag(tag) for tag in briefing.tags)
        source = known.source(briefing.source.name) if briefing.source.name else None
        metadata: dict[str, str] = {
            "title": briefing.title,
            "slug": briefing.slug,
            "status": _STATUS[briefing.status],
            "lang": lang,
            "tags": ", ".join(row.label.replace(",", " ") for row in labelled if row),
            "source_date": str(when or "undated"),
            "category": source.name if source else "Briefings",
        }
        if when and when.day:
            metadata["date"] = when.iso
        elif moment:
            metadata["date"] = values.stamp(moment)
        if briefing.updated:
            metadata["modified"] = values.stamp(briefing.updated)
        if briefing.summary or briefing.key_points:
            metadata["summary"] = briefing.summary or " ".join(briefing.key_points)
        found: dict[str, Any] = {key: self.process_metadata(key, value) for key, value in metadata.items()}
        found["briefing"] = briefing
        found["source"] = briefing.source.name
        found["key_points"] = briefing.key_points
        if briefing.location:
            place = briefing.location
            found["location"] = f"{place.name}, {labels.country(place.country, lang)}"
        parts = frontmatter.split(text)
        body = parts[1] if parts else ""
        return self._html(body, name, urls.briefing(briefing), site, briefing.prose_line), found


def add_reader(readers: Readers) -> None:
    """Give Pelican our reader for Markdown."""
    for extension in BriefingReader.file_extensions:
        readers.reader_classes[extension] = BriefingReader


def forget_missing(generator: Generator) -> None:
    """Keep Pelican from warning of every ``.md`` file that Python-Markdown is missing: we read them."""
    for extension in BriefingReader.file_extensions:
        generator.readers.disabled_readers.pop(extension, None)


def register() -> None:
    """Plug in by Pelican's public signals."""
    signals.readers_init.connect(add_reader)
    signals.generator_init.connect(forget_missing)
