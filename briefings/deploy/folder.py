"""Publish into a folder that a web server serves: a new release beside the old ones, then one rename of a link.

::

    TARGET/current    -> releases/000007-1f0c9d3e5a77    the web server's document root
    TARGET/previous   -> releases/000006-…               what ``rollback`` goes back to
    TARGET/releases/NNNNNN-HASH/                         counted, not timed: no clock can reorder them
    TARGET/publish.lock                                  kept; locked by ``flock`` while a publish is at work

A reader that opens ``current`` sees one release, whole: everything is copied, then synced, then given its name, and
only then does ``rename(2)`` move the link. Whatever dies when, the old link or the new one stands; what is left over is
removed at the next start, under the lock that the kernel frees at death.
"""

from __future__ import annotations

import ctypes
import errno
import fcntl
import os
import re
import shutil
import socket
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from briefings.deploy.report import Report
from briefings.deploy.tree import Tree, copy, refusal, scan

if TYPE_CHECKING:
    from collections.abc import Iterator

KEEP = 5
"""How many releases stay, the current one among them."""

_RELEASE = re.compile(r"(\d{6,})-[0-9a-f]{12}")
_INCOMING, _PRUNED, _LINK = ".incoming-", ".pruned-", ".link-"

_syncfs = getattr(ctypes.CDLL(None, use_errno=True), "syncfs", None)

_CAUSES = {
    errno.ENOSPC: "the disk is full",
    errno.EDQUOT: "the disk quota is used up",
    errno.EFBIG: "the file is larger than this process may write",
    errno.EROFS: "the file system is read-only",
    errno.EACCES: "no permission",
    errno.EPERM: "no permission",
    errno.EMFILE: "too many open files",
    errno.ENFILE: "too many open files",
    errno.ENOTDIR: "not a folder",
    errno.ENOENT: "no such file or folder",
    errno.ELOOP: "a link stands where a file should",
}


def publish(
    output: Path, target: str | Path, dry_run: bool = False, *, allow_shrink: bool = False, keep: int = KEEP
) -> Report:
    """Make what ``output`` holds the current release of ``target``.

    ``target`` is made if only its last part is missing. Publishing what is live already does nothing.

    Raises:
        DeployError: in one line, when ``output`` has no page, holds something that is not a regular file, or lost a
            fifth of its pages or more (unless ``allow_shrink``), when another publish is at work, or when the target
            cannot be written; what readers see is unchanged.
    """
    target = Path(target)
    with _as_deploy_error(target):
        _refuse_nested(output, target)
        built = scan(output)
        if not built.pages:
            raise refusal(output, "has no page, so it is not published (build first, or name another folder)")
        if dry_run:
            return _plan(target, built, allow_shrink=allow_shrink, dry_run=True)
        if not target.is_dir():
            target.mkdir()
            _sync_folder(target.parent)
        with _locked(target):
            _tidy(target)
            plan = _plan(target, built, allow_shrink=allow_shrink)
            if plan.unchanged:
                return plan
            _bring_in(output, built, target, plan.release)
            if plan.previous:
                _point(target, "previous", plan.previous)
            _point(target, "current", plan.release)
            pruned, notes = _settle(target, keep)
    return _with(plan, pruned, notes)


def rollback(target: str | Path, dry_run: bool = False) -> Report:
    """Make the release that was live before the current one live again: one rename of the link.

    A second rollback goes one further back. The release that was left stays until it is pruned.

    Raises:
        DeployError: when there is no earlier release; what readers see is unchanged.
    """
    target = Path(target)
    with _as_deploy_error(target):
        if dry_run:
            return _earlier(target, dry_run=True)
        if not (target / "releases").is_dir():
            raise refusal(target, "nothing was published here yet")
        with _locked(target):
            report = _earlier(target)
            _point(target, "current", report.release)
            notes = []
            try:
                further = _before(target, report.release)
                if further:
                    _point(target, "previous", further)
                else:
                    (target / "previous").unlink(missing_ok=True)
                _sync_folder(target)
            except OSError as error:
                notes.append(f"the switch is done, but not all that follows it: {_cause(error)}")
    return _with(report, (), tuple(notes))


