"""The command that writes digests as e-mail: from settings and content to files or standard output.

Messages go where the operator says and nowhere else: they name senders and lists, so they are no part of the site.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from msgspec import Struct

from briefings import build, check, digest, mail, settings
from briefings.desk import Desk
from briefings.errors import BriefingsError, ContentError, Problem
from briefings.render import Renderer

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from briefings.digest import Kind, Period
    from briefings.model import Mail


class Office(Struct, frozen=True):
    """What messages are made with."""

    desk: Desk
    mail: Mail
    renderer: Renderer
    now: datetime

    def message(self, period: Period) -> bytes:
        """The message of one digest."""
        return mail.message(self.desk, period, self.mail, self.renderer, self.now)

    def over(self, kind: Kind) -> tuple[Period, ...]:
        """The days, weeks or months that are over at the reference time, the latest first."""
        return tuple(one for one in digest.periods(self.desk, kind) if one.end <= self.now)


def office(file: Path, content: Path | None = None) -> Office:
    """Read settings and content.

    Raises:
        ContentError: the content has errors, or the settings do not say who sends.
    """
    found = settings.load(file)
    if found.mail is None:
        what = 'missing: who sends? (write {"from": "Briefings <digest@briefings.example.org>"}; docs/operating.md)'
        raise ContentError(Problem(str(file), 0, 'BRIEFINGS["mail"]', what))
    now = settings.reference_time()
    checked = check.check(content or found.content, found.site, now)
    if checked.errors:
        raise ContentError(*checked.errors)
    renderer = Renderer(found.site, found.theme, build.statics(found.theme))
    return Office(Desk(checked.library, found.site, checked.media), found.mail, renderer, now)


def one(office: Office, name: str, latest: str) -> tuple[str, bytes, tuple[str, ...]]:
    """The message of a period by its key, or of the latest of a kind that is over.

    Returns:
        Its label, the message, and what to tell the operator.

    Raises:
        ContentError: nothing went out in it, or there is no such period.
    """
    try:
        found = next(iter(office.over(latest)), None) if latest in digest.KINDS else digest.period(office.desk, name)
    except ValueError as error:
        raise ContentError(Problem(name, 0, "", str(error))) from None
    if found is None:
        what = f"no {latest} in which something went out is over" if latest else "nothing went out in it"
        raise ContentError(Problem(name or "--latest", 0, "", f"{what} (/digest/ lists those with briefings)"))
    label = digest.label(found, office.desk.site.lang)
    notes = (f"{label} is not over; what goes out later is not in it",) if found.end > office.now else ()
    return label, office.message(found), notes


def write_all(office: Office, kind: Kind, folder: Path) -> int:
    """Write a file ``KEY.eml`` for each period that is over; those that hold the same already are left as they are."""
    found = office.over(kind)
    for period in found:
        put(folder / f"{period.key}.eml", office.message(period))
    return len(found)


def put(path: Path, data: bytes) -> None:
    """Put a file in place as a whole, and its folder.

    Raises:
        BriefingsError: it cannot be written.
    """
    aside = path.with_name(f".{path.name}.{os.getpid()}.new")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.is_file() and path.read_bytes() == data:
            return
        aside.write_bytes(data)
        aside.replace(path)
    except OSError as error:
        aside.unlink(missing_ok=True)
        raise BriefingsError(Problem(str(path), 0, "", f"cannot be written ({error.strerror})")) from error
