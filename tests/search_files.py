"""What a built site's index for search holds, read without the program that made it."""

from __future__ import annotations

import gzip
import json


def indexed(folder):
    """Every fragment of the index below a site's folder: ``url``, ``content``, ``meta``, ``filters``; by name."""
    paths = sorted((folder / "search" / "pagefind" / "fragment").glob("*.pf_fragment"))
    return [fragment(path.read_bytes()) for path in paths]


def fragment(data):
    """A fragment from its bytes."""
    return json.loads(gzip.decompress(data).removeprefix(b"pagefind_dcd"))
