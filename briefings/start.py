"""The command's first step: where nothing has changed since the last build, that is said without loading the rest.

To start Python takes about as long as to look at ten thousand files; to load what reads arguments, plans pages and
writes them takes many times that. So a plain ``briefings build`` looks first (:mod:`briefings.fresh`), with what of the
standard library the interpreter has loaded anyway. Whatever else is asked for, and every message, is left to
:mod:`briefings.cli`.
"""

from __future__ import annotations

import atexit
import gc
import os
import sys

from briefings import conf, fresh, look

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import Any, NoReturn

SETTINGS = "pelicanconf.py"
_OPTIONS = {"--no-search": "index", "--drafts": "drafts", "--skip-invalid": "skip_invalid"}


class Ready:
    """What is known before anything is read: the settings' names, and what a look has seen."""

    __slots__ = ("names", "stamp")

    def __init__(
        self, file: str, content: str | None = None, output: str | None = None, *, skip_invalid: bool = False,
        drafts: bool = False, index: bool = True, full: bool = False, changed: Iterable[str] | None = None,
    ) -> None:  # fmt: skip
        """Run the settings file, and look.

        Args:
            file: the settings file.
            content: instead of the settings' ``PATH``.
            output: instead of the settings' ``OUTPUT_PATH``.
            skip_invalid: what :func:`briefings.run.run` is asked for; so are the following two.
            drafts: the same.
            index: the same.
            full: whatever the last build left does not count.
            changed: all that has changed since the last build, by somebody who has watched.

        Raises:
            ContentError: the settings do not run, or the time that is set is none.
        """
        file = os.path.realpath(file)  # before the settings run: they may go to another folder
        content, output = (os.path.realpath(given) if given else None for given in (content, output))
        self.names = names = conf.names(file)
        moment = conf.now()
        site = conf.folder(file, names, "OUTPUT_PATH", "output", output)
        articles = conf.folder(file, names, "PATH", "content", content)
        theme = conf.folder(file, names, "THEME", "theme", None)
        asked: dict[str, Any] = {
            "file": file, "output": site, "content": articles, "skip_invalid": skip_invalid,
            "drafts": drafts, "index": index, "settings": sorted(names.items()),
        }  # fmt: skip
        cache = fresh.folder(conf.folder(file, names, "CACHE_PATH", "cache", None), site, os.path.dirname(file))
        left = None if full else fresh.left(cache)
        period = int(moment // look.PERIOD)
        folders = fresh.Folders(os.path.dirname(file), articles, theme, site)
        seen = look.again(left.look, articles, changed, asked, period) if left and changed else None
        if left and seen:
            self.stamp = fresh.Stamp(cache, seen, left, lambda: True, moment, folders)
            return
        standing = left.watch(site) if left else lambda: False
        seen = look.look(articles, theme, asked, period, before=left.look if left else None)
        self.stamp = fresh.Stamp(cache, seen, left, standing, moment, folders)


def _plain(arguments: Sequence[str]) -> dict[str, Any] | None:
    """What a plain build is asked for; ``None`` for anything else."""
    if not arguments or arguments[0] != "build" or any(one not in _OPTIONS for one in arguments[1:]):
        return None
    asked = {name: name == "index" for name in _OPTIONS.values()}
    return asked | {_OPTIONS[one]: one != "--no-search" for one in arguments[1:]}


def command() -> NoReturn:
    """The command as the shell runs it: :func:`main` in a process of its own.

    A plain build is soon over: what it made is left to the system, which takes back the memory of a process in no time,
    where Python would look for garbage and take everything apart, a tenth of an edit's time.
    """
    if sys.stderr is None:  # it was closed; what is told there must not come out where results do
        sys.stderr = open(os.devnull, "w")  # noqa: SIM115 - open to the end
    if _plain(sys.argv[1:]) is None:
        sys.exit(main())
    gc.disable()
    status = main()
    threading = sys.modules.get("threading")
    if "pelican" in sys.modules or (threading and threading.active_count() > 1):
        sys.exit(status)  # plugins of others may have threads, and files that are written when they are closed
    atexit._run_exitfuncs()  # noqa: SLF001 - settings may have some; named so by CPython and PyPy
    for stream in (sys.stdout, sys.stderr):
        try:
            if stream:  # none where it was closed
                stream.flush()
        except OSError:
            status = status or 1
    os._exit(status)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; return its exit status."""
    try:
        return _main(arguments)
    except KeyboardInterrupt:
        sys.stderr.write("stopped\n")
        return 130


def _main(arguments: Sequence[str] | None) -> int:
    given = sys.argv[1:] if arguments is None else arguments
    asked = _plain(given)
    file = os.path.realpath(SETTINGS)
    ready = None
    if asked and os.path.isfile(file):
        try:
            ready = Ready(file, **asked)
            left = ready.stamp.last()
        except Exception:  # noqa: BLE001 - the command itself says it better
            left = ready = None
        if left and left.quiet:
            return say(left.summary)
    if asked and ready:
        from pathlib import Path  # noqa: PLC0415 - loads slowly, and so does what says the rest

        _load_msgspec()
        from briefings import messages  # noqa: PLC0415

        return messages.told(lambda: messages.build(Path(file), **asked, ready=ready), "Nothing was written.")
    from briefings import cli  # noqa: PLC0415 - loads slowly

    return cli.main(given)


def _load_msgspec() -> None:
    """Load msgspec without typing_extensions, where that is there: Python's own typing has all that is taken of it.

    Else it is loaded for that, with all that inspects programs: a tenth of an edit's time.
    """
    if "typing_extensions" in sys.modules:
        return
    sys.modules["typing_extensions"] = None  # type: ignore[assignment]  # so that there is none
    try:
        import msgspec  # noqa: F401, PLC0415
    finally:
        del sys.modules["typing_extensions"]


def say(words: str) -> int:
    """Write the result; return the exit status."""
    try:
        if sys.stdout:  # none where it was closed
            sys.stdout.write(f"{words}\n")
    except OSError as error:
        return lost(error)
    return flushed()


def flushed() -> int:
    """Have standard output take what was written; return the exit status, 1 where it does not."""
    try:
        if sys.stdout:
            sys.stdout.flush()
    except OSError as error:
        return lost(error)
    return 0


def lost(error: OSError) -> int:
    """Say that standard output takes nothing, unless somebody reads no further; return the exit status."""
    if not isinstance(error, BrokenPipeError):
        sys.stderr.write(f"standard output: cannot be written ({error.strerror})\n")
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 1
