"""Every file of ``fixtures/find`` shows seeds and what is found in them. A line of the expected part is a claim:

``field: value`` (``-`` for nothing), ``date: value status``, ``hints: a, b``, ``removed: reason: words``,
``question: beginning``, ``no question: beginning``, and after ``body:`` the whole Markdown.
"""

from __future__ import annotations

from datetime import date

import dotted
import pytest

from briefings import find, seeds
from briefings.model import Draft, Finding, Source

SOURCES = {
    "harbour": Source("harbour", "Harbour Wire"),
    "fleuve": Source("fleuve", "Dépêche du Fleuve"),
    "delta": Source("delta", "Agencia Delta", aliases=("Radio Delta",)),
    "mina": Source("mina", "وكالة الميناء"),
}
TODAY = date(2026, 11, 22)
EXAMPLES = [
    pytest.param(text, expected, id=f"{path.stem}-{title}")
    for path in sorted((dotted.FIXTURES / "find").glob("*.txt"))
    for title, text, expected in dotted.read(path)
]


@pytest.fixture(autouse=True)
def _without_weighing(monkeypatch):
    """Places and tags have examples of their own."""
    monkeypatch.setattr(find, "_weigh", lambda _: (Finding(None, "none", "no-place"), (), ()))


def draft_of(text: str) -> Draft:
    return find.find(seeds.read_bytes("example.txt", text.encode()), SOURCES, TODAY)


@pytest.mark.parametrize(("text", "expected"), EXAMPLES)
def test_example(text, expected):
    draft = draft_of(text)
    claims, _, body = f"{expected}\n".partition("body:\n")
    for claim in filter(None, claims.split("\n")):
        key, _, value = claim.partition(":")
        check(draft, key, value.strip())
    if body:
        assert draft.body == body
    assert find.account(draft) == ()


def check(draft: Draft, key: str, value: str) -> None:
    image = draft.image.value if draft.image else None
    if key == "date":
        assert f"{draft.date.value or '-'} {draft.date.status}" == value
    elif key == "hints":
        assert ", ".join(hint.text for hint in draft.date.hints) == value
    elif key == "key_point":
        assert value in [point.value for point in draft.key_points]
    elif key in {"caption", "credit"}:
        assert (getattr(image, key) if image else "-") == value
    elif key == "removed":
        reason, _, words = value.partition(": ")
        assert any(item.reason == reason and item.text.startswith(words) for item in draft.removed), draft.removed
    elif key == "question":
        assert any(question.startswith(value) for question in draft.questions), draft.questions
    elif key == "no question":
        assert not [question for question in draft.questions if question.startswith(value)]
    else:
        field, _, attribute = key.partition(".")
        found = getattr(draft, field)
        assert (getattr(found, attribute or "value") if found else "-") == value


def test_evidence_is_what_stands_there():
    for param in EXAMPLES:
        draft = draft_of(param.values[0])
        named = (draft.title, draft.source, draft.author, draft.filed_from, draft.date, draft.image, *draft.key_points)
        for evidence in (item for finding in named if finding for item in (*finding.evidence, *finding.hints)):
            if evidence.start is not None:
                assert draft.seed.text[evidence.start : evidence.end] == evidence.text


def test_removed_is_what_stands_there():
    for param in EXAMPLES:
        draft = draft_of(param.values[0])
        for item in draft.removed:
            assert draft.seed.text[item.start : item.end] == item.text
