"""What decides the time of a build, and where a stamp cannot be left."""

from __future__ import annotations

import pytest

from briefings import conf, fresh, look
from briefings.errors import ContentError
from briefings.report import Report


def test_the_time_of_the_build_can_be_given(monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1795400000")
    assert conf.now() == 1795400000


def test_an_empty_variable_is_none(monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "")
    assert conf.now() > 1795000000


@pytest.mark.parametrize("given", ["abc", "-1", "1e9", "²", " 5", "9" * 17])
def test_a_time_that_is_none_is_refused_in_a_line(monkeypatch, given):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", given)
    with pytest.raises(ContentError, match=r'SOURCE_DATE_EPOCH: "(?s:.*)" is not a number of seconds since 1970'):
        conf.now()


def test_a_cache_that_cannot_be_written_is_none(tmp_path):
    (tmp_path / "cache").write_text("a file where the folder should be")
    stamp = fresh.Stamp(tmp_path / "cache" / "output", look.Look("asked", 0, "content", "theme", "program", b""))
    stamp.leave(float("inf"), [("index.html", 10)], Report(1, 1, 1, 1, 0, (), 0, 0), [])
    assert stamp.last() is None
    assert fresh.left(tmp_path / "cache" / "output") is None
