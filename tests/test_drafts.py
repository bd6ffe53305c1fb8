"""Seed and draft side by side: ``seeds/NAME`` becomes ``tests/fixtures/drafts/NAME.md``, to the letter.

After a change that is meant, look at the difference and write the drafts anew::

    BRIEFINGS_WRITE_DRAFTS=1 python -m pytest tests/test_drafts.py -n0
"""

from __future__ import annotations

import os
import shutil

import pytest

from briefings import ingest
from tests.fixture_files import FIXTURES
from tests.sites import NOW, ROOT

SEEDS = sorted(path.name for path in (ROOT / "seeds").iterdir())
SHOWN = (
    "acuerdo-teatro-colon.txt",
    "beirut-port-ar.txt",
    "cyclone-idai-beira.txt",
    "derna-flood.txt",
    "ebola-over.eml",
    "freetown-mudslide.txt",
    "haiti-earthquake.txt",
    "palu-release.txt",
    "suez-ever-given.html",
    "valencia-floods.txt",
)
"""One for each kind of seed: datelines in three languages, a header form, a mail, a page, key points, a release, glitches."""


@pytest.mark.parametrize("name", SHOWN)
def test_the_draft_of_a_sample_seed(tmp_path, monkeypatch, name):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(int(NOW.timestamp())))
    monkeypatch.chdir(ROOT)
    content = tmp_path / "content"
    content.mkdir()
    shutil.copy(ROOT / "content/sources.yaml", content)
    ingest.ingest([f"seeds/{name}"], content)
    (draft,) = (content / "briefings").rglob("*.md")
    expected = FIXTURES / "drafts" / f"{name}.md"
    if os.environ.get("BRIEFINGS_WRITE_DRAFTS"):
        expected.parent.mkdir(exist_ok=True)
        shutil.copy(draft, expected)
    assert draft.read_text("utf-8") == expected.read_text("utf-8")


def test_every_kind_of_seed_is_shown():
    assert set(SHOWN) <= set(SEEDS)