# --- what is there --------------------------------------------------------------------------------------------------


def _releases(target: Path) -> list[str]:
    """Names of the complete releases, by their number."""
    try:
        names = [path.name for path in (target / "releases").iterdir() if _RELEASE.fullmatch(path.name)]
    except FileNotFoundError:
        return []
    return sorted(names, key=_number)


def _number(release: str) -> int:
    return int(release.partition("-")[0])


def _linked(target: Path, link: str) -> str:
    """Name of the release that a link points to; empty when there is no link or no such release."""
    path = target / link
    if not path.is_symlink():
        if path.exists():
            raise refusal(path, "is not a link, so it is not replaced (move it away)")
        return ""
    name = path.readlink().name
    return name if _RELEASE.fullmatch(name) and (target / "releases" / name).is_dir() else ""


def _before(target: Path, release: str) -> str:
    """The release counted before this one, or an empty string."""
    return next((name for name in reversed(_releases(target)) if _number(name) < _number(release)), "")


def _previous(target: Path, current: str) -> str:
    """What was live before ``current``; the link is stale where a publish or rollback died between its two renames."""
    linked = _linked(target, "previous")
    return linked if linked and linked != current else _before(target, current)


# --- what to do -----------------------------------------------------------------------------------------------------


def _plan(target: Path, built: Tree, *, allow_shrink: bool, dry_run: bool = False) -> Report:
    """Compare what was built with what is live."""
    current = _linked(target, "current")
    live = scan(target / "releases" / current) if current else Tree({})
    if built.pages * 5 <= live.pages * 4 and not allow_shrink:
        raise refusal(
            target,
            f"what was built has {built.pages} pages, what is live has {live.pages}; a loss of a fifth or more is not"
            " published (look at the output; allow it if it is meant)",
        )
    if built.files == live.files:
        release = current
    else:
        release = f"{max(map(_number, _releases(target)), default=0) + 1:06}-{built.digest}"
    return Report(
        target=str(target),
        release=release,
        previous=current,
        pages=built.pages,
        files=len(built.files),
        size=sum(file.size for file in built.files.values()),
        added=tuple(path for path in built.files if path not in live.files),
        changed=tuple(path for path, file in built.files.items() if live.files.get(path, file) != file),
        removed=tuple(path for path in live.files if path not in built.files),
        dry_run=dry_run,
    )


def _earlier(target: Path, *, dry_run: bool = False) -> Report:
    current = _linked(target, "current")
    if not current:
        raise refusal(target, "no release is live here, so there is none to go back from")
    earlier = _previous(target, current)
    if not earlier:
        raise refusal(target, f"{current} is the oldest release here, so there is none to go back to")
    now, then = (scan(target / "releases" / name).files for name in (current, earlier))
    return Report(
        target=str(target),
        release=earlier,
        previous=current,
        pages=Tree(then).pages,
        files=len(then),
        size=sum(file.size for file in then.values()),
        added=tuple(path for path in then if path not in now),
        changed=tuple(path for path, file in then.items() if now.get(path, file) != file),
        removed=tuple(path for path in now if path not in then),
        dry_run=dry_run,
    )


def _with(plan: Report, pruned: tuple[str, ...], notes: tuple[str, ...]) -> Report:
    fields = {name: getattr(plan, name) for name in Report.__struct_fields__}
    return Report(**{**fields, "pruned": pruned, "notes": notes})


# --- the steps ------------------------------------------------------------------------------------------------------


def _bring_in(output: Path, built: Tree, target: Path, release: str) -> None:
    """Copy the tree under a temporary name, sync it, and give it its own."""
    releases = target / "releases"
    releases.mkdir(exist_ok=True)
    incoming = releases / f"{_INCOMING}{release}"
    try:
        folders = {incoming}
        incoming.mkdir()
        for path, file in built.files.items():
            place = incoming / path
            place.parent.mkdir(parents=True, exist_ok=True)
            folders.update(parent for parent in place.parents if parent.is_relative_to(incoming))
            if copy(output / path, place) != file:
                raise refusal(output / path, "changed while it was copied, so the site is not published (try again)")
        for folder in folders:
            folder.chmod(0o755)
        _sync_tree(incoming, [incoming / path for path in built.files], folders)
        incoming.rename(releases / release)
        _sync_folder(releases)
        _sync_folder(target)
    except BaseException:
        shutil.rmtree(incoming, ignore_errors=True)
        raise


