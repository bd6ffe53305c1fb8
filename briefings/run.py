"""From a settings file to a built site, in the shortest way that gives the same files.

Nothing changed: nothing is read. Ours is the only plugin: the host, which would only read settings and plain pages, is
not started. Else the host builds.
"""

from __future__ import annotations

import gc
import hashlib
from contextlib import suppress
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from briefings.errors import BriefingsError, BuildError, ContentError, Problem
from briefings.report import Report
from briefings.start import Ready

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path
    from typing import Any

    from briefings import fresh
    from briefings.check import Checked
    from briefings.library import Library
    from briefings.model import Site
    from briefings.render import Renderer
    from briefings.settings import Settings

PLUGIN = "briefings.plugin"


class Wish(Struct, frozen=True):
    """What is asked of a build: the arguments of :func:`run`, and what the settings file says."""

    file: Path
    names: Mapping[str, Any]
    """The file's names in capitals. It is run once: settings may be others the next time, and may print."""
    content: Path | None = None
    output: Path | None = None
    skip_invalid: bool = False
    drafts: bool = False
    full: bool = False
    index: bool = True


def run(
    file: Path,
    content: Path | None = None,
    output: Path | None = None,
    *,
    skip_invalid: bool = False,
    drafts: bool = False,
    full: bool = False,
    index: bool = True,
    built: Callable[[Library], object] | None = None,
    explain: dict[str, str] | None = None,
    changed: Sequence[Path] | None = None,
    ready: Ready | None = None,
) -> tuple[Report, tuple[Problem, ...]]:
    """Build the site.

    Args:
        file: the settings file.
        content: instead of the settings' ``PATH``.
        output: instead of the settings' ``OUTPUT_PATH``.
        skip_invalid: go on without the files that have errors.
        drafts: show drafts, marked as such; never for a site that others read.
        full: make everything anew, whatever the last build left.
        index: bring the index for search up to date; else it stays as it is.
        built: is given what the site was made of, once it stands; without it, a site in which nothing has changed is
            not even read.
        explain: takes the reason for every file that was written, by its path.
        changed: all files of content, theme and settings that have changed since the last build, by somebody who has
            watched them; by default all are looked at.
        ready: what a look has seen just before, for the same wishes.

    Returns:
        What was written, and every problem that was found on the way.

    Raises:
        BriefingsError: with every problem; nothing was written, or what stood there still stands.
    """
    if ready is None:
        ready = Ready(
            str(file), str(content) if content else None, str(output) if output else None, skip_invalid=skip_invalid,
            drafts=drafts, index=index, full=full, changed=[str(path) for path in changed] if changed else None,
        )  # fmt: skip
    wish = Wish(file, ready.names, content, output, skip_invalid, drafts, full, index)
    stamp = ready.stamp
    try:
        last = None if full or built else stamp.last()
        if last:
            briefings, pages, files = last.report
            return Report(briefings, pages, files, 0, 0, last.notes), last.problems
        return _changed(wish, stamp, built, explain)
    finally:
        stamp.standing()


def _changed(
    wish: Wish, stamp: fresh.Stamp, built: Callable[[Library], object] | None, explain: dict[str, str] | None
) -> tuple[Report, tuple[Problem, ...]]:  # fmt: skip
    """Build a site in which something has changed."""
    file, content, output = wish.file, wish.content, wish.output
    skip_invalid, drafts, full, index = wish.skip_invalid, wish.drafts, wish.full, wish.index
    plugins = tuple(wish.names.get("PLUGINS") or ())
    if PLUGIN not in plugins:
        raise BuildError(Problem(str(file), 0, "PLUGINS", f'must name "{PLUGIN}"'))
    if plugins != (PLUGIN,):
        from briefings import plugin  # noqa: PLC0415 - the host takes longer to start than a small site to build

        gc.enable()  # the command has it off, which is no choice for plugins of others
        return plugin.run(
            file, content, output, skip_invalid=skip_invalid, drafts=drafts, full=full, index=index, built=built
        )
    if not full and not built and stamp.left and stamp.seen:
        from briefings import edit  # noqa: PLC0415 - not needed when nothing has changed, or nothing is known

        done = edit.attempt(wish, stamp, explain)
        if not isinstance(done, str):
            return done
        from briefings import clone  # noqa: PLC0415 - not needed for an edit

        try:
            back = clone.settle(stamp, lambda: _found(wish)[2])
        except Exception:  # noqa: BLE001 - as for an edit: the whole build says it better
            back = None
        if back is not None:
            report, problems = _after(back, wish, stamp, explain)
            if explain is not None:
                explain.update((path, "it was gone or damaged") for path in back if path not in explain)
            # What was put back was not there: all of the site has been written.
            return replace(report, written=report.files, removed=0) if back else report, problems
    return _build(wish, stamp, built, explain)


