"""Nothing is lost: what is not in the body is in a field or listed, for any text and for real articles."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from msgspec.structs import replace

from briefings import find, seeds
from briefings.errors import SeedError
from briefings.find import body
from briefings.model import Finding

SHARED = Path(os.environ.get("BRIEFINGS_SHARED") or Path(__file__).parents[2] / "shared")
MARKDOWN = MarkdownIt("js-default")
COMMONMARK = MarkdownIt("commonmark", {"html": True, "maxNesting": 1000})

spelled = st.text(
    st.one_of(
        st.sampled_from("*_`#>-+=~|[]()!<>&;:\\/.\"'0123456789 \n\tab"),
        st.characters(exclude_categories=("Cs", "Cc")),
    ),
    min_size=1,
    max_size=300,
)
markup = st.lists(
    st.sampled_from(
        [
            "# h", "***", "---", "> q", "```", "~~~", "    code", "- a", "1. b", "<script>alert(1)</script>", "<b>",
            "&lt;",
            "&#60;", "[a](javascript:alert(1))", "![x](http://x.example/p.png)", "[a]: http://x.example", "| a | b |",
            "|---|---|", "**b**", "_i_", "~~s~~", "`c`", "\\*", "a\\", "<!-- c -->", "<http://x.example>",
            "===", "text",
        ]
    ),
    min_size=1,
    max_size=12,
)  # fmt: skip


@pytest.fixture(autouse=True, scope="module")
def _without_weighing():
    kept, find._weigh = find._weigh, lambda _: (Finding(None, "none", "no-place"), (), ())
    yield
    find._weigh = kept


def draft_of(text: str):
    try:
        return find.find(seeds.read_bytes("example.txt", text.encode()))
    except SeedError:
        return None


def words(text: str) -> str:
    return "".join(text.split())


def shown(markdown: str, host: MarkdownIt) -> tuple[str, set[str]]:
    """The text that a reader sees, and the kinds of token that make it."""
    texts, kinds = [], set()
    for token in host.parse(markdown):
        for inner in token.children or [token]:
            kinds.add(inner.type)
            texts.append(inner.content)
    return words("".join(texts)), kinds


OURS = {
    "paragraph_open",
    "paragraph_close",
    "inline",
    "text",
    "text_special",
    "softbreak",
    "heading_open",
    "heading_close",
} | {f"{name}_{end}" for name in ("bullet_list", "ordered_list", "list_item") for end in ("open", "close")}


@settings(max_examples=300, deadline=None)
@given(st.one_of(spelled, markup.map("\n".join), markup.map("\n\n".join)))
def test_nothing_is_lost_and_nothing_comes_alive(text):
    draft = draft_of(text)
    if draft is None:
        return
    assert find.account(draft) == ()
    plain = words("".join(body.lines(draft.body)))
    for host in (MARKDOWN, COMMONMARK):
        seen, kinds = shown(draft.body, host)
        assert kinds <= OURS, (kinds - OURS, draft.body)
        # The numbers of an ordered list are its markup, not its text.
        numbers = "ordered_list_open" in kinds
        assert seen == plain or numbers, draft.body


@settings(max_examples=150, deadline=None)
@given(st.one_of(spelled, markup.map("\n".join), markup.map("\n\n".join)), st.sampled_from(["a.md", "a.html", "a.eml"]))
def test_nothing_is_lost_in_other_formats(text, name):
    try:
        draft = find.find(seeds.read_bytes(name, text.encode()))
    except SeedError:
        return
    assert find.account(draft) == ()
    if name != "a.md":
        assert shown(draft.body, COMMONMARK)[1] <= OURS | ALSO


ALSO = {"fence", "blockquote_open", "blockquote_close"}


def test_account_notices_what_is_missing():
    draft = draft_of("Rain in Beira\n\nHeavy rain has cut the road.\n\nBoats are on their way.")
    lost = replace(draft, body="Heavy rain has cut the road.\n")
    assert [item.text for item in find.account(lost)] == ["Boats are on their way."]


@pytest.mark.skipif(not (SHARED / "data").is_dir(), reason="the articles to measure with are not there")
@pytest.mark.parametrize("name", ["seed", "traps", "trnews", "cliff", "gwn", "geovirus", "humset", "muc", "reuters"])
def test_nothing_of_real_articles_is_lost(name):
    with (SHARED / "data" / f"{name}.jsonl").open(encoding="utf-8") as lines:
        for number, line in enumerate(lines):
            if number >= 120:
                return
            item = json.loads(line)
            assert find.account(draft_of(item["text"])) == (), item["id"]


@pytest.mark.skipif(not (SHARED / "seeds").is_dir(), reason="the seed to convert is not there")
def test_the_seed():
    for path in sorted((SHARED / "seeds").glob("*.txt")):
        draft = find.find(seeds.read(path, path.name))
        assert find.account(draft) == ()
        assert draft.title.value.startswith("The fall of Aleppo")
        assert (draft.source.value, draft.source.status, draft.source.rule) == ("IRIN", "stated", "filed-for")
        assert draft.author is None
        assert draft.filed_from.value == "Stockholm"
        assert (draft.date.value, draft.date.status) == (None, "undated")
        assert [hint.text for hint in draft.date.hints[:2]] == ["Monday evening", "Tuesday evening"]
        assert len(draft.key_points) == 1
        assert draft.body.count(draft.key_points[0].value) == 1
        assert draft.image.value.credit == "IRIN"
        for glitch in ("disasterthat", "yearstruggle", "uncertain.*"):
            assert any(question.startswith(f'text: "{glitch}"') for question in draft.questions)
        assert "disasterthat" in draft.body
        assert "yearstruggle" in draft.body


@pytest.mark.parametrize(
    "piece",
    [
        "a ",
        "A ",
        "By ",
        "(",
        "- ",
        "*",
        "\n",
        "Read more: x\n",
        "LONDON, ",
        "Jane Roe, ",
        "1 May ",
        "1/",
        "© ",
        "a.B",
        "é",
        "1. x\n",
        "[",
        "PHOTO | ",
    ],
)
def test_time_grows_with_the_text_and_not_faster(piece):
    text = piece * (200_000 // len(piece)) + " end"
    started = time.process_time()
    draft_of(text)
    assert time.process_time() - started < 6
