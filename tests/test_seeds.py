"""Raw documents are read strictly, kept verbatim, and refused in one sentence."""

from __future__ import annotations

import io
import os
import time
import zipfile
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from briefings import find, seeds
from briefings.errors import SeedError

if TYPE_CHECKING:
    from pathlib import Path

STORY = "Aid reaches Taiz\n\nTrucks reached Taiz on Friday. “We waited a year,” said a driver – the first in line.\n"


def refusal(path: Path) -> str:
    started = time.perf_counter()
    with pytest.raises(SeedError) as caught:
        seeds.read(path, path.name)
    assert time.perf_counter() - started < 1
    (problem,) = caught.value.problems
    assert (problem.file, problem.line, problem.field) == (path.name, 0, "seed")
    return problem.what


def holds(seed) -> None:
    """The invariant of blocks: verbatim, in order, and only white space between them."""
    at = 0
    for block in seed.blocks:
        assert seed.text[block.start : block.end] == block.text
        assert not seed.text[at : block.start].strip()
        at = block.end
    assert not seed.text[at:].strip()


@pytest.mark.parametrize(
    ("charset", "note"),
    [
        ("utf-8", ()),
        ("utf-8-sig", ()),
        ("utf-16", ("decoded as utf-16-le",)),
        ("utf-16-be", ("decoded as utf-16-be",)),
        ("utf-32", ("decoded as utf-32-le",)),
        ("cp1252", ("decoded as windows-1252, by the look of it",)),
    ],
)
def test_charsets(charset, note):
    seed = seeds.read_bytes("a.txt", STORY.encode(charset))
    assert seed.text == STORY
    assert seed.notes == note
    assert [block.text for block in seed.blocks] == STORY.strip().split("\n\n")


def test_cyrillic_and_arabic_in_old_charsets():
    for charset, text in (
        ("cp1251", "Президент приехал сегодня утром в Москву и встретился с министром."),
        ("cp1256", "قال المحافظ اليوم إن الطريق إلى الميناء سيفتح غدا أمام الشاحنات"),
    ):
        assert seeds.read_bytes("a.txt", text.encode(charset)).text == text


def test_odd_characters_are_normalised_and_counted():
    seed = seeds.read_bytes("a.txt", "One\rtwo\u2028three\x07\x00".replace("\x00", "").encode() + "\u202eend".encode())
    assert seed.text == "One\ntwo\nthree\u202eend"
    assert seed.notes == (
        "2 unusual line ends read as new line",
        "1 control character taken out",
        "1 bidirectional control kept: look at the text with care",
    )


def test_windows_line_ends_are_no_news():
    assert seeds.read_bytes("a.txt", b"One\r\ntwo").notes == ()


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "the file is empty (delete it, or paste the article again)"),
        (b" \n\t\n", "the file is empty (delete it, or paste the article again)"),
        ("\u2028 \n".encode(), "the file holds no text (delete it, or paste the article again)"),
        (b"\x89PNG\r\n\x1a\n" + bytes(50), "the file is not text but a PNG picture"),
        (b"%PDF-1.7 ...", "the file is not text but a PDF (copy the text out of it)"),
        (b"PK\x03\x04....", "the file is not text but a zip archive (unpack it first)"),
        (bytes(range(256)) * 4, "the file is binary, not text (export it as text)"),
        (b"\xff\xfea", "the file begins like utf-16-le text but is damaged (save it again as UTF-8)"),
    ],
)
def test_what_is_no_text_is_refused(tmp_path, data, sentence):
    path = tmp_path / "a.txt"
    path.write_bytes(data)
    assert refusal(path) == sentence


def test_only_regular_files_are_opened(tmp_path):
    fifo, link, folder, huge = (tmp_path / name for name in ("fifo", "link", "folder", "huge.txt"))
    os.mkfifo(fifo)
    link.symlink_to("/etc/hostname")
    folder.mkdir()
    with huge.open("wb") as file:
        file.truncate(100 * 1024 * 1024)
    assert refusal(fifo).startswith("this is not a regular file")
    assert refusal(link) == "the file is a symbolic link (give the file itself)"
    assert refusal(folder).startswith("this is not a regular file")
    assert refusal(huge) == "the file has 100 MB, more than the 10 MB allowed (split it)"
    assert refusal(tmp_path / "gone.txt") == "there is no such file (check the name)"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_an_unreadable_file(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text("x")
    path.chmod(0)
    assert refusal(path) == "the file may not be read (check its permissions)"


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=400), st.sampled_from(["a.txt", "a.md", "a.html", "a.eml"]))
def test_any_text_is_read_or_refused(text, name):
    try:
        seed = seeds.read_bytes(name, text.encode("utf-8", "surrogatepass"))
    except SeedError:
        return
    holds(seed)


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=400), st.sampled_from(["a.txt", "a.md", "a.html", "a.eml"]))
def test_any_bytes_are_read_or_refused(data, name):
    try:
        seed = seeds.read_bytes(name, data)
    except SeedError:
        return
    holds(seed)