def _after(
    back: Sequence[str], wish: Wish, stamp: fresh.Stamp, explain: dict[str, str] | None
) -> tuple[Report, tuple[Problem, ...]]:  # fmt: skip
    """Build, where files may have been put back; say so, where that is all that was done."""
    from briefings import edit  # noqa: PLC0415 - loaded by now

    done = edit.attempt(wish, stamp, explain)
    if not isinstance(done, str):
        return done
    try:
        return _build(wish, stamp, None, explain)
    except BriefingsError as error:
        if not back:
            raise
        what = "the site was gone, and is again what the last build made of it"
        folder = stamp.folders.output if stamp.folders else ""
        refused = error.__class__(*error.problems, Problem(folder, 0, "", what, "warning"))
        refused.outcome = "Nothing else was written."
        raise refused from error


def _found(wish: Wish) -> tuple[Settings, Site, str]:
    """What the settings say; the site, as it is asked for; a digest of that and of the program."""
    from briefings import settings, state  # noqa: PLC0415 - not needed when nothing has changed

    found = settings.load(wish.file, wish.names)
    site = replace(found.site, drafts=found.site.drafts or wish.drafts)
    return found, site, hashlib.sha256(f"{state.program()} {site!r}".encode("utf-8", "surrogatepass")).hexdigest()


def _build(
    wish: Wish, stamp: fresh.Stamp, built: Callable[[Library], object] | None, explain: dict[str, str] | None
) -> tuple[Report, tuple[Problem, ...]]:
    # Not needed when nothing has changed.
    from briefings import check, crew, kept, settings, snapshot  # noqa: PLC0415
    from briefings.kept import Keep  # noqa: PLC0415

    found, site, code = _found(wish)
    content = wish.content.resolve() if wish.content else found.content
    output = wish.output.resolve() if wish.output else found.output
    if not content.is_dir():
        raise ContentError(Problem(str(wish.content or content), 0, "", "no such folder (name one with --content)"))
    if not found.snapshot:
        snapshot.forget(stamp.cache)

    prepared: list[Renderer] = []

    def prepare() -> None:
        """Load what makes pages, and compile templates: every worker needs them, and this process has to wait."""
        with suppress(Exception):  # whatever is wrong with the theme is said when its pages are made
            from briefings import build, feeds, makers, pages  # noqa: PLC0415
            from briefings.render import Renderer  # noqa: PLC0415

            prepared[:] = [Renderer(site, found.theme, build.statics(found.theme), stamp.cache)]
            prepared[0].prepare()
            pages.prepare()
            if not (stamp.cache / makers.MOULDS).exists():
                feeds.prepare()

    def once() -> tuple[Checked, Report]:
        keep = Keep(stamp.cache, code)
        with crew.meanwhile(prepare):
            checked = check.check(content, site, settings.reference_time(), keep)
        keep.save()
        if checked.errors and not wish.skip_invalid:
            raise ContentError(*checked.errors)
        from briefings import build  # noqa: PLC0415 - loaded while others read

        return checked, build.build(
            checked, site, found.theme, output,
            full=wish.full, index=wish.index, stamp=stamp, keep=keep, explain=explain,
            snapshot=snapshot.of(stamp.cache) if found.snapshot else None, renderer=prepared[0] if prepared else None,
        )  # fmt: skip

    try:
        # What a build makes stays until its end: looking for garbage in it costs a fifth of the time.
        with crew.uncollected():
            try:
                checked, report = once()
            except BriefingsError:
                raise
            except Exception:  # noqa: BLE001 - whatever comes of what was kept: it may be damaged, and is not needed
                kept.discard(stamp.cache)
                checked, report = once()
    except BriefingsError:
        raise
    except Exception as error:
        what = f"the build failed: {error.__class__.__name__}: {error}"
        raise BriefingsError(Problem(str(wish.file), 0, "", what)) from error
    if built:
        built(checked.library)
    return report, (*checked.problems, *report.notes)
