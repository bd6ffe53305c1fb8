"""What ``briefings explain`` shows: as JSON, on a terminal, and as the editor's desk."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser

import pytest
from browser import chromium

from briefings import cli, explain, explain_html, find, marks, seeds
from briefings.errors import Problem
from briefings.marks import Mark

TEXT = """Floods cut off villages around Beira

By Rosa Example
BEIRA, Mozambique, March 4 (Harbour Wire) - Heavy rain has cut the road between Beira and Dondo, Mozambique's
disaster agency said on Monday. The floods left thousands without clean water; the convoycarried food to Dondo.

Photo: Harbour Wire
Read more: Cyclone reaches Malawi
"""
ARABIC = "فيضانات في بيرا\n\nهطلت أمطار غزيرة على مدينة بيرا في موزمبيق يوم الاثنين، وقالت السلطات إن الطريق قطع.\n"
HOSTILE = """</div></mark><script>document.title='run'</script>

BEIRA, Mozambique, March 4 (<img src=x onerror="document.title='run'">) - <b>Rain</b> & "hail" fell on Beira \u202eDCBA\u202c.
Read more: <a href="javascript:alert(1)">here</a>
"""


def draft_of(text, name="seeds/example.txt"):
    return find.find(seeds.read_bytes(name, text.encode()))


@pytest.fixture(scope="module")
def draft():
    return draft_of(TEXT)


def desk(*items):
    return "".join(explain_html.page(items))


class Reader(HTMLParser):
    """The text of the seed as the page shows it, without labels, and everything that a page must not have."""

    def __init__(self, html):
        super().__init__()
        self.stack, self.seed, self.tags, self.ids, self.links, self.attributes = [], [], set(), [], [], []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        self.tags.add(tag)
        self.attributes += attrs
        self.ids += [attrs["id"]] if "id" in attrs else []
        self.links += [attrs["href"]] if "href" in attrs else []
        if tag not in {"meta", "link", "img", "br"}:
            self.stack.append((tag, attrs.get("class") or ""))

    def handle_endtag(self, tag):
        assert self.stack[-1][0] == tag, f"</{tag}> closes <{self.stack[-1][0]}>"
        self.stack.pop()

    def handle_data(self, data):
        classes = [name for _, name in self.stack]
        if "seed" in classes and classes[-1] not in {"label", "heard"}:
            self.seed.append(data)


# --- marks ----------------------------------------------------------------------------------------------------------

WORDS = "abcdefgh"


def cut(*spans):
    found = [Mark(start, end, "tags", name) for start, end, name in spans]
    return [(words, "".join(mark.label for mark in active)) for words, active in marks.pieces(WORDS, found)]


@pytest.mark.parametrize(
    ("spans", "expected"),
    [
        ([], [("abcdefgh", "")]),
        ([(0, 8, "x")], [("abcdefgh", "x")]),
        ([(0, 8, "x"), (2, 4, "y")], [("ab", "x"), ("cd", "xy"), ("efgh", "x")]),
        ([(0, 4, "x"), (2, 6, "y")], [("ab", "x"), ("cd", "xy"), ("ef", "y"), ("gh", "")]),
        ([(1, 3, "x"), (1, 3, "y")], [("a", ""), ("bc", "xy"), ("defgh", "")]),
        ([(1, 3, "x"), (3, 5, "y")], [("a", ""), ("bc", "x"), ("de", "y"), ("fgh", "")]),
    ],
    ids=["none", "all", "nested", "crossing", "same", "touching"],
)
def test_pieces(spans, expected):
    assert cut(*spans) == expected


def test_every_finding_in_the_text_is_marked(draft):
    found = {(mark.start, mark.end) for mark in marks.marks(draft)}
    findings = (draft.title, draft.source, draft.author, draft.filed_from, draft.date, draft.location, draft.image)
    several = (*draft.places, *draft.tags, *draft.key_points)
    spans = {(item.start, item.end) for one in (*findings, *several) if one for item in (*one.evidence, *one.hints)}
    spans |= {(item.start, item.end) for item in draft.removed}
    assert spans - {(None, None)} <= found
    assert len(spans) > 8


def test_words_that_are_asked_about_are_marked(draft):
    asked = [mark for mark in marks.marks(draft) if mark.field == "questions"]
    assert [TEXT[mark.start : mark.end] for mark in asked] == ["convoycarried"]


def test_a_terminal_is_not_obeyed():
    assert marks.visible("a\x1b[2Jb\u202ec") == "a<U+001B>[2Jb<U+202E>c"


# --- JSON -----------------------------------------------------------------------------------------------------------


def test_json_has_the_keys_of_the_design(draft):
    data = json.loads(explain.as_json(draft))
    assert list(data) == [
        "seed", "sha256", "format", "title", "lang", "source", "author", "filed_from", "url", "date", "location", "places",
        "tags", "key_points", "image", "removed", "questions", "problems",
    ]  # fmt: skip
    assert data["seed"] == "seeds/example.txt"
    assert data["title"] == "Floods cut off villages around Beira"
    assert {"value", "status", "rule", "evidence"} == set(data["source"])
    assert data["source"]["value"] == "Harbour Wire"
    assert data["author"]["value"] == "Rosa Example"
    assert {"value", "status", "hints", "hint_spans"} <= set(data["date"])
    assert (data["date"]["value"], data["date"]["status"]) == ("--03-04", "partial")
    assert {"value", "status", "confidence", "evidence"} <= set(data["location"])
    assert {"name", "country", "latitude", "longitude", "geonames", "region"} == set(data["location"]["value"])
    assert {"value", "reliefweb", "iptc", "evidence"} <= set(data["tags"][0])
    assert all({"text", "reason", "start", "end"} == set(item) for item in data["removed"])
    assert data["problems"] == []


def test_json_offsets_point_at_the_words(draft):
    def evidence(node):
        if isinstance(node, dict):
            if "start" in node and node["start"] is not None:
                yield node
            node = list(node.values())
        for item in node if isinstance(node, list) else []:
            yield from evidence(item)

    found = list(evidence(json.loads(explain.as_json(draft))))
    assert len(found) > 8
    for item in found:
        assert TEXT[item["start"] : item["end"]] == item["text"]


def test_json_of_a_text_without_anything():
    data = json.loads(explain.as_json(draft_of("Hello there, nothing to see.\n")))
    assert data["source"] is None
    assert data["author"] is None
    assert data["date"]["value"] is None
    assert data["date"]["status"] == "undated"
    assert data["location"]["value"] is None
    assert data["location"]["status"] == "none"
    assert data["image"] is None


def test_what_reading_left_out_is_listed_once():
    html = (
        b"<html><body><nav>Home Ports Weather</nav><article><h1>Floods in Beira</h1><p>%s</p></article></body></html>"
    )
    made = find.find(seeds.read_bytes("a.html", html % (b"Rain fell on Beira for three days and nights. " * 12)))
    assert made.seed.dropped
    removed = json.loads(explain.as_json(made))["removed"]
    assert [item["text"] for item in removed].count(made.seed.dropped[0].text) == 1


# --- on a terminal --------------------------------------------------------------------------------------------------


def test_overlapping_findings_are_all_spelled_out(draft):
    text = explain.as_text(draft, color=False)
    assert "[title: [tag floods: Floods] cut off villages around [location: Beira]]" in text
    assert "[date: March 4]" in text
    assert "removed (" in text


def test_marks_do_not_change_the_words(draft):
    shown = explain.as_text(draft, color=True)
    plain = re.sub("\x1b\\[[0-9;]*m", "", shown)
    assert TEXT in plain


def test_a_colour_in_the_text_names_its_field_below(draft):
    shown = explain.as_text(draft, color=True)
    assert "\x1b[35mdate\x1b[0m: --03-04" in shown
    assert re.search("\x1b\\[[0-9;]*35mMarch 4\x1b\\[0m", shown)


# --- the desk -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", [TEXT, ARABIC, HOSTILE], ids=["text", "arabic", "hostile"])
def test_the_page_shows_the_text_word_for_word(text):
    page = Reader(desk(draft_of(text)))
    shown = "".join(page.seed)
    assert re.sub(r"U\+202[EC]", "", shown) == re.sub("[\u202e\u202c]", "", text)
    assert page.stack == []
    assert len(set(page.ids)) == len(page.ids)
    assert {link[1:] for link in page.links if link.startswith("#")} <= set(page.ids)


def test_the_page_loads_and_runs_nothing(draft):
    html = desk(draft, draft_of(HOSTILE))
    page = Reader(html)
    assert page.tags.isdisjoint(
        {"script", "img", "iframe", "object", "embed", "link", "form", "base", "svg", "b onerror"}
    )
    assert not [name for name in page.attributes if name.startswith("on") or name in {"style", "src"}]
    assert all(link.startswith(("#", "https://www.openstreetmap.org/")) for link in page.links)
    assert "default-src 'none'; style-src 'sha256-" in html
    assert "unsafe" not in html


def test_only_addresses_of_the_web_become_links():
    page = '<html><head><link rel="canonical" href="javascript:alert(1)"></head><body><p>Rain fell.</p></body></html>'
    assert "javascript:" not in "".join(Reader(desk(find.find(seeds.read_bytes("a.html", page.encode())))).links)


def test_questions_come_first_and_lead_to_what_they_ask(draft):
    html = desk(draft)
    assert html.index('class="questions"') < html.index('class="seed"') < html.index('class="field ')
    assert '<a href="#s1-date">date</a> the dateline says' in html
    assert re.search(r'<a href="#s1-m\d+">text</a> &quot;convoycarried&quot; may be', html)


def test_several_seeds_unfold_and_refused_ones_are_told(draft):
    html = desk(draft, Problem("bad.bin", 0, "", "is not text"), draft_of(ARABIC, "b.txt"))
    assert html.count("<details><summary>") == 2
    assert "<b>Refused</b> bad.bin: is not text" in html
    page = Reader(html)
    assert len(set(page.ids)) == len(page.ids)


def test_right_to_left():
    assert '<div class="seed" lang="ar" dir="rtl">' in desk(draft_of(ARABIC))


def test_same_seed_same_bytes(draft):
    assert desk(draft) == desk(draft_of(TEXT))


def test_the_command_writes_a_page_and_nobody_elses_file(tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.txt").write_text(TEXT, "utf-8")
    for _ in range(2):  # its own page may be written anew
        assert cli.main(["explain", "a.txt", "-o", "desk.html"]) == 0
    assert (tmp_path / "desk.html").read_text("utf-8").startswith(explain_html.BEGINNING)
    assert cli.main(["explain", "--html", "a.txt", "-o", "a.txt"]) == 1
    assert "a.txt: is there already" in capsys.readouterr().err
    assert (tmp_path / "a.txt").read_text("utf-8") == TEXT
    assert cli.main(["explain", "--html", "a.txt", "missing.txt"]) == 1
    told = capsys.readouterr()
    assert told.out.startswith("<!doctype html>")
    assert "missing.txt" in told.err
    assert cli.main(["explain", "--json", "a.txt", "-o", "desk.html"]) == 2
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.txt", "desk.html"]


@pytest.mark.browser
def test_in_a_browser(tmp_path, draft):
    (tmp_path / "desk.html").write_text(desk(draft), "utf-8")
    (tmp_path / "hostile.html").write_text(desk(draft_of(HOSTILE)), "utf-8")
    with chromium() as browser:
        for width in (320, 1400):
            for name in ("desk", "hostile"):
                page = browser.new_page(viewport={"width": width, "height": 900})
                said = []
                page.on("console", lambda message, said=said: said.append(message.text))
                page.goto((tmp_path / f"{name}.html").as_uri())
                assert said == []
                assert page.title() != "run"
                assert page.evaluate("document.documentElement.scrollWidth") == width
                assert page.evaluate("getComputedStyle(document.querySelector('.desk')).display") == "grid"
                page.close()
