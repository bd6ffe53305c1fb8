"""The passes that tell the parts of a seed apart, in the order of trust: the first that claims a stretch keeps it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from briefings.find import boilerplate, bylines, dateline, headers, image, key_points, signoffs, title
from briefings.find.layout import Layout

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from briefings.model import Seed

PASSES: tuple[Callable[[Layout], None], ...] = (
    boilerplate.mark_page_marks,
    headers.mark,
    boilerplate.mark_end,
    title.mark,
    headers.mark_times,
    bylines.mark,
    image.mark,
    key_points.mark,
    dateline.mark,
    boilerplate.mark_duplicates,
    signoffs.mark,
    boilerplate.mark,
)
"""Each adds its parts to the layout, and looks at what those before it have left."""


def lay_out(seed: Seed, agencies: Mapping[str, str] | None = None) -> Layout:
    """Return the parts of ``seed``, found by the passes in their order.

    ``agencies`` maps names of known agencies, folded, to the name in the table of sources.
    """
    layout = Layout(seed, agencies or {})
    for mark in PASSES:
        mark(layout)
    return layout
