"""Measure what ``briefings explain --json`` finds in articles whose facts are known, and how fast.

usage: measure.py DATA [--half odd|even] [--errors N] [--json]

DATA is a folder of data sets, ``SET.jsonl``: one article a line, ``{"id", "set", "text", "gold": {…}}``. Each text is
written as a seed, the text alone, and one command explains a whole set. ``--half`` looks at every other article, so
that rules can be mended on one half and judged on the other. docs/measures.md says what is measured on which data.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any, NamedTuple

import scoring

ROOT = Path(__file__).resolve().parent.parent
NEWS = ("reuters", "trnews", "gwn", "geovirus", "cliff", "lgl")
SPEED_SET = "reuters"
STARTS = 5


class Aim(NamedTuple):
    """A row of the table: a figure of a set, what the method described beside the data reached, and what is aimed at.

    ``aim`` is the least to reach, or the most for what should be ``small``; ``of`` names a figure of :func:`_figures`.
    """

    field: str
    set: str
    of: str
    reference: float | None
    aim: float | None
    unit: str = "%"
    small: bool = False


AIMS = (
    Aim("country", "reuters", "country", 97, 98),
    Aim("country", "trnews", "country", 90, 93),
    Aim("country", "gwn", "country", 86, 90),
    Aim("country", "geovirus", "country", 90, 94),
    Aim("country", "cliff", "country", 94, 97),
    Aim("country", "lgl", "country", 82, 85),
    Aim("country", "humset", "country", 83, None),
    Aim("place within 161 km", "trnews", "place", 72, 76),
    Aim("place within 161 km", "gwn", "place", 66, 72),
    Aim("place within 161 km", "geovirus", "place", 82, 86),
    Aim("place within 161 km", "lgl", "place", 59, 64),
    Aim("traps, all fields right", "traps: easy", "whole", 96, 100),
    Aim("traps, all fields right", "traps: hard", "whole", 69, 90),
    Aim("date exact, or rightly undated", "reuters", "date", 99.7, 99.7),
    Aim("date exact, or rightly undated", "muc", "date", 99.9, 99.9),
    Aim("date exact, or rightly undated", "traps", "date", 96.9, 96.9),
    Aim("date invented", "all", "date_invented", 0, 0, "", small=True),
    Aim("date over-precise", "all", "date_over", None, 0, "", small=True),
    Aim("date wrong", "all", "date_wrong", None, None, "", small=True),
    Aim("date missed", "all", "date_missed", None, None, "", small=True),
    Aim("date vaguer than the text", "all", "date_under", None, None, "", small=True),
    Aim("date given where gold has none to compare", "all", "date_unasked", None, None, "", small=True),
    Aim("source", "reuters", "source", 98.9, 98.9),
    Aim("source", "muc", "source", 100, 100),
    Aim("source", "traps", "source", 100, 100),
    Aim("source where there is none", "all", "source_unasked", None, None, "", small=True),
    Aim("author", "reuters", "author", 95, 95),
    Aim("author", "traps", "author", 100, 100),
    Aim("author where there is none", "all", "author_unasked", None, None, "", small=True),
    Aim("filed from", "traps", "filed_from", None, None),
    Aim("filed from", "muc", "filed_from", None, None),
    Aim("sure of the country: right", "news", "sure", 96, 97),
    Aim("sure of the country: share answered so", "news", "sure_share", 52, 60),
    Aim("sure of the country: right", "news but reuters", "sure", None, 97),
    Aim("sure of the country: share answered so", "news but reuters", "sure_share", None, 60),
    Aim("ReliefWeb themes, micro F1", "reliefweb", "f1", 0.40, 0.50, "F1"),
    Aim("articles with a question on glued words", "news", "glued", None, 1, small=True),
    Aim("processor time an article", SPEED_SET, "ms", 13, 5, "ms", small=True),
    Aim("elapsed time an article", SPEED_SET, "elapsed_ms", None, None, "ms", small=True),
    Aim("start-up, a short seed in a new process", "-", "start", None, 0.5, "s", small=True),
    Aim("memory, most resident", SPEED_SET, "memory", None, 250, "MB", small=True),
)
"""What is to be reached, in the order it is printed."""


class Run(NamedTuple):
    """What one command printed, and what it took: seconds elapsed and of the processors, MB resident at most."""

    answers: list[dict[str, Any]]
    elapsed: float
    busy: float
    memory: float


def main(arguments: list[str] | None = None) -> int:
    """Run the measurements; exit status 1 if an aim is not reached."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path, metavar="DATA")
    parser.add_argument("--half", choices=("odd", "even"), help="only every other article of each set")
    parser.add_argument("--sets", default="", help="only these sets, with commas")
    parser.add_argument(
        "--errors", type=int, default=0, metavar="N", help="show at most N wrong answers a field and set"
    )
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(arguments)
    files = sorted(options.data.glob("*.jsonl"))
    wanted = options.sets.split(",") if options.sets else [file.stem for file in files]
    if not files or set(wanted) - {file.stem for file in files}:
        print(f"{options.data}: no such sets: {options.sets or '*.jsonl'}", file=sys.stderr)
        return 2
    articles = {file.stem: take(load(file), options.half) for file in files if file.stem in wanted}
    rows, misses = measure(articles)
    if options.json:
        print(json.dumps([row._asdict() | {"reached": reached, "n": n} for row, reached, n in rows], indent=1))
    else:
        print(table(rows))
    if options.errors:
        print(listing(misses, articles, options.errors))
    return 0 if all(met(row, reached) for row, reached, _ in rows) else 1


