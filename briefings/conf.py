"""The settings file: Python that is run, as Pelican does. What it says is for :mod:`briefings.settings` to read."""

from __future__ import annotations

import os
import re
import runpy
import sys
import time
from typing import TYPE_CHECKING, Any

from briefings.errors import ContentError, Problem

if TYPE_CHECKING:
    from pathlib import Path


def names(file: Path) -> dict[str, Any]:
    """Run a settings file; return its names in capitals.

    Raises:
        ContentError: when the file is not there, or does not run.
    """
    file = file.resolve()
    if not file.is_file():
        raise ContentError(Problem(str(file), 0, "", "no such settings file (name one with --settings)"))
    sys.path.insert(0, str(file.parent))
    try:
        found = runpy.run_path(str(file))
    except (Exception, SystemExit) as error:  # code of the site's own; whatever it raises is shown as a message
        line = getattr(error, "lineno", 0) or 0
        raise ContentError(
            Problem(str(file), line, "", f"does not run: {error.__class__.__name__}: {error}")
        ) from error
    finally:
        sys.path.remove(str(file.parent))
    return {name: value for name, value in found.items() if name.isupper()}


def now() -> float:
    """The time after which nothing is published: ``SOURCE_DATE_EPOCH`` (reproducible-builds.org), else now.

    Returns:
        Seconds since 1970, whole.

    Raises:
        ContentError: the variable is set to something else.
    """
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    if not epoch:
        return float(int(time.time()))
    if not re.fullmatch("[0-9]{1,11}", epoch):
        what = f'"{epoch}" is not a number of seconds since 1970 (unset it, or see `date +%s`)'
        raise ContentError(Problem("SOURCE_DATE_EPOCH", 0, "", what))
    return float(epoch)