def _point(target: Path, link: str, release: str) -> None:
    """Move a link to a release: made aside, then one rename."""
    _linked(target, link)  # refuses a folder that stands in its place
    aside = target / f"{_LINK}{link}"
    aside.unlink(missing_ok=True)
    aside.symlink_to(Path("releases", release))
    aside.replace(target / link)


def _settle(target: Path, keep: int) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """After the switch: sync it and delete old releases. Nothing here can undo the switch, so faults become notes."""
    pruned: list[str] = []
    try:
        _sync_folder(target)
        current = _linked(target, "current")
        staying = {current, _previous(target, current), *_releases(target)[-max(keep, 1) :]}
        for name in _releases(target):
            if name not in staying:
                # Renamed first: a release that has its name is a whole one.
                gone = target / "releases" / f"{_PRUNED}{name}"
                (target / "releases" / name).rename(gone)
                pruned.append(name)
                shutil.rmtree(gone)
    except OSError as error:
        return tuple(pruned), (f"the new release is live, but an old one was not cleared away: {_cause(error)}",)
    return tuple(pruned), ()


def _tidy(target: Path) -> None:
    """Remove what a publish that died has left; the lock is ours, so nobody is using it."""
    for link in ("current", "previous"):
        (target / f"{_LINK}{link}").unlink(missing_ok=True)
    with suppress(FileNotFoundError):
        for path in (target / "releases").iterdir():
            if path.name.startswith((_INCOMING, _PRUNED)):
                shutil.rmtree(path)


def _sync_tree(top: Path, files: list[Path], folders: set[Path]) -> None:
    """Write a tree through to the disk: with the whole file system where the kernel offers that, else one by one.

    ``syncfs(2)`` of Linux reports faults of writing since 5.8. For 10,000 pages it is one call in place of 20,000.
    """
    if _syncfs is not None:
        descriptor = os.open(top, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            if _syncfs(descriptor):
                number = ctypes.get_errno()
                raise OSError(number, os.strerror(number), str(top))
        finally:
            os.close(descriptor)
        return
    for path in files:
        _sync(path, os.O_RDONLY)
    for folder in sorted(folders, key=lambda path: -len(path.parts)):
        _sync_folder(folder)


def _sync_folder(folder: Path) -> None:
    _sync(folder, os.O_RDONLY | os.O_DIRECTORY)


def _sync(path: Path, flags: int) -> None:
    descriptor = os.open(path, flags | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def _locked(target: Path) -> Iterator[None]:
    """Hold the target's lock. The file stays: a lock file that is removed could be locked twice."""
    path = target / "publish.lock"
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o644)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.pread(descriptor, 200, 0).decode("utf-8", "replace").strip() or "another process"
            raise refusal(target, f"{holder} is publishing here; try again when it is done") from None
        with suppress(OSError):  # the name is a courtesy: a full disk does not stand in the way of a rollback
            os.ftruncate(descriptor, 0)
            os.pwrite(descriptor, f"process {os.getpid()} on {socket.gethostname()}\n".encode(), 0)
        yield
    finally:
        os.close(descriptor)


# --- refusals -------------------------------------------------------------------------------------------------------


def _refuse_nested(output: Path, target: Path) -> None:
    if not output.is_dir():
        raise refusal(output, "is no folder, so there is nothing to publish (build first)")
    here, there = output.resolve(), target.resolve()
    if here.is_relative_to(there) or there.is_relative_to(here):
        raise refusal(target, f"and the output {output} lie in one another; publish into a folder apart from it")


def _cause(error: OSError) -> str:
    reason = _CAUSES.get(error.errno or 0) or error.strerror or str(error)
    return f"{reason} ({error.filename})" if error.filename else reason


@contextmanager
def _as_deploy_error(target: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise refusal(target, f"not published: {_cause(error)}; what readers see is unchanged") from error
