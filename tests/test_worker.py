"""Processes that may be killed: one bad task fails alone, in its turn, and the rest go on."""

from __future__ import annotations

import mmap
import os
import time

import pytest

from briefings import worker
from briefings.worker import Failure


def results(work, tasks, **how):
    return [found for _, found in worker.run(work, tasks, **how)]


def test_results_come_in_the_order_of_the_tasks():
    def work(number):
        time.sleep(0.02 * (number % 3))
        yield number, os.getpid()
        yield number

    found = results(work, range(30), workers=4)
    assert [[row[0][0], row[1]] for row in found] == [[number, number] for number in range(30)]
    assert os.getpid() not in {row[0][1] for row in found}


def test_no_task_no_process():
    assert results(lambda number: [number], []) == []
    assert results(lambda number: [os.abort()], range(100), skip=lambda number: True) == [[]] * 100


def test_what_is_skipped_keeps_its_turn():
    found = list(worker.run(lambda number: [number], range(200), skip=lambda number: number % 7 > 0))
    assert found == [(number, [] if number % 7 else [number]) for number in range(200)]


def test_tasks_are_read_as_they_are_needed():
    read = []

    def tasks():
        for number in range(500):
            read.append(number)
            yield number

    for number, _ in worker.run(lambda number: [number], tasks(), workers=2):
        assert len(read) <= number + worker.AHEAD + 1


def recur():
    return recur()


@pytest.mark.parametrize(
    ("bad", "said"),
    [
        (lambda: time.sleep(60), "more than 10 seconds"),
        (lambda: sum(range(10**12)), "more than 10 seconds"),
        (lambda: bytearray(3 * 1024**3), "more than 2 GB"),
        (os.abort, "ended the process"),
        (lambda: os._exit(0), "ended the process"),
        (lambda: 1 // 0, "it cannot be read (ZeroDivisionError: integer division or modulo by zero)"),
        (recur, "nested too deep"),
    ],
    ids=["sleeps", "computes", "grows", "aborts", "leaves", "raises", "nests"],
)
def test_one_bad_task_fails_alone(monkeypatch, bad, said):
    monkeypatch.setattr(
        worker, "_allow", lambda seconds, patience, allow=worker._allow: allow(seconds / 20, patience / 40)
    )

    def work(number):
        if number == 3:
            yield "before"
            bad()
        yield number

    found = results(work, range(8), workers=2)
    assert [row for number, row in enumerate(found) if number != 3] == [[number] for number in range(8) if number != 3]
    first, last = found[3]
    assert first == "before"
    assert isinstance(last, Failure)
    assert said in last.what


def test_the_time_begins_anew_for_each_result(monkeypatch):
    monkeypatch.setattr(
        worker, "_allow", lambda seconds, patience, allow=worker._allow: allow(seconds / 20, patience / 40)
    )

    def work(_):
        for number in range(4):
            time.sleep(0.3)
            yield number

    assert results(work, [0]) == [[0, 1, 2, 3]]


def test_workers_end_with_the_one_who_started_them():
    started = worker.run(lambda number: [os.getpid()], range(5), workers=1)
    _, (pid,) = next(started)
    started.close()
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_what_the_parent_has_mapped_is_not_counted(monkeypatch):
    """Else a worker of a large process has no room left, not even to say what is wrong."""
    monkeypatch.setattr(worker, "MEMORY", 256 * 1024**2)
    with mmap.mmap(-1, 512 * 1024**2):

        def work(number):
            yield len(bytes(64 * 1024**2 * number))

        found = results(work, range(3), workers=1)
    assert found[:2] == [[0], [64 * 1024**2]]
