"""The command ``briefings``: arguments and messages, no logic.

Results go to standard output, everything else to standard error. Exit status 0 only if everything asked for was done;
1 when something was refused; 2 for wrong arguments.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from briefings import __version__, messages
from briefings.errors import BriefingsError, DeployError, Problem, tally
from briefings.messages import complain
from briefings.start import SETTINGS

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from briefings.library import Library
    from briefings.model import Draft, Site

PUBLISH_SETTINGS = "publishconf.py"

_HELP = """\
briefings turns raw articles into reviewed briefings and publishes them as a static site.

  briefings ingest inbox/                 drafts from raw files, never over an editor's file
  briefings explain article.txt           what was found and why, without writing
  briefings check                         everything that keeps content from being published
  briefings build                         write the site into output/
  briefings serve                         build, watch, reload the browser
  briefings publish /srv/www              check, build, then switch the site as a whole
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; return its exit status."""
    options = _parser().parse_args(arguments)
    run: Callable[[argparse.Namespace], int] = options.run
    return messages.told(lambda: run(options), options.outcome)


def _parser() -> argparse.ArgumentParser:
    top = argparse.ArgumentParser(
        prog="briefings", description=_HELP, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    top.add_argument("--version", action="version", version=f"briefings {__version__}")
    commands = top.add_subparsers(required=True, metavar="COMMAND")

    def command(
        name: str, run: Callable[[argparse.Namespace], int], outcome: str, text: str
    ) -> argparse.ArgumentParser:
        parser = commands.add_parser(name, help=text, description=text)
        parser.set_defaults(run=run, outcome=outcome)
        return parser

    ingest = command("ingest", _ingest, "Nothing was written.", "turn raw files into drafts")
    ingest.add_argument("seeds", nargs="+", metavar="SEED", help="a file, a folder, or - for standard input")
    ingest.add_argument("--content", type=Path, metavar="DIR", help="the content folder (default: the settings' PATH)")
    ingest.add_argument("--dry-run", action="store_true", help="say what would be written, and write nothing")
    ingest.add_argument("--report", type=Path, metavar="FILE", help="write a report, one JSON object a line")

    explain = command("explain", _explain, "Nothing was written.", "show what is found in raw files, and why")
    explain.add_argument("seeds", nargs="+", metavar="SEED", help="a file, a folder, or - for standard input")
    explain.add_argument("--content", type=Path, metavar="DIR", help="whose tables of sources and tags to use")
    form = explain.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="one JSON object a line")
    form.add_argument("--html", action="store_true", help="one page: the article marked, beside its fields")
    explain.add_argument("-o", "--output", type=Path, metavar="FILE", help="write the page there; means --html")

    check = command("check", _check, "Nothing was written.", "say everything that keeps content from being published")
    check.add_argument("--content", type=Path, metavar="DIR")
    check.add_argument("--json", action="store_true", help="one JSON object a problem, a line each")
    check.add_argument(
        "--write-ledger", action="store_true", help="note in published.txt that all of it has gone out, as publish does"
    )

    build = command("build", _build, "Nothing was written.", "write the site")
    build.add_argument("--content", type=Path, metavar="DIR")
    build.add_argument("--output", type=Path, metavar="DIR")
    build.add_argument("--drafts", action="store_true", help="show drafts too, marked as such")
    build.add_argument("--skip-invalid", action="store_true", help="go on without the files that have errors")
    build.add_argument("--explain", action="store_true", help="say of every file that was written, why")
    build.add_argument("--full", action="store_true", help="make every file anew, not only what changed")
    build.add_argument("--no-search", action="store_true", help="leave the index for search as it is")
    build.add_argument("--json", action="store_true", help="the report as one JSON object")

    serve = command("serve", _serve, "", "build, serve on this machine, and reload when something changes")
    serve.add_argument("--content", type=Path, metavar="DIR")
    serve.add_argument("--output", type=Path, metavar="DIR", help="default: a folder beside the site's own")
    serve.add_argument("--no-search", action="store_true", help="leave the index for search as it is")
    serve.add_argument("--port", type=int, default=8000)
    serve.add_argument("--no-drafts", action="store_true", help="leave drafts out, as the published site does")

    publish = command("publish", _publish, "What readers see is unchanged.", "check, build, then switch the site")
    publish.add_argument("target", metavar="FOLDER", help="a folder; its link `current` is what the web server serves")
    publish.add_argument("--content", type=Path, metavar="DIR")
    publish.add_argument(
        "--output", type=Path, metavar="DIR", help="where to build (default: the settings' OUTPUT_PATH)"
    )
    publish.add_argument("--dry-run", action="store_true", help="say what would change, and change nothing")
    publish.add_argument("--force", action="store_true", help="publish even if the site has become much smaller")

    ping = command("ping", _ping, "", "tell the WebSub hub and IndexNow again what the last publish changed")
    ping.add_argument("target", metavar="FOLDER", help="the folder that was published to")

    diff = command("feeddiff", _feeddiff, "", "say what subscribers would see if one built site replaced another")
    diff.add_argument("old", type=Path, metavar="OLD", help="output folder of a build")
    diff.add_argument("new", type=Path, metavar="NEW", help="another one")
    diff.add_argument("--json", action="store_true", help="one JSON object a difference, a line each")

    digest = command("digest", _digest, "Nothing was written.", "write a digest as an e-mail, ready to be sent")
    which = digest.add_mutually_exclusive_group(required=True)
    which.add_argument("period", nargs="?", metavar="PERIOD", help="2026-11-20, 2026-W47 or 2026-11")
    kinds = ("day", "week", "month")
    which.add_argument(
        "--latest", nargs="?", const="week", choices=kinds, metavar="KIND",
        help="the last day, week (if nothing is said) or month that is over",
    )  # fmt: skip
    which.add_argument(
        "--all", nargs="?", const="week", choices=kinds, metavar="KIND",
        help="each day, week or month that is over; -o names a folder",
    )  # fmt: skip
    digest.add_argument("-o", "--output", type=Path, metavar="FILE", help="write there, not to standard output")
    digest.add_argument("--content", type=Path, metavar="DIR")

    rollback = command("rollback", _rollback, "What readers see is unchanged.", "put the previous release back")
    rollback.add_argument("target", metavar="FOLDER")

    for parser, default in (
        (ingest, SETTINGS), (explain, SETTINGS), (check, SETTINGS), (build, SETTINGS), (serve, SETTINGS),
        (publish, PUBLISH_SETTINGS), (ping, PUBLISH_SETTINGS), (digest, PUBLISH_SETTINGS),
    ):  # fmt: skip
        parser.add_argument("--settings", type=Path, default=None, metavar="FILE", help=f"default: {default}")
        parser.set_defaults(default_settings=default)
    return top


def _settings_file(options: argparse.Namespace) -> Path:
    return options.settings or Path(options.default_settings)


def _content(options: argparse.Namespace) -> Path:
    """The content folder: as asked for, else as the settings say."""
    from briefings import settings

    return options.content or settings.load(_settings_file(options)).content


def _ingest(options: argparse.Namespace) -> int:
    from contextlib import nullcontext

    from briefings import ingest
    from briefings.progress import Progress

    total = sum(1 for _ in ingest.files(options.seeds)) if sys.stderr.isatty() else 0
    progress = Progress(total, "seeds")
    report = ingest.Report(dry_run=options.dry_run)
    content = _content(options)
    try:
        report_file = options.report.open("w", encoding="utf-8") if options.report else nullcontext()
    except OSError as error:
        what = f"the report cannot be written ({error.strerror})"
        raise BriefingsError(Problem(options.report.as_posix(), 0, "--report", what)) from error
    with report_file as rows:
        for outcome in ingest.stream(
            options.seeds,
            content,
            dry_run=options.dry_run,
            wait=lambda: print(f"{content}: another ingest is at work; waiting for it", file=sys.stderr),
        ):
            report.count(outcome)
            progress.clear()
            if line := outcome.line():
                print(line)
            complain(outcome.problems, "")
            if rows:
                print(outcome.as_json(), file=rows, flush=True)
            progress.step(f"{report.counts['refused']} refused" if report.counts["refused"] else "")
    progress.clear()
    print(report.summary(), file=sys.stderr)
    return 1 if report.errors else 0


def _noted(item: Draft | Problem, refused: list[Problem]) -> Draft | Problem:
    """Pass an item on, and keep it if it is a problem."""
    if isinstance(item, Problem):
        refused.append(item)
    return item


def _explain(options: argparse.Namespace) -> int:
    from briefings import explain, ingest

    content = options.content
    if content is None and _settings_file(options).is_file():
        content = _content(options)
    color = sys.stdout.isatty() and not os.environ.get("NO_COLOR")
    failed = False
    found = ingest.drafts(options.seeds, content)
    if options.json and options.output:
        print("briefings explain: -o FILE is for the page; send --json on with > FILE", file=sys.stderr)
        return 2
    if options.html or options.output:
        from briefings import explain_html

        refused: list[Problem] = []
        seen = (_noted(item, refused) for item in found)
        if options.output:
            explain_html.write(seen, options.output)
        else:
            sys.stdout.writelines(explain_html.page(seen))
        complain(refused, "")
        return 1 if refused else 0
    for item in found:
        if isinstance(item, Problem):
            failed = True
            if options.json:
                print(json.dumps({"seed": item.file, "problems": [str(item)]}, ensure_ascii=False))
            complain([item], "")
        elif options.json:
            print(explain.as_json(item))
        else:
            print(explain.as_text(item, color=color))
    return 1 if failed else 0


def _check(options: argparse.Namespace) -> int:
    from briefings import check, settings

    found = settings.load(_settings_file(options))
    checked = check.check(options.content or found.content, found.site, settings.reference_time())
    if options.json:
        for problem in checked.problems:
            print(json.dumps({name: getattr(problem, name) for name in Problem.__struct_fields__}, ensure_ascii=False))
    else:
        complain(checked.problems, "Nothing was written.")
    shelf = checked.library
    if options.write_ledger and not checked.errors:
        _note(options.content or found.content, shelf)
    questions = sum(len(briefing.questions) for briefing in shelf.drafts)
    if not checked.errors:
        print(
            _ready(len(shelf.briefings), len(shelf.held), len(shelf.drafts), questions),
            file=sys.stderr if options.json else sys.stdout,
        )
    return 1 if checked.errors else 0


def _ready(ready: int, held: int, drafts: int, questions: int) -> str:
    """``1 briefing can be published, 2 wait for their time, 1 draft with 3 open questions.``"""
    parts = [
        f"{_many(ready, 'briefing')} can be published",
        f"{held} {'waits' if held == 1 else 'wait'} for {'its' if held == 1 else 'their'} time",
    ]
    parts.append(f"{_many(drafts, 'draft')} with {_many(questions, 'open question')}")
    return f"{', '.join(parts)}."


def _many(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def _note(content: Path, shelf: Library) -> None:
    """Keep the ledger of what has gone out; that it cannot be written undoes nothing."""
    from briefings import ledger

    try:
        count = ledger.update(content, shelf)
    except OSError as error:
        print(
            f"note: {ledger.FILE} cannot be written ({error.strerror}); run briefings check --write-ledger",
            file=sys.stderr,
        )
        return
    if count:
        print(f"{ledger.FILE}: {count} more went out; commit it with the content", file=sys.stderr)


def _build(options: argparse.Namespace) -> int:
    return messages.build(
        _settings_file(options), options.content, options.output, skip_invalid=options.skip_invalid,
        drafts=options.drafts, full=options.full, index=not options.no_search, explain=options.explain,
        as_json=options.json,
    )  # fmt: skip


def _serve(options: argparse.Namespace) -> int:
    from briefings import run, serve, settings

    file = _settings_file(options)
    found = settings.load(file)
    content = options.content or found.content
    output = options.output or found.output.with_name(f"{found.output.name}-preview")

    def rebuild(changed: Sequence[Path] | None) -> str | None:
        # The index for search is made of everything: what is being written is found once it is built or published.
        index = changed is None and not options.no_search
        try:
            run.run(file, content, output, drafts=not options.no_drafts, index=index, changed=changed or None)
        except BriefingsError as error:
            return f"{error}\n{tally(error.problems, 'The last good pages are still served.')}"
        if changed is not None and not changed:
            # The watch has begun: what most edits need is loaded before the first one.
            from briefings import api, digest_feeds, edit, feeds, lists, machines  # noqa: F401
        return None

    serve.serve(output, rebuild, (content, found.theme, found.file), options.port)
    return 0


def _publish(options: argparse.Namespace) -> int:
    from briefings import report as reports
    from briefings import run, scan, settings
    from briefings.deploy import TARGETS

    file = _settings_file(options)
    shelves: list[Library] = []
    report, problems = run.run(file, options.content, options.output, built=shelves.append)
    complain(problems, "")
    print(reports.summary(report), file=sys.stderr)
    output = options.output or settings.load(file).output
    if not report.briefings and not options.force:
        what = "not one briefing is on this site (is this the right content folder? --force publishes it all the same)"
        raise DeployError(Problem(str(output), 0, "", what))
    found = settings.load(file)
    complain(scan.scan(output, found.site.url).lost, "")
    live = Path(options.target) / "current"
    before = live.resolve() if live.is_dir() else None
    print(dict(TARGETS)["folder"](output, options.target, options.dry_run, allow_shrink=options.force))
    if not options.dry_run:
        _note(options.content or found.content, *shelves)  # never a second reading: a file may have come meanwhile
        if live.resolve() != before:
            _tell(found.site, before, live.resolve())
    return 0


def _tell(site: Site, before: Path | None, after: Path) -> bool:
    """Tell hub and search engines, as far as the settings name any, what changed; return whether all took it."""
    from briefings import ping

    if not (site.hub or site.indexnow):
        return True
    taken = True
    for outcome in ping.tell(ping.calls(site, ping.changed(before, after))):
        print(f"ping: {outcome}", file=sys.stderr)
        taken = taken and not outcome.problem
    return taken


def _ping(options: argparse.Namespace) -> int:
    from briefings import settings

    site = settings.load(_settings_file(options)).site
    if not (site.hub or site.indexnow):
        print('nobody to tell: the settings name no hub and no indexnow (BRIEFINGS["hub"])')
        return 0
    live, previous = Path(options.target) / "current", Path(options.target) / "previous"
    if not live.is_dir():
        raise DeployError(Problem(str(live), 0, "", "nothing is published there (publish first)"))
    return 0 if _tell(site, previous.resolve() if previous.is_dir() else None, live.resolve()) else 1


def _feeddiff(options: argparse.Namespace) -> int:
    from briefings import feeddiff

    found = feeddiff.compare(options.old, options.new)
    text = feeddiff.as_json(found) if options.json else feeddiff.as_text(found)
    if text:
        print(text)
    return 1 if feeddiff.grave(found) else 0


def _digest(options: argparse.Namespace) -> int:
    from briefings import post

    if options.all and not options.output:
        print("briefings digest: --all needs -o FOLDER", file=sys.stderr)
        return 2
    office = post.office(_settings_file(options), options.content)
    if options.all:
        count = post.write_all(office, options.all, options.output)
        print(f"{count} messages in {options.output}, a file each")
        return 0
    name, data, notes = post.one(office, options.period or "", options.latest or "")
    for note in notes:
        print(f"note: {note}", file=sys.stderr)
    if options.output:
        post.put(options.output, data)
        print(f"{options.output}: the digest of {name}", file=sys.stderr)
    else:
        # As programs on this machine take it; files keep the line ends of mail.
        sys.stdout.buffer.write(data.replace(b"\r\n", b"\n"))
    return 0


def _rollback(options: argparse.Namespace) -> int:
    from briefings.deploy import folder

    print(folder.rollback(Path(options.target)))
    return 0