def load(file: Path) -> list[dict[str, Any]]:
    """The articles of a set."""
    with file.open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines if line.strip()]


def take(articles: list[dict[str, Any]], half: str | None) -> list[dict[str, Any]]:
    """Every article, or the first, third, … (``odd``) or the second, fourth, … (``even``)."""
    return articles if half is None else articles[0 if half == "odd" else 1 :: 2]


def measure(
    articles: dict[str, list[dict[str, Any]]],
) -> tuple[list[tuple[Aim, float, int]], list[tuple[str, scoring.Miss]]]:
    """Explain every set, and return the rows that these sets can fill, and the wrong answers."""
    counts: dict[str, Counter[str]] = {}
    misses: list[tuple[str, scoring.Miss]] = []
    cost: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as folder:
        start = _start(Path(folder))
        for name, found in articles.items():
            run = explain([article["text"] for article in found], Path(folder) / name)
            total = Counter[str]()
            for article, answer in zip(found, run.answers, strict=True):
                count, wrong = scoring.score(article, answer)
                total += count
                misses += [(name, miss) for miss in wrong]
                if name == "traps":
                    kind = "traps: hard" if article["id"].startswith("trap-hard") else "traps: easy"
                    counts[kind] = counts.get(kind, Counter()) + count
            counts[name] = total
            if name == SPEED_SET:
                cost = {
                    "ms": 1000 * (run.busy - start.busy) / len(found),
                    "elapsed_ms": 1000 * (run.elapsed - start.elapsed) / len(found),
                    "memory": run.memory,
                }
    counts["all"] = sum((counts[name] for name in articles), Counter())
    counts["news"] = sum((counts[name] for name in NEWS if name in counts), Counter())
    counts["news but reuters"] = sum((counts[name] for name in NEWS[1:] if name in counts), Counter())
    figures = {name: _figures(count) for name, count in counts.items()}
    figures["-"] = {"start": (start.elapsed, STARTS)}
    if cost:
        figures[SPEED_SET] |= {key: (number, counts[SPEED_SET]["n"]) for key, number in cost.items()}
    rows = [(row, *figures[row.set][row.of]) for row in AIMS if row.of in figures.get(row.set, {})]
    return rows, misses


def explain(texts: list[str], folder: Path) -> Run:
    """Write ``texts`` as seeds below ``folder`` and run the command on it, with no settings of a site."""
    folder.mkdir()
    for number, text in enumerate(texts):
        (folder / f"{number:05}.txt").write_bytes(text.encode())
    out = folder.with_suffix(".out")
    environment = {key: text for key, text in os.environ.items() if key != "PYTHONPROFILEIMPORTTIME"}
    environment["PYTHONPATH"] = str(ROOT)
    began = time.perf_counter()
    with out.open("wb") as stdout:
        command = [sys.executable, "-m", "briefings", "explain", "--json", folder.name]
        child = subprocess.Popen(command, stdout=stdout, cwd=folder.parent, env=environment)
        _, status, used = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
    elapsed = time.perf_counter() - began
    answers = {}
    with out.open(encoding="utf-8") as lines:
        for line in lines:
            answer = json.loads(line)
            answers[answer["seed"]] = answer
    names = [f"{folder.name}/{number:05}.txt" for number in range(len(texts))]
    refused = [name for name in names if "location" not in answers.get(name, {})]
    if refused:
        raise SystemExit(
            f"explain refused {len(refused)} seeds of {folder.name}, status {child.returncode}: {refused[:5]}"
        )
    return Run([answers[name] for name in names], elapsed, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)


