"""The settings file: Python that is run, as Pelican does. What it says is for :mod:`briefings.settings` to read."""

from __future__ import annotations

import os
import sys
import time

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path
    from typing import Any

_DIGITS = 11
"""Of seconds since 1970, at most: thousands of years."""


def names(file: str | Path) -> dict[str, Any]:
    """Run a settings file; return its names in capitals.

    Raises:
        ContentError: when the file is not there, or does not run.
    """
    path = os.path.realpath(file)
    try:
        with open(path, "rb") as stream:
            source = stream.read()
    except OSError as error:
        what = f"cannot be read ({error.strerror})"
        if not os.path.isfile(path):
            what = "no such settings file (name one with --settings)"
        raise _refused(path, 0, what) from error
    folder = os.path.dirname(path)
    sys.path.insert(0, folder)
    found: dict[str, Any] = {"__name__": "<run_path>", "__file__": path}  # as runpy.run_path, which loads slowly
    try:
        exec(compile(source, path, "exec"), found)  # noqa: S102 - settings are a program, of the site's own
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # whatever it raises is shown as a message
        line = getattr(error, "lineno", 0) or 0
        raise _refused(path, line, f"does not run: {error.__class__.__name__}: {error}") from error
    finally:
        if folder in sys.path:  # else the settings have taken it out
            sys.path.remove(folder)
    return {name: value for name, value in found.items() if name.isupper()}


def folder(file: str | Path, names: Mapping[str, Any], setting: str, default: str, given: str | Path | None) -> str:
    """A folder of a site, absolute.

    Args:
        file: the settings file, which the settings' folders are beside.
        names: what it says.
        setting: the name of the setting.
        default: what it is where the file does not say.
        given: another one, as asked for.

    Raises:
        ContentError: there can be no folder of that name.
    """
    if given:
        return os.path.realpath(given)
    if "\0" in str(names.get(setting, default)):
        raise _refused(str(file), 0, f"{setting} is no folder: a zero byte is in it")
    return os.path.realpath(os.path.join(os.path.dirname(os.path.realpath(file)), str(names.get(setting, default))))


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
    if not (epoch.isascii() and epoch.isdigit() and len(epoch) <= _DIGITS):
        what = f'"{epoch}" is not a number of seconds since 1970 (unset it, or see `date +%s`)'
        raise _refused("SOURCE_DATE_EPOCH", 0, what)
    return float(epoch)


def _refused(file: str, line: int, what: str) -> Exception:
    from briefings.errors import ContentError, Problem  # noqa: PLC0415 - loads slowly

    return ContentError(Problem(file, line, "", what))
