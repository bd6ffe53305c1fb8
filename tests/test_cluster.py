"""Slices of a build on a cluster: a Dask scheduler and workers of this machine, as anybody would start them."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from contextlib import contextmanager

import pytest

from briefings import afar, cluster, crew
from briefings.errors import BuildError
from tests.elsewhere import EPOCH, Fatal, Meddler, build, site
from tests.sites import ROOT, about, briefing, settings
from tests.test_build import tree

distributed = pytest.importorskip("distributed")


@pytest.fixture(autouse=True)
def far(monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", EPOCH)
    monkeypatch.setattr(crew, "FAR", 1)
    monkeypatch.setattr(cluster, "CONNECT", 20)
    yield
    cluster.close()


@contextmanager
def dask(workers):
    with distributed.LocalCluster(
        processes=True, n_workers=workers, threads_per_worker=1, dashboard_address=":0", silence_logs=50,
        scheduler_kwargs={"allowed_failures": 0},
    ) as made:  # fmt: skip
        yield made


@pytest.fixture(scope="module")
def two():
    with dask(2) as made:
        yield made


@pytest.fixture
def small(tmp_path):
    about(tmp_path / "content")
    for slug in ("one", "two", "three"):
        briefing(tmp_path / "content", slug)
    return settings(tmp_path)


def test_serial_forked_and_dask_builds_write_the_same_bytes(tmp_path, monkeypatch, two):
    conf = site(tmp_path)
    monkeypatch.setenv("BRIEFINGS_WORKERS", "1")
    monkeypatch.setattr(crew, "FAR", 10**6)
    alone = build(conf, "alone")
    assert alone[0].briefings > 10

    command = [sys.executable, "-m", "briefings", "build", "--settings", conf, "--no-search", "--skip-invalid"]
    forking = {**os.environ, "BRIEFINGS_WORKERS": "2", "PYTHONPATH": str(ROOT)}
    subprocess.run([*command, "--output", tmp_path / "forked"], check=True, env=forking, capture_output=True)
    assert tree(tmp_path / "forked") == tree(tmp_path / "alone")

    monkeypatch.setattr(crew, "FAR", 1)
    monkeypatch.setenv(crew.EXECUTOR, f"dask:{two.scheduler_address}")
    assert build(conf, "cluster") == alone
    assert tree(tmp_path / "cluster") == tree(tmp_path / "alone")

    with distributed.Client(two, set_as_default=False) as client:
        assert any(client.run(has_loaded).values())
        cluster.close()
        assert not any(client.run(has_loaded).values())


def has_loaded():
    return afar._session is not None


def test_the_scheduler_may_be_named_by_its_file(small, monkeypatch, two):
    file = small.parent / "scheduler.json"
    file.write_text(json.dumps({"type": "Scheduler", "address": two.scheduler_address}), "utf-8")
    monkeypatch.setenv(crew.EXECUTOR, f"dask:{file}")
    assert build(small)[0].briefings == 3
    assert cluster.team(f"dask:{file}") is cluster.team(f"dask:{file}")


def test_an_executor_of_ones_own_client_will_do(small, two):
    with distributed.Client(two, set_as_default=False) as client, crew.using(client.get_executor(), 2):
        assert build(small)[0].briefings == 3


def test_content_that_changes_meanwhile_is_refused(small, two):
    build(small)
    page = small.parent / "output/briefings/two/index.html"
    before = page.read_bytes()
    path = small.parent / "content/briefings/2026/two.md"

    def edit(told):
        path.write_text(path.read_text("utf-8").replace("Some words", "Other words"), "utf-8")

    with (
        distributed.Client(two, set_as_default=False) as client,
        crew.using(Meddler(client.get_executor(), afar.make, edit), 2),
        pytest.raises(BuildError) as error,
    ):
        build(small, full=True)
    assert str(error.value) == "briefings/2026/two.md: changed while the site was being built (build again)"
    assert page.read_bytes() == before


def test_a_worker_that_dies_is_a_message(small, monkeypatch):
    with dask(1) as made:
        name = f"dask:{made.scheduler_address}"
        team = cluster.team(name)
        monkeypatch.setattr(crew, "_team", crew.Team(Fatal(team.executor), 1, team.broken, team.wrong, team.lost))
        with pytest.raises(BuildError, match=r"no answer from a worker elsewhere \(.* died .*\); nothing was written"):
            build(small)
        assert cluster.team(name) is not team  # the next build asks anew
        cluster.close()


def test_a_cluster_without_workers_is_a_message(small, monkeypatch):
    monkeypatch.setattr(cluster, "PATIENCE", 0.5)
    monkeypatch.setattr(crew, "LOOK", 0.1)
    with dask(0) as made:
        monkeypatch.setenv(crew.EXECUTOR, f"dask:{made.scheduler_address}")
        with pytest.raises(BuildError, match=r"has had no worker for .* seconds; nothing was written"):
            build(small)
        cluster.close()


def test_a_scheduler_that_goes_is_a_message(small, monkeypatch):
    monkeypatch.setattr(crew, "LOOK", 0.1)
    with dask(0) as made:
        name = f"dask:{made.scheduler_address}"
        team = cluster.team(name)
        waiting = crew.spread(len, [1], afar=lambda: crew.Job(afar.make, None, [1]))
        monkeypatch.setenv(crew.EXECUTOR, name)
        monkeypatch.setattr(cluster._teams[name][0].executor, "submit", leaving(made, team.executor.submit))
        with pytest.raises(BuildError, match="nothing was written"):
            list(waiting)


def leaving(made, submit):
    def go(*told):
        future = submit(*told)
        made.close()
        return future

    return go


def test_nobody_at_the_address_is_a_message(monkeypatch):
    monkeypatch.setattr(cluster, "CONNECT", 0.5)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    with pytest.raises(BuildError, match="BRIEFINGS_EXECUTOR: no scheduler answers at"):
        cluster.team(f"dask:tcp://127.0.0.1:{port}")


@pytest.mark.parametrize("where", ["carrier-pigeon://roof", "tcp://", "tcp://127.0.0.1:none"])
def test_an_address_that_is_none_is_a_message(monkeypatch, where):
    monkeypatch.setattr(cluster, "CONNECT", 0.5)
    with pytest.raises(BuildError, match="BRIEFINGS_EXECUTOR: no scheduler answers at"):
        cluster.team(f"dask:{where}")


def test_a_file_that_no_scheduler_wrote_is_a_message(tmp_path):
    with pytest.raises(BuildError, match=r'no such file ".*none.json"'):
        cluster.team(f"dask:{tmp_path}/none.json")
    for text in ("{}", "", "[]"):
        (tmp_path / "other.json").write_text(text, "utf-8")
        with pytest.raises(BuildError, match="is not the file of a scheduler"):
            cluster.team(f"dask:{tmp_path}/other.json")


def test_without_dask_the_message_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(BuildError, match=r"pip install 'briefings\[cluster\]'"):
        cluster.team("dask:tcp://127.0.0.1:1")


def test_dask_is_loaded_only_when_it_is_named():
    code = "import sys; from briefings import cluster, build, run; print('distributed' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert done.stdout.strip() == "False"