def _start(folder: Path) -> Run:
    """What a process takes that explains one short seed: the least of some, since other work can only add to it."""
    seed = ["Floods in Beira\n\nBEIRA, Mozambique, March 4 - Rain fell."]
    runs = [explain(seed, folder / f"start{number}") for number in range(STARTS)]
    return Run([], min(run.elapsed for run in runs), min(run.busy for run in runs), 0)


def _figures(count: Counter[str]) -> dict[str, tuple[float, int]]:
    """From counts to figures, each with how many articles it rests on."""
    figures: dict[str, tuple[float, int]] = {}
    for field in ("country", "place", "date", "source", "author", "filed_from"):
        if asked := count[f"{field}_n"]:
            figures[field] = (100 * count[f"{field}_right"] / asked, asked)
    for outcome in ("invented", "over", "wrong", "missed", "under"):
        figures[f"date_{outcome}"] = (count[f"date_{outcome}"], count["date_n"])
    for field in ("date", "source", "author"):
        figures[f"{field}_unasked"] = (count[f"{field}_unasked"], count["n"])
    if count["n"]:
        figures["whole"] = (100 * count["whole"] / count["n"], count["n"])
    if count["country_n"]:
        figures["sure_share"] = (100 * count["sure"] / count["country_n"], count["country_n"])
        figures["sure"] = (100 * count["sure_right"] / max(1, count["sure"]), count["sure"])
    if count["tags_n"]:
        figures["f1"] = (scoring.f1(count), count["tags_n"])
    if count["glued_n"]:
        figures["glued"] = (100 * count["glued"] / count["glued_n"], count["glued_n"])
    return figures


def met(row: Aim, reached: float) -> bool:
    """Whether the aim, if there is one, is reached; compared as printed."""
    figure = round(reached, digits(row))
    return row.aim is None or (figure <= row.aim if row.small else figure >= row.aim)


def digits(row: Aim) -> int:
    """How many decimals of a row's figure are printed."""
    return {"": 0, "F1": 3, "s": 2}.get(row.unit, 1)


def table(rows: list[tuple[Aim, float, int]]) -> str:
    """The rows as a Markdown table; ``NOT REACHED`` where an aim is not."""
    lines = ["| field | set | n | reference | aim | reached | |", "| --- | --- | --- | --- | --- | --- | --- |"]
    for row, reached, n in rows:
        unit = {"": "", "F1": ""}.get(row.unit, f" {row.unit}")
        reference = "-" if row.reference is None else f"{row.reference:g}{unit}"
        aim = "-" if row.aim is None else f"{'≤' if row.small else '≥'} {row.aim:g}{unit}"
        mark = "" if met(row, reached) else "NOT REACHED"
        lines.append(
            f"| {row.field} | {row.set} | {n:,} | {reference} | {aim} | {reached:.{digits(row)}f}{unit} | {mark} |"
        )
    return "\n".join(lines)


def listing(misses: list[tuple[str, scoring.Miss]], articles: dict[str, list[dict[str, Any]]], most: int) -> str:
    """Wrong answers, a line each: set, field, id, gold, answer, rule, and how the text begins."""
    texts = {article["id"]: article["text"] for found in articles.values() for article in found}
    shown = Counter[tuple[str, str]]()
    lines = []
    for name, miss in sorted(misses, key=lambda pair: (pair[1].field, pair[0])):
        shown[name, miss.field] += 1
        if shown[name, miss.field] <= most:
            begins = " / ".join(texts[miss.id][:90].splitlines())
            lines.append(f"{miss.field:>14} {miss.id}: gold {miss.gold}; found {miss.answer} [{miss.rule}] | {begins}")
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
