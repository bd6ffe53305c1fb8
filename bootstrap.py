#!/usr/bin/env python3
"""Set the project up and run one of its tasks, with nothing but Python and git on the machine.

    python3 bootstrap.py demo     ingest the sample seeds, build the demo site, say where both are
    python3 bootstrap.py test     everything that has to hold: ruff, mypy, pytest
    python3 bootstrap.py          the list of tasks

The first run makes ``.venv`` beside this file and installs into it what the lock file names, each archive checked
against its SHA-256. Later runs start at once: a stamp in ``.venv`` says what was installed. Any folder may be the
current one. Standard library only.
"""

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent
OLDEST, NEWEST = (3, 11), (3, 13)


def start_again_with_supported_python():
    """Replace this process by a Python of the path that will do, or say that there is none."""
    for minor in range(NEWEST[1], OLDEST[1] - 1, -1):
        other = shutil.which(f"python3.{minor}")
        if other and subprocess.call([other, "-c", ""], stderr=subprocess.DEVNULL) == 0:
            print(f"bootstrap: using {other}", file=sys.stderr, flush=True)
            os.execv(other, [other, str(Path(__file__).resolve()), *sys.argv[1:]])
    this = f"{sys.version_info[0]}.{sys.version_info[1]} ({sys.executable})"
    sys.exit(f"bootstrap: Python 3.11, 3.12 or 3.13 is needed; this is {this} and no other one is on the path.")


# Up to here the syntax and the library are those of Python 3.6, so that an old one reaches the message.
if not OLDEST <= sys.version_info[:2] <= NEWEST:
    start_again_with_supported_python()

VENV = ROOT / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
STAMP = VENV / "briefings-setup.json"
RUN_LOCK, DEV_LOCK = "requirements.lock", "requirements-dev.lock"
RUN_TASKS = ("demo", "build", "serve", "--list")
"""Tasks for which the packages of ``requirements.lock`` are enough; every other one needs those of contributors too."""

HINTS = (
    ("do not match the hashes", "an archive is not the one that was locked: do not use it"),
    ("no space left", "the disk is full"),
    ("connection", "the package index was not reached: check the network, the proxy and pip's configuration"),
    ("resolve", "the package index was not reached: check the network, the proxy and pip's configuration"),
    (
        "no matching distribution",
        "the package index has no such release: check pip's configuration",
    ),
)
"""What pip says, in small letters, and what to tell the reader; the first that fits."""


def venv_works() -> bool:
    """Tell whether ``.venv`` holds a supported Python that starts and has pip: it may have been moved or half made."""
    if not PYTHON.exists():
        return False
    probe = "import sys, pip; print(*sys.version_info[:2]); print(sys.prefix)"
    run = subprocess.run([PYTHON, "-c", probe], capture_output=True, text=True, check=False)
    if run.returncode:
        return False
    version, prefix = run.stdout.splitlines()
    major, minor = version.split()
    return OLDEST <= (int(major), int(minor)) <= NEWEST and Path(prefix).resolve() == VENV.resolve()


def make_venv() -> None:
    say(f"making {VENV} with Python {sys.version_info[0]}.{sys.version_info[1]}")
    try:
        import ensurepip  # noqa: F401 - Debian ships it apart
        import venv
    except ImportError as missing:
        sys.exit(
            f"bootstrap: this Python lacks the module {missing.name}, which makes virtual environments.\n"
            "           On Debian and Ubuntu: apt install python3-venv"
        )
    try:
        venv.EnvBuilder(clear=True, with_pip=True).create(VENV)
    except (OSError, subprocess.CalledProcessError) as error:
        sys.exit(f"bootstrap: cannot make {VENV}: {error}")


def pip_install(*arguments: str) -> None:
    """Install, quietly; on failure show what pip said and what to try, and stop."""
    command = [PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input", *arguments]
    run = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    if run.returncode:
        print(run.stdout.rstrip(), file=sys.stderr)
        said = run.stdout.lower()
        otherwise = f"see above; to start afresh, remove {VENV}"
        sys.exit(f"bootstrap: packages not installed: {next((say for sign, say in HINTS if sign in said), otherwise)}")


def digests(lock: str) -> "dict[str, str]":
    """Of the files that decide what is installed."""
    return {name: hashlib.sha256((ROOT / name).read_bytes()).hexdigest() for name in (lock, "pyproject.toml")}


def installed() -> "dict[str, str]":
    """What the stamp says; anything unreadable counts as nothing."""
    try:
        stamp = json.loads(STAMP.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return stamp if isinstance(stamp, dict) else {}


def set_up(lock: str) -> None:
    """Bring ``.venv`` to what the lock says. The packages of contributors include those for running."""
    if not venv_works():
        make_venv()
    have = installed()
    if any(digests(enough).items() <= have.items() for enough in (lock, DEV_LOCK)):
        return
    say(f"installing the packages of {lock} (the first time this takes a minute or two)")
    # Archives without a wheel are built with the locked setuptools: an isolated build would fetch one unchecked.
    with tempfile.TemporaryDirectory() as folder:
        builder = Path(folder, "setuptools.lock")
        builder.write_text(locked("setuptools", lock), encoding="utf-8")
        pip_install("--require-hashes", "--requirement", str(builder))
    pip_install("--require-hashes", "--no-build-isolation", "--use-pep517", "--requirement", lock)
    pip_install("--no-deps", "--no-build-isolation", "--editable", ".")
    STAMP.write_text(json.dumps(digests(lock), indent=1) + "\n", encoding="utf-8")


def locked(package: str, lock: str) -> str:
    """The entry of one package in a lock file: its line and, after backslashes, its hashes."""
    lines = (ROOT / lock).read_text(encoding="utf-8").splitlines()
    start = next(number for number, line in enumerate(lines) if line.startswith(f"{package}=="))
    end = next(number for number in range(start, len(lines)) if not lines[number].endswith("\\"))
    return "\n".join(lines[start : end + 1]) + "\n"


def say(message: str) -> None:
    """Print to stderr: stdout belongs to the task."""
    print(f"bootstrap: {message}", file=sys.stderr, flush=True)


def main(arguments: "list[str]") -> int:
    if arguments[:1] in (["-h"], ["--help"]):
        print(__doc__.strip())
        return 0
    task = arguments or ["--list"]
    try:
        set_up(RUN_LOCK if task[0] in RUN_TASKS else DEV_LOCK)
        return subprocess.call([PYTHON, "-m", "invoke", *task], cwd=ROOT)
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
