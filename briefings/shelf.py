"""What the content folder holds already, as far as ingest has to know it; and the ledger of what the machine wrote.

The ledger is ``content/.ingested/``. It keeps, below the first two digits of the briefing's id, ``<id>.base``: what the
machine made of the seed last, byte by byte as it was put into ``content/briefings``. It is the base of the merge when
the seed changes, and what tells an untouched draft from an edited one, and a deleted one from one that never was.
``<id>.next`` is what the machine made of a changed seed that the editor has not taken over yet. They have the form of
briefings, so they are read, compared and committed like those; neither the hidden folder nor their names are taken for
briefings, so none of it is published. ``index.jsonl`` is a cache, left out of git, and made anew when it is missing or
broken.
"""

from __future__ import annotations

import json
import os
import re
import time
from base64 import b64decode, b64encode
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from msgspec import Struct
from msgspec.structs import replace

from briefings import contents, durable, frontmatter, near
from briefings.errors import Problem
from briefings.values import SLUG_MAX

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LEDGER = ".ingested"
"""Below the content folder."""
PROPOSED = ".proposed"
"""Ending of a merge that waits for the editor, beside the briefing: ``fall-of-aleppo.md.proposed``."""
_INDEX, _ASIDES = "index.jsonl", "new"
_BASE, _PENDING = ".base", ".next"
_IGNORED = f"# What ingest can make anew.\n/{_INDEX}\n/{_ASIDES}/\n"
_SETTLED = 2 * 10**9
"""Nanoseconds after which a file's times tell whether it changed; until then it is read again."""
_ASK = 3
"""Duplicates of one seed that are named."""

_ID = re.compile(r"^id: *[\"']?([0-9a-f-]{36})", re.MULTILINE)
_SLUG = re.compile(r"^slug: *[\"']?([a-z0-9-]+)", re.MULTILINE)
_ALIASES = re.compile(r"^aliases:(.*(?:\n[ \t]*- .*)*)", re.MULTILINE)
_URL = re.compile(r"^source:.*\n(?:  .*\n)*?  url: *[\"']?([^\"'\s]+)", re.MULTILINE)
_SEED = re.compile(r"^seed:\n(?:  .*\n)*?  file: *\"(.*)\"$", re.MULTILINE)
_SHA256 = re.compile(r"^  sha256: *[\"']?([0-9a-f]{64})", re.MULTILINE)
_TRACKING = re.compile(r"(utm_|at_|mc_|pk_|ns_)\w+|(fb|g|ms|dc|tw)clid|ref|cmp|cmpid|smid")


class Item(Struct, frozen=True):
    """A file of the content folder or of the ledger. ``path`` is below the content folder."""

    path: str
    id: str
    slug: str
    aliases: tuple[str, ...] = ()
    seed: str = ""
    sha256: str = ""
    url: str = ""
    signature: bytes | None = None
    """Of the prose; ``None`` until it is needed."""


