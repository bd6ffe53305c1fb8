"""Pagefind as a library: records in, the files of its index out. Alone in knowing Pagefind (https://pagefind.app).

The package brings a program that listens to its standard input: base64 of a JSON object, a comma, and the same back.
We speak to it ourselves, one record after the other, for two reasons. Its client for Python waits a tenth of a second
before each answer, half an hour for 20,000 records; its command line numbers records as the file system lists them.
Added in order, records have numbers that follow from the content, and most files of the index are the same each time.

Not all: Pagefind writes filters, and the list of them, in the order of a hash table seeded by chance. ``_settled`` puts
them in order. It also makes the list of all fragments smaller, which every search has to fetch: a fragment is called by
its number and a letter from its digest, where Pagefind takes seven digits of the digest, so names compress, and results
can be sorted by them; lengths of pages, which count only beside their mean, are given in sixteens of words.
"""

from __future__ import annotations

import gzip
import json
import subprocess
import threading
import zlib
from base64 import b64decode, b64encode
from hashlib import sha256
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import cbor2
from msgspec import Struct

from briefings.errors import BuildError, Problem

if TYPE_CHECKING:
    from collections.abc import Iterable

SCRIPT = "pagefind.js"
"""The file by which a browser uses the index."""
PATIENCE = 900
"""Seconds that making an index may take."""
_MAGIC = b"pagefind_dcd"
"""What each file of Pagefind begins with, once it is unpacked."""
_LETTERS = "0123456789abcdefghijklmnopqrstuvwxyz"
_LICENSE = Path(__file__).parent / "data" / "pagefind-license.txt"
_RELEASE = "1.5.2"
"""The release whose format ``_settled`` knows; pyproject.toml asks for this very one."""


class Record(Struct, frozen=True):
    """What Pagefind is given of a page: plain text, names with values. ``url`` is a path below the site's root."""

    url: str
    lang: str
    text: str
    meta: dict[str, str]
    filters: dict[str, list[str]]


def index(records: Iterable[Record], lang: str) -> dict[str, bytes]:
    """Make one index of all records.

    Args:
        records: in the order in which they are numbered: fragments are called by it (``number``).
        lang: the one language whose word endings are cut off, as a subtag (``en``).

    Returns:
        Every file that the browser may fetch, by its path inside the index's folder; the same for the same records.

    Raises:
        BuildError: Pagefind is not there, does not answer, or is another release than we know.
    """
    from pagefind.service import get_executable  # noqa: PLC0415 - slow to load, and most builds need no index

    program = get_executable()
    if program is None:
        raise _problem("its program is not installed here (pip install 'pagefind[bin]', or build with --no-search)")
    try:
        with subprocess.Popen(  # noqa: S603
            [program, "--service"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        ) as process:
            files = _converse(process, records, lang)
    except OSError as error:
        raise _problem(f"cannot be run ({error.strerror or error})") from error
    return _settled(files)


def _problem(what: str) -> BuildError:
    return BuildError(Problem("Pagefind", 0, "", what))


def _converse(process: subprocess.Popen[bytes], records: Iterable[Record], lang: str) -> dict[str, bytes]:
    """Hand over the records, and take the files: were they written to disk, the answer would come before they are."""
    assert process.stdin  # noqa: S101 - both are pipes
    assert process.stdout  # noqa: S101
    impatience = threading.Timer(PATIENCE, process.kill)
    impatience.daemon = True
    impatience.start()
    try:
        ask = _Line(process.stdin, process.stdout).ask
        number = ask({"type": "NewIndex", "config": {"force_language": lang}})["index_id"]
        for record in records:
            ask({
                "type": "AddRecord", "index_id": number, "url": record.url, "content": record.text,
                "language": lang, "meta": record.meta, "filters": record.filters, "sort": None,
            })  # fmt: skip
        files = ask({"type": "GetFiles", "index_id": number})["files"]
        return {file["path"]: b64decode(file["content"]) for file in files}
    finally:
        impatience.cancel()
        process.kill()


class _Line:
    """The line to the program: one message, one answer."""

    def __init__(self, there: IO[bytes], back: IO[bytes]) -> None:
        self._there, self._back = there, back
        self._number = 0

    def ask(self, payload: dict[str, Any]) -> dict[str, Any]:
        self._number += 1
        message = json.dumps({"message_id": self._number, "payload": payload})
        self._there.write(b64encode(message.encode()) + b",")
        self._there.flush()
        answer = bytearray()
        while not answer.endswith(b","):
            piece = self._back.read1(1 << 16)  # type: ignore[attr-defined]
            if not piece:
                raise _problem(f"ended before it had answered, or took more than {PATIENCE} seconds")
            answer += piece
        said: dict[str, Any] = json.loads(b64decode(answer[:-1]))["payload"]
        if said["type"] == "Error":
            raise _problem(str(said.get("message")))
        return said


# --- the same bytes for the same records ----------------------------------------------------------------------------


def number(fragment: str) -> int:
    """The number of the record that a fragment belongs to."""
    return int(fragment.removesuffix(".pf_fragment")[:-1])


def _settled(files: dict[str, bytes]) -> dict[str, bytes]:
    """The files that a search needs, with all that was in an order of chance put in order, and names made anew."""
    entry = json.loads(files["pagefind-entry.json"])
    if entry["version"] != _RELEASE:
        what = f"is release {entry['version']}, and we know {_RELEASE} (install the one that pyproject.toml names)"
        raise _problem(what)
    kept = {SCRIPT: files[SCRIPT], "LICENSE.txt": _LICENSE.read_bytes()}
    for about in entry["languages"].values():
        program = f"wasm.{about['wasm'] or 'unknown'}.pagefind"
        kept[program] = files[program]
        version, pages, chunks, filters, sorts, fields = _unpack(files[f"pagefind.{about['hash']}.pf_meta"])
        kept |= {f"index/{chunk[2]}.pf_index": files[f"index/{chunk[2]}.pf_index"] for chunk in chunks}
        for place, page in enumerate(pages):
            data = files[f"fragment/{page[0]}.pf_fragment"]
            page[:] = f"{place:06}{_LETTERS[sha256(data).digest()[0] % 36]}", max(1, round(page[1] / 16))
            kept[f"fragment/{page[0]}.pf_fragment"] = data
        for row in filters:
            name, values = _unpack(files[f"filter/{row[1]}.pf_filter"])
            data = _pack([name, sorted(values)])
            row[1] = sha256(data).hexdigest()[:10]
            kept[f"filter/{row[1]}.pf_filter"] = data
        data = _pack([version, pages, chunks, sorted(filters), sorted(sorts), fields])
        about["hash"] = sha256(data).hexdigest()[:10]
        kept[f"pagefind.{about['hash']}.pf_meta"] = data
    kept["pagefind-entry.json"] = json.dumps(entry, sort_keys=True).encode()
    return kept


def _unpack(data: bytes) -> Any:
    """What a file holds: gzip, Pagefind's mark, one item of CBOR (RFC 8949)."""
    return cbor2.loads(gzip.decompress(data).removeprefix(_MAGIC))


def _pack(value: Any) -> bytes:
    """The other way, as small as it gets."""
    data, gzipped = _MAGIC + cbor2.dumps(value), 16 + zlib.MAX_WBITS
    ways = (zlib.compressobj(9, zlib.DEFLATED, gzipped, 9, how) for how in (zlib.Z_DEFAULT_STRATEGY, zlib.Z_FILTERED))
    return min((way.compress(data) + way.flush() for way in ways), key=len)
