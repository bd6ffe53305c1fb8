"""Regular expressions that few texts come to: compiled when the first one does.

To compile one of a large set of characters takes a two-hundredth of an edit's time.
"""

from __future__ import annotations

import re
from typing import Any


class Late:
    """A regular expression, with the methods of :class:`re.Pattern`."""

    def __init__(self, pattern: str) -> None:
        """Know what it is."""
        self.pattern = pattern

    def __getattr__(self, method: str) -> Any:
        """One of the methods, which is found without this from now on."""
        found = getattr(re.compile(self.pattern), method)
        setattr(self, method, found)
        return found
