"""The bytes of a site in packs: what was added is found again, and nothing else is taken for it."""

from __future__ import annotations

import json
import os
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefings import snapshot, state
from briefings.snapshot import Snapshot


def sha(data):
    return sha256(data).hexdigest()


def row(data):
    return state.Row(sha(data), "", len(data))


def add(shot, *some):
    for data in some:
        shot.add(sha(data), data)
    assert shot.close()


def bytes_of(shot):
    places = shot.places()
    return dict(zip(places, shot.read(places.items()), strict=True))


@pytest.fixture
def shot(tmp_path):
    return Snapshot(str(tmp_path / "site"))


@pytest.fixture
def top(tmp_path):
    (tmp_path / "output").mkdir()
    return tmp_path / "output"


def packs(shot):
    return sorted(path.name for path in Path(shot.folder).iterdir())


def only(shot):
    """The one pack that there is."""
    (path,) = Path(shot.folder).iterdir()
    return path


# --- packs ----------------------------------------------------------------------------------------------------------


@given(st.lists(st.lists(st.binary(max_size=40), max_size=6), max_size=4), st.integers(1, 60))
def test_what_was_added_is_found(tmp_path_factory, some, at_once):
    shot = Snapshot(str(tmp_path_factory.mktemp("shot") / "site"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(snapshot, "_AT_ONCE", at_once)
        for part in some:
            add(shot, *part)
    assert bytes_of(shot) == {sha(data): data for part in some for data in part}


def test_a_pack_says_what_it_is(shot):
    add(shot, b"one", b"three")
    data = only(shot).read_bytes()
    length = int.from_bytes(data[-8:], "big")
    index = data[-8 - length : -8]
    assert data[: -8 - length] == b"onethree"
    assert json.loads(index) == [[sha(b"one"), 3], [sha(b"three"), 5]]
    assert sha(index).startswith(only(shot).name)


def test_the_same_bytes_make_the_same_pack(shot):
    add(shot, b"one", b"two")
    add(shot, b"one", b"two")
    assert len(packs(shot)) == 1


@given(st.data())
def test_no_damage_goes_unnoticed(tmp_path_factory, data):
    """Whatever happens to a byte of a pack, or to its end: it is not there, or what is read of it is refused."""
    shot = Snapshot(str(tmp_path_factory.mktemp("shot") / "site"))
    add(shot, b"first", b"second")
    whole = only(shot).read_bytes()
    at = data.draw(st.integers(0, len(whole) - 1))
    other = bytes([data.draw(st.integers(0, 255).filter(lambda byte: byte != whole[at]))])
    longer = whole + data.draw(st.binary(min_size=1, max_size=9))
    damaged = data.draw(st.sampled_from([whole[:at], whole[:at] + other + whole[at + 1 :], longer]))
    only(shot).write_bytes(damaged)
    places = shot.places()
    if places:
        with pytest.raises(ValueError, match="not the bytes"):
            list(shot.read(places.items()))


def test_a_cache_that_cannot_be_written_is_none(tmp_path, top):
    (tmp_path / "file").write_text("in the way")
    shot = Snapshot(str(tmp_path / "file/site"))
    shot.add(sha(b"one"), b"one")
    assert not shot.close()
    shot.settle(str(top), {"one": row(b"one")})
    shot.note(str(top / "manifest.json"))
    assert shot.places() == {}
    assert shot.manifest() == b""
    assert not shot.small()


def test_a_disk_that_is_full_leaves_no_pack(shot, monkeypatch):
    monkeypatch.setattr(snapshot, "_AT_ONCE", 4)

    def full(handle, data):
        raise OSError(28, "No space left on device")

    add(shot, b"before")
    before = packs(shot)
    with monkeypatch.context() as patch:
        shot.add(sha(b"one"), b"one")
        patch.setattr(state, "put", full)
        shot.add(sha(b"second"), b"second")
        shot.add(sha(b"third"), b"third")
        assert not shot.close()
    assert packs(shot) == before
    add(shot, b"again")
    assert bytes_of(shot).keys() == {sha(b"before"), sha(b"again")}


def test_a_worker_has_a_pack_of_its_own(shot):
    child = os.fork()
    if not child:
        try:
            shot.add(sha(b"there"), b"there")
            shot.hand_over()
        finally:
            os._exit(0)
    os.waitpid(child, 0)
    shot.add(sha(b"here"), b"here")
    shot.hand_over()  # it goes on
    assert len(packs(shot)) == 1
    shot.close()
    assert bytes_of(shot).keys() == {sha(b"there"), sha(b"here")}


# --- at the end of a build ------------------------------------------------------------------------------------------


def test_what_is_missing_is_read_from_the_site(shot, top):
    (top / "one").write_bytes(b"one")
    (top / "two").write_bytes(b"damaged")
    add(shot, b"three")
    shot.settle(str(top), {"one": row(b"one"), "two": row(b"two"), "three": row(b"three"), "four": row(b"four")})
    assert bytes_of(shot).keys() == {sha(b"one"), sha(b"three")}


def test_packs_of_little_use_are_written_anew(shot, top):
    add(shot, b"a" * 900, b"b" * 500)
    add(shot, b"c" * 900, b"d" * 100)
    kept = packs(shot)
    shot.settle(str(top), {"a": row(b"a" * 900), "d": row(b"d" * 100)})
    assert bytes_of(shot).keys() == {sha(b"a" * 900), sha(b"b" * 500), sha(b"d" * 100)}
    assert len(set(kept) & set(packs(shot))) == 1
    shot.settle(str(top), {})
    assert packs(shot) == []


def test_many_small_packs_become_one(shot, top, monkeypatch):
    monkeypatch.setattr(snapshot, "MANY", 3)
    rows = {}
    for number in range(5):
        data = b"%d" % number * 1000
        rows[f"{number}"] = row(data)
        add(shot, data)
    assert shot.small()
    shot.settle(str(top), rows)
    assert len(packs(shot)) == 1
    assert not shot.small()
    assert bytes_of(shot).keys() == {one.sha256 for one in rows.values()}


def test_what_a_stopped_build_has_left_is_taken_away(shot, top):
    add(shot, b"one" * 1000)
    path = Path(shot.folder) / "4711.new"
    path.write_bytes(b"")
    shot.settle(str(top), {"one": row(b"one" * 1000)})
    assert not path.exists()
    assert bytes_of(shot) == {sha(b"one" * 1000): b"one" * 1000}


def test_a_pack_that_is_damaged_is_replaced_from_the_site(shot, top):
    """Where it can be told without reading all of it; else whoever asks for the bytes finds out."""
    data = b"one" * 1000
    (top / "one").write_bytes(data)
    add(shot, data)
    os.truncate(only(shot), 100)
    shot.settle(str(top), {"one": row(data)})
    assert bytes_of(shot) == {sha(data): data}


def test_a_pack_with_other_bytes_is_gone_once_that_was_found_out(shot, top):
    """Else what is made anew would be taken for a second copy, and that pack for the first one, ever after."""
    data, rows = [b"%d" % number * 1000 for number in range(9)], {}
    add(shot, *data)
    path = only(shot)
    path.write_bytes(b"?" + path.read_bytes()[1:])
    with pytest.raises(ValueError, match="not the bytes"):
        bytes_of(shot)
    for number, one in enumerate(data):
        rows[f"{number}"] = row(one)
        add(shot, one)
    shot.settle(str(top), rows)
    assert bytes_of(shot).keys() == {sha(one) for one in data}


def test_packs_that_are_not_small_are_too_many_too(shot, monkeypatch):
    monkeypatch.setattr(snapshot, "_SPARE", 100)
    monkeypatch.setattr(snapshot, "_SMALL", 10)
    for number in range(3):
        add(shot, b"%d" % number * 1000)
    assert not shot.small()
    assert not shot.swollen(1100)
    assert shot.swollen(1000)


def test_the_manifest_is_kept_as_it_is(shot, top, monkeypatch):
    (top / "manifest.json").write_bytes(b"{}")
    shot.note(str(top / "manifest.json"))
    assert shot.manifest() == b"{}"
    shot.note(str(top / "manifest.json"))  # the very same file
    assert shot.manifest() == b"{}"

    def no_links(source, target):
        raise OSError(18, "Invalid cross-device link")

    monkeypatch.setattr(os, "link", no_links)
    (top / "manifest.json").write_bytes(b"{2}")
    shot.note(str(top / "manifest.json"))
    assert shot.manifest() == b"{2}"


def test_forgotten(shot, tmp_path):
    add(shot, b"one")
    snapshot.forget(tmp_path)
    snapshot.forget(tmp_path)
    assert not Path(shot.folder).exists()
    assert snapshot.of(tmp_path).folder == shot.folder
