"""What a deploy target answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from msgspec import Struct

if TYPE_CHECKING:
    from pathlib import Path


class Report(Struct, frozen=True):
    """What was put in place, or would be in a dry run. Counts are of files; ``pages`` of those ending in ``.html``."""

    target: str
    release: str
    """Name of the release that is now current; in a dry run, of the one that would be."""
    previous: str = ""
    """What was current before; empty the first time."""
    pages: int = 0
    files: int = 0
    size: int = 0
    """Bytes."""
    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    pruned: tuple[str, ...] = ()
    """Old releases that were deleted."""
    notes: tuple[str, ...] = ()
    """What went wrong after the switch, a sentence each: the site is live all the same."""
    dry_run: bool = False

    @property
    def unchanged(self) -> bool:
        """Whether what was built was live already, so that nothing had to be done."""
        return self.release == self.previous

    def __str__(self) -> str:
        """Say it in lines for the editor."""
        if self.unchanged:
            lines = [f"{self.target}: already live as {self.release}, nothing to do"]
        else:
            verb = "would go live" if self.dry_run else "is live"
            changes = f"{len(self.added)} added, {len(self.changed)} changed, {len(self.removed)} removed"
            lines = [f"{self.target}: {self.release} {verb}: {self.pages} pages, {self.files} files ({changes})"]
        return "\n".join([*lines, *(f"{self.target}: note: {note}" for note in self.notes)])


class Publish(Protocol):
    """Put the finished tree ``output`` in place at ``target``, whole or not at all.

    A dry run writes nothing. A tree much smaller than what is live is refused unless ``allow_shrink``.

    Raises:
        DeployError: in one line; what readers see is unchanged.
    """

    def __call__(
        self, output: Path, target: str | Path, dry_run: bool = False, *, allow_shrink: bool = False
    ) -> Report: ...
