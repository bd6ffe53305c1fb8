"""Units that are made step by step, as if each had been made for itself."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from briefings import crew, making
from briefings.errors import BuildError, Problem
from briefings.model import Output
from briefings.units import Unit


@pytest.fixture
def bench(tmp_path, monkeypatch):
    def make(output, shop):
        if output.context.get("wrong"):
            raise BuildError(Problem(output.path, 0, "", output.context["wrong"]))
        if output.context.get("said"):
            shop.notes.append(Problem(output.path, 0, "", output.context["said"], "warning"))
        return output.context["text"].encode()

    monkeypatch.setitem(making._MAKERS, "text", make)
    shop = SimpleNamespace(surroundings="", notes=[])
    return making.Bench(shop, str(tmp_path), {})


def unit(key, *outputs):
    return Unit(key, (), lambda: iter(outputs))


def text(path, said="text", **more):
    return Output(path, "text", path[-1], {"text": said, **more}, path)


def test_what_comes_of_units_is_in_their_order(bench, tmp_path):
    units = [unit(f"u{one}", *(text(f"{one}/{two}", f"{one} {two}") for two in range(one % 3))) for one in range(200)]
    done = bench.slice(units)
    assert [one.key for one in done] == [one.key for one in units]
    paths = [[f"{one}/{two}" for two in range(one % 3)] for one in range(200)]
    assert [[made.path for made in one.outputs] for one in done] == paths
    made = [made for one in done for made in one.outputs]
    assert {(one.path, (tmp_path / one.aside / one.path).read_text()) for one in made} == {
        (path, path.replace("/", " ")) for some in paths for path in some
    }
    alone = making.Bench(bench.shop, str(tmp_path / "alone"), {})
    assert [alone.one(next(iter(units[5].plan()))).row] == [done[5].outputs[0].row]


def test_a_note_stays_with_its_output(bench):
    outputs = [text("b"), text("c", said="1"), text("a"), text("d", said="2")]
    outputs = [Output(one.path, "text", one.name, {**one.context, "said": said}, "") for one, said in
               zip(outputs, ("", "of c", "", "of d"), strict=True)]  # fmt: skip
    assert [one.row.note for one in bench.several(outputs)] == ["", "of c", "", "of d"]


def test_of_several_errors_that_of_the_first_unit_is_told(bench):
    def fail():
        raise BuildError(Problem("planned", 0, "", "cannot be planned"))

    units = [unit("a", text("z", wrong="first")), unit("b", text("a", wrong="second")), Unit("c", (), fail)]
    for some, told in ((units, "first"), (units[1:], "second"), (units[::-1], "cannot be planned")):
        with pytest.raises(BuildError, match=told):
            bench.slice(some)


def test_little_is_held_of_large_outputs(bench, monkeypatch):
    monkeypatch.setattr(making, "_HELD", 100)
    held = []
    keep = making.Bench._keep
    monkeypatch.setattr(making.Bench, "_keep", lambda self, jobs: (held.append(len(jobs)), keep(self, jobs)))
    outputs = [text(f"f{one:02}", "x" * 60) for one in range(crew.BLOCK)]
    assert [made.path for made in bench.several(outputs)] == [one.path for one in outputs]
    assert sum(held) == crew.BLOCK
    assert max(held) == 2
