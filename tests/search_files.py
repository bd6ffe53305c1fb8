"""What a built site's index for search holds, read without the program that made it."""

from __future__ import annotations

import gzip
import json

from briefings import search


def indexed(folder):
    """Every fragment of the index below a site's folder: ``url``, ``content``, ``meta``, ``filters``; the oldest first."""
    paths = sorted((folder / "search" / "pagefind" / "fragment").glob("*.pf_fragment"))
    found = [fragment(path.read_bytes()) for path in paths]
    assert all(one["content"].startswith(f"{search.EVERY} ") for one in found)
    return [{**one, "content": one["content"].removeprefix(f"{search.EVERY} ")} for one in found]


def fragment(data):
    """A fragment from its bytes."""
    return json.loads(gzip.decompress(data).removeprefix(b"pagefind_dcd"))
