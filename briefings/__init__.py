"""briefings: a publisher for curated briefings, from raw article to static site.

The rooms, the nouns and the direction of imports are described in ``docs/extending.md``.
"""

from __future__ import annotations

__version__ = "0.1.0"
