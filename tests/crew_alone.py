"""Work in forked processes: the same results in the same order, and no child that is left behind or waited for.

A process in which other threads are about is never forked, and tests of other rooms leave some: so ``test_crew.py``
runs these in a process of their own.
"""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from briefings import crew
from briefings.errors import BuildError, Problem

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.usefixtures("_single")
MANY = range(crew.WORTH * 12)


@pytest.fixture
def _single() -> Iterator[None]:
    """What is tested here needs a process without other threads, and leaves no process behind."""
    assert crew._may_fork()
    before = children()
    yield
    assert children() <= before


def children() -> set[str]:
    """The processes that this one has begun and not waited for; tests of other rooms may have left some."""
    return {pid for task in Path("/proc/self/task").iterdir() for pid in (task / "children").read_text().split()}


def spread(function: Any, *, most: int = 3) -> list[Any]:
    return list(crew.spread(function, MANY, most=most))


def test_slices_come_in_order_whoever_is_first() -> None:
    def slow_at_first(part: range) -> list[int]:
        time.sleep(0.2 if part[0] == 0 else 0)
        return list(part)

    assert [number for part in spread(slow_at_first) for number in part] == list(MANY)


def test_each_slice_has_a_process_of_its_own() -> None:
    found = spread(lambda part: (os.getpid(), len(part)))
    assert len({pid for pid, _ in found}) == len(found) > 3 * crew.SLICES
    assert os.getpid() not in {pid for pid, _ in found}


def test_answers_may_be_large() -> None:
    assert {len(part) for part in spread(lambda part: b"x" * 5_000_000)} == {5_000_000}


def fail(part: range) -> None:
    """Fail in the first slice, while the others are still at work."""
    if part[0]:
        time.sleep(30)
    raise BuildError(Problem("a.md", 3, "date", "wrong"))


def few(function: Any) -> list[Any]:
    """As many slices as workers."""
    return list(crew.spread(function, range(crew.WORTH * 3), most=3))


def test_of_few_slices_this_process_works_at_the_first() -> None:
    found = few(lambda part: (os.getpid(), part[0]))
    assert [first for _, first in found] == sorted(first for _, first in found)
    assert len({pid for pid, _ in found}) == len(found) == 3
    assert found[0][0] == os.getpid()


def test_an_error_in_the_slice_of_this_process_ends_the_others() -> None:
    begun = time.monotonic()
    with pytest.raises(BuildError, match="wrong"):
        few(fail)
    assert time.monotonic() - begun < 10


def test_what_is_of_use_later_is_done_once_while_others_work() -> None:
    for many in (few, spread):
        done: list[int] = []
        with crew.meanwhile(lambda done=done: done.append(os.getpid())):  # type: ignore[misc]
            assert os.getpid() not in many(lambda _: os.getpid())
            assert done == [os.getpid()]
            many(lambda _: 0)
        assert done == [os.getpid()]


def test_what_there_was_no_time_for_is_not_done() -> None:
    done: list[int] = []
    with crew.meanwhile(lambda: done.append(1)):
        assert list(crew.spread(len, range(3))) == [3]
    few(len)
    assert done == []


def test_an_error_is_raised_here_and_ends_the_others() -> None:
    begun = time.monotonic()
    with pytest.raises(BuildError) as caught:
        spread(fail)
    assert caught.value.problems == (Problem("a.md", 3, "date", "wrong"),)
    assert time.monotonic() - begun < 10


def test_a_worker_that_is_killed_is_told_of() -> None:
    with pytest.raises(BuildError, match="ended before its time"):
        spread(lambda _: os.kill(os.getpid(), signal.SIGKILL))


def test_a_worker_that_leaves_without_an_answer_is_told_of() -> None:
    with pytest.raises(BuildError, match="ended before its time"):
        spread(lambda _: os._exit(7))


def test_what_cannot_be_sent_is_told_of() -> None:
    with pytest.raises(RuntimeError, match="function"):
        spread(lambda _: lambda: None)


class OddError(Exception):
    """Is made of two things, and tells one: what Python writes of it cannot be read again."""

    def __init__(self, line: int, what: str) -> None:
        super().__init__(f"{what} in line {line}")


def test_an_error_that_cannot_be_sent_is_told_by_its_words() -> None:
    def fail(_: range) -> None:
        raise OddError(3, "no word")

    with pytest.raises(RuntimeError, match=r"^OddError: no word in line 3$"):
        spread(fail)


def test_whoever_stops_asking_leaves_no_process() -> None:
    asked = crew.spread(len, MANY, most=2)
    assert next(asked) > 0
    asked.close()  # type: ignore[attr-defined]


def test_few_things_are_done_here() -> None:
    assert list(crew.spread(lambda part: (os.getpid(), len(part)), range(5), most=4)) == [(os.getpid(), 5)]


def test_open_files_do_not_grow() -> None:
    def files() -> int:
        return len(list(Path("/proc/self/fd").iterdir()))

    spread(len)
    before = files()
    spread(len)
    with pytest.raises(ZeroDivisionError):
        spread(lambda part: 1 // part[0])
    assert files() == before


def test_of_two_errors_the_first_in_order_is_raised() -> None:
    def fail(part: range) -> None:
        time.sleep(0.3 if part[0] == 0 else 0)
        raise ValueError(part[0])

    with pytest.raises(ValueError, match=r"^0$"):
        spread(fail)


def test_few_items_are_not_cut_into_more_slices_than_workers() -> None:
    assert [len(list(crew.spread(len, range(many), most=2))) for many in (crew.LEAST, crew.WORTH * 3)] == [2, 2]


def test_work_beside_is_done_in_another_process_and_waited_for(tmp_path: Path) -> None:
    place = tmp_path / "who"

    one = crew.beside(lambda: place.write_text(str(os.getpid())), crew.LARGE)
    assert one.over()
    assert place.read_text() != str(os.getpid())
    assert one.over()


def test_work_beside_that_fails_says_so_to_the_one_who_waits(capfd: pytest.CaptureFixture[str]) -> None:
    def work() -> None:
        raise OSError("full")

    assert not crew.beside(work, crew.LARGE).over()
    assert not crew.beside(work, 0).over()
    assert capfd.readouterr() == ("", "")


def test_little_work_is_done_at_once() -> None:
    done: list[int] = []
    assert crew.beside(lambda: done.append(os.getpid()), crew.LARGE - 1).over()
    assert done == [os.getpid()]


def test_no_work_beside_outlives_what_it_was_for(tmp_path: Path) -> None:
    place = tmp_path / "late"

    def work() -> None:
        time.sleep(5)
        place.touch()

    with pytest.raises(KeyError), crew.none_beside():  # noqa: PT012 - it is the way out that counts
        crew.beside(work, crew.LARGE)
        raise KeyError
    assert not children()
    assert not place.exists()
