"""What the command says: results to standard output, everything else to standard error, and the exit status."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from briefings import report as reports
from briefings import run
from briefings.errors import BriefingsError, tally
from briefings.start import flushed, lost, say

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from briefings.errors import Problem
    from briefings.start import Ready


def told(work: Callable[[], int], outcome: str) -> int:
    """Do what a command is for; say what went wrong as messages.

    Args:
        work: does it, and gives the exit status.
        outcome: what becomes of the work where it is refused: ``Nothing was written.``
    """
    try:
        status = work()
    except BriefingsError as error:
        complain(error.problems, error.outcome or outcome)
        return 1
    except BrokenPipeError as error:
        return lost(error)
    except KeyboardInterrupt:
        print("stopped", file=sys.stderr)
        return 130
    return flushed() or status  # a reader who has gone away is found out here, not at the end of Python


def complain(problems: Iterable[Problem], outcome: str) -> None:
    """Write problems, then the count and what became of the work, to standard error."""
    found = sorted(problems)
    flushed()  # so that results and complaints stay in order where both go to one place
    for problem in found:
        print(problem, file=sys.stderr)
    errors = [problem for problem in found if problem.severity == "error"]
    if errors and outcome:
        print(tally(errors, outcome), file=sys.stderr)


def build(
    file: Path, content: Path | None = None, output: Path | None = None, *, skip_invalid: bool = False,
    drafts: bool = False, full: bool = False, index: bool = True, explain: bool = False, as_json: bool = False,
    ready: Ready | None = None,
) -> int:  # fmt: skip
    """Build a site and say what was done; arguments are those of :func:`briefings.run.run`.

    Args:
        file: the settings file.
        content: instead of the settings' folder.
        output: the same.
        skip_invalid: go on without the files that have errors.
        drafts: show drafts.
        full: make everything anew.
        index: bring the index for search up to date.
        explain: say of each written file why it was written.
        as_json: the report as one JSON object.
        ready: what has been seen for just this build.

    Raises:
        BriefingsError: with every problem.
    """
    why: dict[str, str] = {}
    report, problems = run.run(
        file, content, output, skip_invalid=skip_invalid, drafts=drafts, full=full, index=index,
        explain=why if explain else None, ready=ready,
    )  # fmt: skip
    errors = [problem for problem in problems if problem.severity == "error"]
    complain(problems, "The site was built without them." if errors else "")
    if as_json:
        return say(reports.as_json(report, why if explain else None))
    return say("\n".join((*(f"{path}: {why[path]}" for path in sorted(why)), reports.summary(report))))