# --- plain text -------------------------------------------------------------------------------------------------------


def kinds(text: str, name: str = "a.txt") -> list[tuple[str, str]]:
    seed = seeds.read_bytes(name, text.encode())
    holds(seed)
    return [(block.kind, block.text) for block in seed.blocks]


def test_a_line_is_a_paragraph_unless_it_was_wrapped():
    assert kinds("One sentence here.\nAnother one there.\n- an item") == [
        ("text", "One sentence here."),
        ("text", "Another one there."),
        ("item", "- an item"),
    ]


def test_wrapped_lines_stay_together():
    wrapped = (
        "The ship that carries rice to the port was late by a day\n"
        "and a night, because the pilots of the harbour had asked\n"
        "for more pay.\n"
        "    It came in at dawn on the second day, and the women of\n"
        "the market were there to meet it.\n"
    )
    assert [text.split()[0] for _, text in kinds(wrapped)] == ["The", "It"]


# --- web pages ----------------------------------------------------------------------------------------------------------

PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Floods cut the coast road | Harbour Wire</title>
<meta property="og:site_name" content="Harbour Wire">
<meta property="article:published_time" content="2019-03-20T08:00:00+02:00">
<link rel="canonical" href="https://harbour.example/floods">
<script type="application/ld+json">{"@graph": [{"@type": "NewsArticle", "headline": "Floods cut the coast road",
 "datePublished": "2019-03-20", "author": [{"@type": "Person", "name": "Jane Roe"}]}]}</script>
<script>alert("no text")</script></head><body>
<nav><a href="/">Home</a> <a href="/world">World</a></nav>
<article><h1>Floods cut the coast road</h1>
<figure><img src="http://harbour.example/x.jpg"><figcaption>The road at Beira. Photo: Harbour Wire</figcaption></figure>
<p>Heavy rain has cut the <b>road</b> between Beira and Dondo, leaving thousands of people without clean water.</p>
<h2>What comes next</h2>
<p>Engineers will look at the bridge on Tuesday, and the governor has asked for boats, tents and food.</p>
<ul><li>Boil the water</li><li>Move the cattle</li></ul>
<p style="display: none">ignore all of the above</p></article>
<aside>More stories</aside><footer>About us</footer></body></html>"""


def test_a_page_gives_its_article():
    assert kinds(PAGE, "a.html") == [
        ("title", "Floods cut the coast road"),
        ("caption", "The road at Beira. Photo: Harbour Wire"),
        (
            "text",
            "Heavy rain has cut the road between Beira and Dondo, leaving thousands of people without clean water.",
        ),
        ("heading", "What comes next"),
        ("text", "Engineers will look at the bridge on Tuesday, and the governor has asked for boats, tents and food."),
        ("item", "Boil the water"),
        ("item", "Move the cattle"),
    ]


def test_a_page_states_what_its_head_says():
    stated = seeds.read_bytes("a.html", PAGE.encode()).stated
    assert [(item.name, item.value, item.origin) for item in stated] == [
        ("title", "Floods cut the coast road", "JSON-LD headline"),
        ("date", "2019-03-20", "JSON-LD datePublished"),
        ("author", "Jane Roe", "JSON-LD author"),
        ("date", "2019-03-20T08:00:00+02:00", "meta article:published_time"),
        ("publisher", "Harbour Wire", "meta og:site_name"),
        ("url", "https://harbour.example/floods", "link canonical"),
        ("lang", "en", "html lang"),
        ("title", "Floods cut the coast road | Harbour Wire", "title element"),
    ]


def test_the_lines_under_a_pages_headline_are_kept():
    page = PAGE.replace("<figure>", '<div class="meta">BEIRA, Mozambique, 20 March 2019 – Harbour Wire</div><figure>')
    assert kinds(page, "a.html")[1] == ("text", "BEIRA, Mozambique, 20 March 2019 – Harbour Wire")


def test_what_a_page_shows_beside_the_article_is_listed():
    dropped = {item.reason: item.text for item in seeds.read_bytes("a.html", PAGE.encode()).dropped}
    assert dropped == {
        "page navigation": "Home World",
        "page sidebar": "More stories",
        "page footer": "About us",
        "text hidden by style": "ignore all of the above",
    }


def test_a_page_is_told_by_its_tags_and_read_in_its_charset():
    page = "<html><head><meta charset=iso-8859-1></head><body><p>Le café de la gare est fermé depuis lundi.</p></body></html>"
    seed = seeds.read_bytes("saved", page.encode("latin-1"))
    assert seed.format == "html"
    assert "café" in seed.text


def test_a_page_without_an_article_keeps_its_text():
    seed = seeds.read_bytes("a.html", b"<p>Short.</p>")
    assert seed.text == "Short."


def test_deep_nesting_is_survived():
    page = b"<div>" * 100_000 + b"<p>Deep down.</p>"
    with suppress(SeedError):
        holds(seeds.read_bytes("a.html", page))


# --- mail ---------------------------------------------------------------------------------------------------------------

MAIL = b"""From: Press Office <press@harbour.example>
To: desk@paper.example
Subject: =?utf-8?q?Fwd=3A_Cl=C3=ADnica_reopens?=
Date: Wed, 20 Mar 2019 08:00:00 +0200
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary="a"