class Shelf:
    """The content folder. Files with errors count too: their names are taken, and their ids are known."""

    def __init__(self, content: Path) -> None:
        self.content = content
        self.ledger = content / LEDGER
        self.writer = durable.Writer(self.ledger / _ASIDES)
        self.items: dict[str, Item] = {}
        """The briefings by id; the first, if several have one."""
        self.bases: dict[str, Item] = {}
        self.pending: dict[str, Item] = {}
        self.archives: dict[str, int] = {}
        """Archives by SHA-256 of which every document was known when they were last opened, with how many."""
        self.taken: set[str] = set()
        self._paths: dict[str, Item] = {}
        self._digests: dict[str, str] = {}
        self._seeds: dict[str, list[str]] = {}
        self._urls: dict[str, list[str]] = {}
        self._next: dict[str, int] = {}
        self._near: near.Index | None = None
        self._unwritten: dict[str, str] = {}
        self._cached = self._load()
        self._known = dict(self.archives)
        for path, place in (*contents.scan(content), *self._kept()):
            self._note(self._read(path, place), path)

    # --- reading -----------------------------------------------------------------------------------------------------

    def _kept(self) -> Iterator[tuple[str, Path]]:
        for folder, names, files in os.walk(self.ledger):
            names[:] = sorted(name for name in names if len(name) == 2)
            for name in sorted(files):
                if name.endswith((_BASE, _PENDING)):
                    place = self.ledger.__class__(folder) / name
                    yield place.relative_to(self.content).as_posix(), place

    def _read(self, path: str, place: Path) -> Item:
        cached = self._cached.get(path)
        if cached and cached[0] == _stamp(place):
            return cached[1]
        text = contents.read(place, path)
        if isinstance(text, Problem):
            return Item(path, "", place.stem)
        parts = frontmatter.split(text)
        head = parts[0] if parts else text
        identity, slug, seed, digest, url = (
            match[1] if (match := pattern.search(head)) else "" for pattern in (_ID, _SLUG, _SEED, _SHA256, _URL)
        )
        aliases = _ALIASES.search(head)
        others = tuple(re.findall(r"[a-z0-9][a-z0-9-]*", aliases[1])) if aliases else ()
        return Item(path, identity, slug or place.stem, others, _unquoted(seed), digest, _link(url))

    def _note(self, item: Item, path: str) -> None:
        self._paths[path] = item
        if path.startswith(f"{LEDGER}/"):
            pending = path.endswith(_PENDING)
            (self.pending if pending else self.bases)[item.id] = item
        else:
            stem = path.rpartition("/")[2].removesuffix(".md")
            self.taken |= {name.casefold() for name in (item.slug, stem, *item.aliases)}
            if item.id:
                self.items.setdefault(item.id, item)
            if item.url:
                self._urls.setdefault(item.url, []).append(path)
            if self._near is not None:
                self._near.add(path, self._signature(item))
        if item.sha256 and item.id:
            self._digests.setdefault(item.sha256, item.id)
        if item.seed and item.id and item.id not in (known := self._seeds.setdefault(item.seed, [])):
            known.append(item.id)

    # --- asking ------------------------------------------------------------------------------------------------------

    def shown(self, path: str) -> str:
        """A path as the editor can open it."""
        return (self.content / path).as_posix()

    def holder(self, sha256: str, first: str) -> str:
        """The id of the briefing that was made of these bytes, now or (then the id is ``first``) at the beginning."""
        if identity := self._digests.get(sha256):
            return identity
        return first if first in self.items or first in self.bases else ""

    def of_seed(self, name: str) -> list[str]:
        """Ids of the briefings whose seed had this name."""
        return self._seeds.get(name, [])

    def same_link(self, item: Item, url: str) -> bool:
        """Whether a briefing names this address as its original."""
        return bool(url) and item.url == _link(url)

    def text(self, item: Item | None) -> str | None:
        """The text of a file, or ``None`` if there is none to be read."""
        if item is None:
            return None
        text = contents.read(self.content / item.path, item.path)
        return None if isinstance(text, Problem) else text

    def base(self, identity: str) -> Item | None:
        """What the machine wrote when it last wrote what the editor has: the ledger's entry with the same seed."""
        now = self.items.get(identity)
        pending = self.pending.get(identity)
        if now and pending and pending.sha256 == now.sha256:
            return pending
        return self.bases.get(identity)

    def proposals(self, path: str) -> list[Path]:
        """Merges that wait beside a briefing."""
        place = self.content / path
        names = (f"{place.name}{PROPOSED}{'' if number == 1 else f'-{number}'}" for number in range(1, 100))
        found = (place.with_name(name) for name in names)
        return [proposal for proposal in found if proposal.exists()]

    def free(self, slug: str, year: int) -> str:
        """The slug, or the first of ``slug-2``, ``slug-3`` … that nothing has yet."""
        number, candidate = self._next.get(slug, 1), slug
        while True:
            if number > 1:
                tail = f"-{number}"
                candidate = slug[: SLUG_MAX - len(tail)].rstrip("-") + tail
            if candidate not in self.taken and not (self.content / _path(candidate, year)).exists():
                return candidate
            number += 1
            self._next[slug] = number

    def duplicates(self, signature: bytes, prose: str, url: str) -> list[str]:
        """Sentences about the briefings that say nearly the same, or have the same link."""
        said: dict[str, str] = {}
        for path in self._urls.get(_link(url), ()) if url else ():
            said[path] = f"the same link as {path}"
        for path, share in self._alike().like(signature)[: 2 * _ASK]:
            other = self._unwritten.get(path) or self.text(self._paths[path])
            parts = frontmatter.split(other) if other else None
            # Of a draft that a dry run does not write there is the signature alone.
            all_of_both, of_shorter = near.shared(prose, parts[1]) if parts else (share, share)
            if all_of_both >= near.LIKE or of_shorter >= near.WITHIN:
                link = " and the same link" if path in said else ""
                said[path] = f"nearly the same text{link} as {path} ({int(of_shorter * 100)} % of the shorter one)"
        return list(said.values())[:_ASK]

    def _alike(self) -> near.Index:
        if self._near is None:
            self._near = near.Index()
            for path, item in self._paths.items():
                if not path.startswith(f"{LEDGER}/"):
                    self._near.add(path, self._signature(item))
        return self._near

    def _signature(self, item: Item) -> bytes:
        if item.signature is None:
            text = self.text(item)
            parts = frontmatter.split(text) if text else None
            item = replace(item, signature=near.signature(parts[1]) if parts else b"")
            self._paths[item.path] = item
        return item.signature or b""

    # --- writing -----------------------------------------------------------------------------------------------------

    def add(self, item: Item, text: str, *, write: bool) -> None:
        """Have a new draft put in place, and then its copy in the ledger."""
        base = replace(item, path=_kept_path(item.id))
        if write:
            self._prepare()
            self._unwritten[item.path] = text
            self.writer.put((self.content / item.path, text, True), (self.content / base.path, text, False))
        self._note(replace(item, url=_link(item.url)), item.path)
        self._note(base, base.path)

    def flush(self) -> set[str]:
        """Put in place what waits; return the paths that somebody else has taken meanwhile."""
        self._unwritten.clear()
        return {path.relative_to(self.content).as_posix() for path in self.writer.flush()}

    def keep(self, item: Item, text: str, *, pending: bool = False) -> None:
        """Write a copy of what the machine made into the ledger, now."""
        base = replace(item, path=_kept_path(item.id, _PENDING if pending else _BASE))
        self._prepare()
        self.writer.put((self.content / base.path, text, False))
        self.writer.flush()
        self._note(base, base.path)

    def settle(self, identity: str) -> None:
        """Let what was pending be the base: the briefing has it now."""
        pending = self.pending.pop(identity, None)
        if pending:
            (self.content / pending.path).replace(self.content / _kept_path(identity))
            self._paths.pop(pending.path, None)
            base = replace(pending, path=_kept_path(identity))
            self._note(base, base.path)

    def know(self, sha256: str, count: int) -> None:
        """Take note that an archive holds nothing new."""
        if count:
            self.archives[sha256] = count

    def changed(self, item: Item) -> None:
        """Take note that a briefing has other words now."""
        self.items[item.id] = self._paths[item.path] = item

    def _prepare(self) -> None:
        ignored = self.ledger / ".gitignore"
        if not ignored.exists():
            self.ledger.mkdir(parents=True, exist_ok=True)
            ignored.write_text(_IGNORED, "utf-8")

    # --- the cache ---------------------------------------------------------------------------------------------------

    def _load(self) -> dict[str, tuple[list[int], Item]]:
        found: dict[str, tuple[list[int], Item]] = {}
        try:
            with (self.ledger / _INDEX).open(encoding="utf-8") as stream:
                if json.loads(stream.readline()) != _VERSION:
                    return {}
                archives = json.loads(stream.readline())
                self.archives = {str(digest): int(count) for digest, count in archives.items()}
                for line in stream:
                    row = json.loads(line)
                    found[str(row[0])] = [int(number) for number in row[1]], _item(row)
        except (OSError, ValueError, TypeError, AttributeError, IndexError, KeyError):
            return found
        return found

    def save(self) -> None:
        """Write the cache, if there is a ledger to keep it in and something changed."""
        if not self.ledger.is_dir():
            return
        now = time.time_ns()
        rows: dict[str, tuple[list[int], Item]] = {}
        for path, item in self._paths.items():
            stamp = _stamp(self.content / path)
            if stamp and now - stamp[1] > _SETTLED:
                rows[path] = stamp, item
        if rows == self._cached and self.archives == self._known:
            return
        aside = self.ledger / f"{_INDEX}.{os.getpid()}"
        with aside.open("w", encoding="utf-8") as stream:
            stream.write(f"{json.dumps(_VERSION)}\n{json.dumps(self.archives)}\n")
            for stamp, item in rows.values():
                stream.write(json.dumps(_row(stamp, item), ensure_ascii=False, separators=(",", ":")) + "\n")
        aside.replace(self.ledger / _INDEX)


