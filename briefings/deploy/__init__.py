"""Where a built site can go. To add a target: one file here with a function as ``Publish`` says, and one row below."""

from __future__ import annotations

from typing import TYPE_CHECKING

from briefings.deploy import folder

if TYPE_CHECKING:
    from briefings.deploy.report import Publish

TARGETS: tuple[tuple[str, Publish], ...] = (
    ("folder", folder.publish),
)  # fmt: skip