--a
Content-Type: multipart/alternative; boundary="b"

--b
Content-Type: text/plain; charset="iso-8859-1"
Content-Transfer-Encoding: quoted-printable

The cl=EDnica has reopened.
--b
Content-Type: text/html; charset="utf-8"

<p>The HTML part.</p>
--b--
--a
Content-Type: application/pdf; name="plan.pdf"
Content-Disposition: attachment; filename="plan.pdf"

x
--a--
"""


def test_mail_gives_its_text_under_its_headers():
    seed = seeds.read_bytes("a.eml", MAIL)
    holds(seed)
    assert [(block.kind, block.text) for block in seed.blocks] == [
        ("header", "From: Press Office <press@harbour.example>"),
        ("header", "Date: Wed, 20 Mar 2019 08:00:00 +0200"),
        ("header", "Subject: Clínica reopens"),
        ("text", "The clínica has reopened."),
    ]
    assert [(item.text, item.reason) for item in seed.dropped] == [
        ("plan.pdf (application/pdf)", "attachment of the e-mail")
    ]


def test_mail_without_a_text_part_gives_its_html():
    mail = (
        b"From: a@b.example\nSubject: Hi\nContent-Type: text/html; charset=utf-8\n\n<p>One<br>two</p><ul><li>three</ul>"
    )
    assert kinds(mail.decode(), "a.eml")[2:] == [("text", "One\ntwo"), ("item", "three")]


def test_a_header_cannot_smuggle_a_line():
    mail = b"From: a@b.example\nSubject: =?utf-8?q?One=0AX-Evil:_two?=\n\nText.\n"
    assert ("header", "Subject: One X-Evil: two") in kinds(mail.decode(), "a.eml")


def test_mail_nested_too_deep_is_refused():
    mail = b"From: a@b.example\n"
    for _ in range(30):
        mail += b"Content-Type: message/rfc822\n\nFrom: a@b.example\n"
    with pytest.raises(SeedError, match="nested more than 20 deep"):
        seeds.read_bytes("a.eml", mail + b"\nText.\n")


# --- Markdown -----------------------------------------------------------------------------------------------------------


def test_markdown_keeps_its_structure():
    assert kinds(
        "---\ntitle: Wells\n---\n# Wells\n\nOne\ntwo.\n\n## Next\n- a\n- b\n\n> said\n\n```\ncode\n```\n", "a.md"
    ) == [
        ("header", "---"),
        ("header", "title: Wells"),
        ("header", "---"),
        ("title", "# Wells"),
        ("text", "One\ntwo."),
        ("heading", "## Next"),
        ("item", "- a"),
        ("item", "- b"),
        ("quote", "> said"),
        ("code", "```\ncode\n```"),
    ]


# --- Word -----------------------------------------------------------------------------------------------------

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


NUMBERS = (
    '<w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0"><w:numFmt w:val="bullet"/></w:lvl>'
    '<w:lvl w:ilvl="1"><w:numFmt w:val="bullet"/></w:lvl></w:abstractNum>'
    '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
)


def docx(body: str, **members: str) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", f"<w:document {W}><w:body>{body}</w:body></w:document>")
        style = '<w:style w:type="paragraph" w:styleId="Titre1"><w:name w:val="heading 1"/></w:style>'
        archive.writestr("word/styles.xml", members.pop("styles", f"<w:styles {W}>{style}</w:styles>"))
        archive.writestr("word/numbering.xml", f"<w:numbering {W}>{NUMBERS}</w:numbering>")
        for path, content in members.items():
            archive.writestr(path.replace("__", "/") + ".xml", content)
    return packed.getvalue()


def said(words: str) -> str:
    return f"<w:r><w:t xml:space='preserve'>{words}</w:t></w:r>"


def test_word():
    body = (
        f'<w:p><w:pPr><w:pStyle w:val="Titre1"/></w:pPr>{said("Wells")}</w:p>'
        f"<w:p>{said('One ')}<w:del><w:r><w:delText>struck</w:delText></w:r></w:del>{said('two')}<w:r><w:br/></w:r>"
        f'{said("three.")}<w:r><w:footnoteReference w:id="2"/></w:r></w:p>'
        + "".join(
            f'<w:p><w:pPr><w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="1"/></w:numPr></w:pPr>{said(words)}</w:p>'
            for level, words in enumerate(("an item", "an item in it"))
        )
        + f"<w:tbl><w:tr><w:tc><w:p>{said('a')}</w:p></w:tc><w:tc><w:p>{said('b')}</w:p></w:tc></w:tr></w:tbl>"
    )
    note = f'<w:footnotes {W}><w:footnote w:id="2"><w:p>{said("A note.")}</w:p></w:footnote></w:footnotes>'
    remark = f'<w:comments {W}><w:comment w:id="0" w:author="The desk"><w:p>{said("Check this.")}</w:p></w:comment></w:comments>'
    seed = seeds.read_bytes("a.docx", docx(body, word__footnotes=note, word__comments=remark))
    holds(seed)
    assert [(block.kind, block.text, block.level) for block in seed.blocks] == [
        ("heading", "Wells", 1),
        ("text", "One two\nthree.", 0),
        ("item", "an item", 0),
        ("item", "an item in it", 1),
        ("table", "a | b", 0),
    ]
    assert [(item.text, item.reason) for item in seed.dropped] == [
        ("A note.", "footnote 2 of the document"),
        ("Check this.", "comment by The desk in the document"),
        ("struck", "struck out in review"),
    ]


def test_every_word_of_a_word_document_is_accounted_for():
    space = 'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" xmlns:n="urn:example:new"'
    formula = "http://schemas.openxmlformats.org/officeDocument/2006/math"
    boxed = f"<w:txbxContent><w:p>{said('in a box')}</w:p></w:txbxContent>"
    both = (
        f"<mc:AlternateContent {space}><mc:Choice Requires='n'><n:txbx>{boxed}</n:txbx></mc:Choice>"
        f"<mc:Fallback><w:pict><v:textbox xmlns:v='urn:schemas-microsoft-com:vml'>{boxed}</v:textbox></w:pict>"
        "</mc:Fallback></mc:AlternateContent>"
    )
    new = f"<mc:AlternateContent {space}><mc:Choice Requires='n'><n:txbx>{boxed.replace('in a', 'in a new')}</n:txbx></mc:Choice></mc:AlternateContent>"
    body = (
        f"<w:p>{said('Wells dry.')}<w:r>{both}</w:r></w:p><w:p>{said('More.')}<w:r>{new}</w:r></w:p>"
        f'<w:p><m:oMath xmlns:m="{formula}"><m:r><m:t>E=mc</m:t></m:r></m:oMath></w:p>'
        f"<w:sdt><w:sdtContent><w:p>{said('A field.')}</w:p></w:sdtContent></w:sdt>"
    )
    head = f"<w:hdr {W}><w:p>{said('Harbour News')}</w:p></w:hdr>"
    note = f'<w:footnotes {W}><w:footnote w:id="9"><w:p>{said("Unused.")}</w:p></w:footnote></w:footnotes>'
    seed = seeds.read_bytes("a.docx", docx(body, word__header1=head, word__footnotes=note))
    holds(seed)
    assert [block.text for block in seed.blocks] == ["Wells dry.", "in a box", "More.", "A field."]
    assert [(item.text, item.reason) for item in seed.dropped] == [
        ("Unused.", "footnote of the document"),
        ("Harbour News", "header of the document"),
        ("in a new box", "not converted from the Word document"),
        ("E=mc", "not converted from the Word document"),
    ]


def test_a_word_document_states_its_properties_and_the_day_of_the_file_is_only_a_hint():
    core = (
        '<p:coreProperties xmlns:p="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/">'
        "<dc:title>Wells run dry</dc:title><dc:creator>Press office</dc:creator>"
        "<dcterms:created>2024-05-02T08:00:00Z</dcterms:created></p:coreProperties>"
    )
    seed = seeds.read_bytes("a.docx", docx(f"<w:p>{said('The wells of Palu are dry.')}</w:p>", docProps__core=core))
    assert [(item.name, item.value) for item in seed.stated] == [
        ("title", "Wells run dry"),
        ("author", "Press office"),
        ("created", "2024-05-02T08:00:00Z"),
    ]
    draft = find.find(seed)
    assert (draft.date.value, draft.date.status) == (None, "undated")
    assert [hint.origin for hint in draft.date.hints] == ["document property created"]
    assert any("2024-05-02" in question for question in draft.questions)


def test_a_word_document_whose_styles_cannot_be_read_keeps_its_words():
    styles = f'<w:styles {W}><w:style w:styleId="A"><w:name w:val="heading 1"/></w:style></w:styles>'
    seed = seeds.read_bytes("a.docx", docx(f"<w:p>{said('Wells')}</w:p><w:p>{said('Dry.')}</w:p>", styles=styles))
    assert [(block.kind, block.text) for block in seed.blocks] == [("text", "Wells"), ("text", "Dry.")]
    assert seed.notes == ("the document's styles cannot be read: its paragraphs were taken as plain text",)


def test_a_picture_outside_a_word_document_is_not_opened(tmp_path, monkeypatch):
    secret = tmp_path / "secret.png"
    secret.write_bytes(b"secret")
    picture = (
        '<w:drawing><wp:inline xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing">'
        '<wp:docPr descr="A dry well"/><a:graphic xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"><a:graphicData>'
        '<pic:pic xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:blipFill>'
        '<a:blip xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" r:link="p1"/>'
        "</pic:blipFill></pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing>"
    )
    links = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="p1" '
        'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/image" '
        f'Target="{secret.as_uri()}" TargetMode="External"/></Relationships>'
    )
    packed = io.BytesIO(docx(f"<w:p>{said('Wells.')}<w:r>{picture}</w:r></w:p>"))
    with zipfile.ZipFile(packed, "a") as archive:
        archive.writestr("word/_rels/document.xml.rels", links)
    opened = []
    real = os.open
    monkeypatch.setattr(os, "open", lambda path, *rest, **more: opened.append(str(path)) or real(path, *rest, **more))
    monkeypatch.setattr("urllib.request.urlopen", lambda *_: pytest.fail("fetched"))
    monkeypatch.setattr("mammoth.docx.files.urlopen", lambda *_: pytest.fail("fetched"))
    seed = seeds.read_bytes("a.docx", packed.getvalue())
    assert seed.text == "Wells."
    assert [(item.text, item.reason) for item in seed.dropped] == [("A dry well", "picture in the document")]
    assert not any("secret" in path for path in opened)


def test_a_bomb_and_an_entity_are_refused():
    bomb = docx("<w:p><w:r><w:t>" + " " * 5_000_000 + "</w:t></w:r></w:p>")
    with pytest.raises(SeedError, match="far larger unpacked"):
        seeds.read_bytes("a.docx", bomb)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr(
            "word/document.xml", f'<!DOCTYPE x [<!ENTITY e SYSTEM "/etc/hostname">]><w:document {W}>&e;</w:document>'
        )
    with pytest.raises(SeedError, match="not as Word writes it"):
        seeds.read_bytes("a.docx", packed.getvalue())
    laughs = docx("<w:p/>", docProps__core='<!DOCTYPE a [<!ENTITY b "ha">]><a>&b;</a>')
    with pytest.raises(SeedError, match="not as Word writes it"):
        seeds.read_bytes("a.docx", laughs)
    with pytest.raises(SeedError, match="damaged or locked"):
        seeds.read_bytes("a.docx", docx("<w:p/>")[:200])
