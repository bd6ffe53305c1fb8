"""What a fresh clone installs, and what it says about licences."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from importlib import metadata
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
LOCKS = ("requirements.lock", "requirements-dev.lock")

WHERE_FROM = {
    "PIL": "pillow", "resvg_py": "resvg-py", "css_inline": "css-inline",
    "babel": "babel", "bs4": "beautifulsoup4", "yaml": "pyyaml", "markdown_it": "markdown-it-py",
    "charset_normalizer": "charset-normalizer",
}  # fmt: skip
"""Packages whose name on the index is not the name they are imported by."""


def locked(name):
    """Entries of a lock file: package, version, hashes."""
    text = (ROOT / name).read_text(encoding="utf-8")
    entries = re.findall(r"^([a-z0-9-]+)==(\S+)[^\n]*((?:\\\n +--hash=sha256:[0-9a-f]{64} ?)+)", text, re.MULTILINE)
    return [(package, version, re.findall(r"[0-9a-f]{64}", hashes)) for package, version, hashes in entries]


def wanted(requirements):
    return {re.match(r"[a-z0-9-]+", requirement)[0] for requirement in requirements}


@pytest.mark.parametrize("name", LOCKS)
def test_every_locked_package_has_hashes_and_no_host(name):
    text = (ROOT / name).read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if re.match(r"[^\s#]", line)]
    assert len(lines) == len(locked(name)) > 30
    assert "://" not in text
    assert not re.search(r"^--", text, re.MULTILINE)


def test_lock_files_hold_all_that_pyproject_asks_for():
    run, dev = ({package for package, *_ in locked(name)} for name in LOCKS)
    assert wanted(PROJECT["project"]["dependencies"]) <= run
    extras = PROJECT["project"]["optional-dependencies"]
    assert wanted(extras["tasks"]) <= run
    assert wanted(extras["dev"]) <= dev
    assert run <= dev
    assert wanted(extras["tasks"]) <= wanted(extras["dev"]), "contributors' packages include those for running"


def test_both_lock_files_name_the_same_versions():
    run, dev = ({(package, version) for package, version, _ in locked(name)} for name in LOCKS)
    assert run <= dev


@pytest.mark.parametrize(
    ("folder", "extras"), [("briefings", ("cluster",)), ("tests", ("dev",)), (".", ("tasks",))], ids=str
)
def test_every_import_is_asked_for(folder, extras):
    """What our files import stands in pyproject.toml itself, not only in what others happen to bring along."""
    asked = wanted(PROJECT["project"]["dependencies"]).union(
        *(wanted(PROJECT["project"]["optional-dependencies"][extra]) for extra in extras)
    )
    files = (ROOT / folder).glob("*.py" if folder == "." else "**/*.py")
    local = {path.stem for path in (*ROOT.glob("*.py"), *ROOT.glob("tests/*.py"), *ROOT.glob("scripts/*.py"))} | {
        "briefings",
        "scripts",
        "tests",
    }
    missing = set()
    for path in files:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module] if isinstance(node, ast.ImportFrom) and node.module else []
            for name in names:
                top = name.partition(".")[0]
                if top not in sys.stdlib_module_names | local and WHERE_FROM.get(top, top) not in asked:
                    missing.add(f"{path.relative_to(ROOT)}: {top}")
    assert sorted(missing) == []


def test_bootstrap_needs_the_standard_library_only():
    tree = ast.parse((ROOT / "bootstrap.py").read_text(encoding="utf-8"), feature_version=(3, 7))
    names = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    names |= {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert names <= sys.stdlib_module_names


def test_bootstrap_lists_the_tasks_from_any_folder(tmp_path):
    if not (ROOT / ".venv/briefings-setup.json").exists():
        pytest.skip("this environment was not made by bootstrap.py")
    result = subprocess.run(
        [sys.executable, ROOT / "bootstrap.py"], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    for task in ("demo", "test", "lint", "types", "build", "serve", "lock", "measure"):
        assert re.search(rf"^  {task} ", result.stdout, re.MULTILINE)


def test_tasks_stay_small():
    tree = ast.parse((ROOT / "tasks.py").read_text(encoding="utf-8"))
    tasks = [node for node in tree.body if isinstance(node, ast.FunctionDef) and node.decorator_list]
    assert len(tasks) >= 10
    for task in tasks:
        assert ast.get_docstring(task)
        assert len(task.body) - 1 <= 5, f"{task.name}: logic belongs into the package or scripts/"


def test_version_is_said_once():
    import briefings

    assert PROJECT["project"]["version"] == briefings.__version__
    assert f"## {briefings.__version__}" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def test_installed_command_answers():
    """The console script of the installed package, as an editor starts it."""
    try:
        metadata.distribution("briefings")
    except metadata.PackageNotFoundError:
        pytest.skip("the package is not installed here")
    command = Path(sys.executable).with_name("briefings")
    result = subprocess.run([command, "--help"], capture_output=True, text=True, check=True)
    assert "ingest" in result.stdout


def test_wheel_carries_the_tables_and_the_licences(tmp_path):
    """What `pip install .` would put in place: every data file of the package, LICENSE and NOTICE; no test, no site."""
    import zipfile

    subprocess.run(
        [sys.executable, "-c", "import setuptools.build_meta as b, sys; b.build_wheel(sys.argv[1])", tmp_path],
        cwd=copy_of_package(tmp_path / "source"), capture_output=True, check=True,
    )  # fmt: skip
    with zipfile.ZipFile(next(tmp_path.glob("*.whl"))) as wheel:
        names = set(wheel.namelist())
    data = {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "briefings").rglob("*")
        if path.is_file() and path.suffix != ".pyc"
    }
    assert len(data) > 30
    assert sorted(data - names) == []
    assert {name.partition("/")[0] for name in names if ".dist-info/" not in name} == {"briefings"}
    assert {name.rpartition("/")[2] for name in names if ".dist-info/" in name} >= {"LICENSE", "NOTICE", "SCOWL.txt"}


def copy_of_package(folder):
    import shutil

    shutil.copytree(ROOT / "briefings", folder / "briefings", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(ROOT / "LICENSES", folder / "LICENSES")
    for name in ("pyproject.toml", "README.md", "LICENSE", "NOTICE"):
        shutil.copy(ROOT / name, folder / name)
    return folder


def test_notice_names_what_is_not_mit():
    notice = (ROOT / "NOTICE").read_text(encoding="utf-8")
    for words in ("AGPL-3.0", "GeoNames", "CC BY 4.0", "Natural Earth", "CLDR", "Kevin Atkinson"):
        assert words in notice
    assert "MIT License" in (ROOT / "LICENSE").read_text(encoding="utf-8")
    assert PROJECT["project"]["license"] == "MIT"