_VERSION = ["briefings ingest index", 2, near.VERSION]


def _stamp(place: Path) -> list[int]:
    """What tells that a file is as it was: size, time of change of text and of entry, number; empty without one."""
    try:
        about = place.lstat()
    except OSError:
        return []
    return [about.st_size, about.st_mtime_ns, about.st_ctime_ns, about.st_ino]


def _row(stamp: list[int], item: Item) -> list[Any]:
    signed = None if item.signature is None else b64encode(item.signature).decode()
    return [item.path, stamp, item.id, item.slug, list(item.aliases), item.seed, item.sha256, item.url, signed]


def _item(row: list[Any]) -> Item:
    path, _, identity, slug, aliases, seed, digest, url, signed = row
    texts = [str(value) for value in (path, identity, slug)]
    signature = None if signed is None else b64decode(signed, validate=True)
    if signature and len(signature) != 4 * near.NUMBERS:
        raise ValueError("not a signature")
    return Item(texts[0], texts[1], texts[2], tuple(map(str, aliases)), str(seed), str(digest), str(url), signature)


def _path(slug: str, year: int) -> str:
    return f"{contents.FOLDER}/{year}/{slug}.md"


def _kept_path(identity: str, kind: str = _BASE) -> str:
    return f"{LEDGER}/{identity[:2]}/{identity}{kind}"


def _unquoted(text: str) -> str:
    """A double-quoted scalar as the emitter writes it; nearly all of its escapes are those of JSON."""
    if "\\" not in text:
        return text
    try:
        return str(json.loads(f'"{text}"'))
    except ValueError:
        return text


def _link(url: str) -> str:
    """An address without what differs between copies of one link: scheme, ``www.``, fragment, tracking, last slash."""
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        return ""
    if not parts.hostname:
        return ""
    query = [(key, value) for key, value in parse_qsl(parts.query) if not _TRACKING.fullmatch(key.lower())]
    host = parts.hostname.removeprefix("www.").removeprefix("m.")
    return f"{host}{parts.path.rstrip('/')}{f'?{urlencode(sorted(query))}' if query else ''}"
