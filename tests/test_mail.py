"""Digests as e-mail: what a mail client gets, read back with the standard library and lxml."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import default
from urllib.parse import urlsplit

import pytest
from bs4 import BeautifulSoup

from briefings import cli
from tests.sites import briefing, settings

MAIL = {
    "from": "Düsk & Sons <digest@briefs.example.org>",
    "to": "all@lists.example.org",
    "reply_to": "desk@briefs.example.org",
    "unsubscribe": ("https://lists.example.org/out?t=*|TOKEN|*&" + "x" * 120, "mailto:out@lists.example.org"),
}
TODAY = datetime(2026, 11, 12, 9, tzinfo=UTC)


@pytest.fixture
def desk(tmp_path, monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(int(TODAY.timestamp())))
    content = tmp_path / "content"
    briefing(
        content, "monday", title='"A & B: <floods>"', published="2026-11-02T08:00:00Z", lang="en",
        key_points=f'["Ünïcode {"word " * 300}", "A <b>point</b>.", "{"x" * 1200}"]',
    )  # fmt: skip
    briefing(content, "arabic", title='"عاجل: الزلزال"', lang="ar", published="2026-11-03T08:00:00Z")
    briefing(
        content, "linked", source='{name: "Tight Wire"}', published="2026-11-04T08:00:00Z", key_points='["Secret."]'
    )
    briefing(
        content, "gone", status="withdrawn", withdrawn_reason="A hoax.", updated="2026-11-05T08:00:00Z",
        published="2026-11-04T09:00:00Z", key_points='["Secret."]',
    )  # fmt: skip
    briefing(content, "now", published="2026-11-10T08:00:00Z")
    (content / "sources.yaml").write_text(
        "harbour-news: {name: Harbour News}\ntight-wire: {name: Tight Wire, reuse: link}\n", "utf-8"
    )
    return settings(tmp_path, SITENAME="Düsk", BRIEFINGS={"key": "0f3f9bc4-6a0e-4d0b-9f5e-3c1d52a7b6e1", "mail": MAIL})


def written(conf, *arguments):
    target = conf.parent / "out.eml"
    assert cli.main(["digest", *arguments, "-o", str(target), "--settings", str(conf)]) == 0
    return target.read_bytes()


def parts(data):
    whole = message_from_bytes(data, policy=default)
    assert not whole.defects
    assert not any(whole[name].defects for name in set(whole.keys()))
    text, html = whole.iter_parts()
    assert not text.defects + html.defects
    return whole, text.get_content(), html.get_content()


def test_what_a_mailer_needs_is_there(desk):
    whole, _, _ = parts(written(desk, "2026-W45"))
    assert whole.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in whole.iter_parts()] == ["text/plain", "text/html"]
    assert whole["From"].addresses[0].display_name == "Düsk & Sons"
    assert whole["From"].addresses[0].addr_spec == "digest@briefs.example.org"
    assert (str(whole["To"]), str(whole["Reply-To"])) == ("all@lists.example.org", "desk@briefs.example.org")
    assert whole["Subject"] == "Düsk: 2 November 2026 to 8 November 2026"
    assert whole["Date"].datetime == datetime(2026, 11, 9, tzinfo=UTC)
    assert re.fullmatch(r"<digest\.2026-W45\.[0-9a-f-]{36}@briefs\.example\.org>", whole["Message-ID"])
    assert whole["List-Id"] == "<digest.briefs.example.org>"
    assert whole["List-Unsubscribe"] == ", ".join(f"<{where}>" for where in MAIL["unsubscribe"])
    assert whole["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert len(whole.get_all("MIME-Version")) == 1
    assert [name for name in set(whole.keys()) if len(whole.get_all(name)) > 1] == []


def test_every_line_is_one_that_mail_carries(desk):
    data = written(desk, "2026-W45")
    assert data.isascii()
    assert b"\n" not in data.replace(b"\r\n", b"")
    assert max(map(len, data.split(b"\r\n"))) <= 998
    body = data.partition(b"\r\n\r\n")[2]
    assert max(map(len, body.split(b"\r\n"))) <= 78


def test_both_parts_say_the_same(desk):
    _, text, html = parts(written(desk, "2026-W45"))
    page = BeautifulSoup(html, "lxml")
    for words in ("A & B: <floods>", "A <b>point</b>.", "عاجل: الزلزال", "Withdrawn: A hoax.", "Title of linked"):
        assert words in text
        assert words in page.get_text()
    assert "Secret" not in text + html
    assert "Title of now" not in text + html
    links = {link["href"] for link in page.select("a")}
    assert {url for url in re.findall(r"https://\S+", text) if "/briefings/" in url} <= links
    assert MAIL["unsubscribe"][0] in links
    assert MAIL["unsubscribe"][0] in text


def test_the_html_survives_mail_clients(desk):
    html = parts(written(desk, "2026-W45"))[2]
    page = BeautifulSoup(html, "lxml")
    assert page.html["lang"] == "en"
    assert not page.select("img, script, link, iframe, table, form, object, svg, [src], [srcset], [background]")
    assert not re.search(r"url\(|@import|@font-face", html)
    assert all(urlsplit(link["href"]).scheme in {"https", "mailto"} for link in page.select("a"))
    assert len(page.select("style")) == 1
    assert page.style.string.strip().startswith("@media (prefers-color-scheme: dark)")
    assert page.select_one('meta[name="color-scheme"]')["content"] == "light dark"
    for element in page.select("main, h1, h2, p, li, a"):
        assert element.get("style"), element
    (arabic,) = page.select('[lang="ar"]')
    assert arabic["dir"] == "rtl"


def test_the_same_bytes_in_any_zone_on_any_day(desk, monkeypatch):
    first = written(desk, "2026-W45")
    monkeypatch.setenv("TZ", "Pacific/Apia")
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(int(TODAY.timestamp()) + 86400 * 40))
    assert written(desk, "2026-W45") == first


@pytest.mark.parametrize(
    ("arguments", "subject"),
    [
        (["--latest"], "2 November 2026 to 8 November 2026"),
        (["--latest", "day"], "10 November 2026"),
        (["2026-11-03"], "3 November 2026"),
        (["2026-11"], "November 2026"),
    ],
)
def test_which_digest(desk, arguments, subject):
    assert parts(written(desk, *arguments))[0]["Subject"] == f"Düsk: {subject}"


def test_one_that_is_not_over_is_dated_now_and_said(desk, capsys):
    whole, _, html = parts(written(desk, "2026-W46"))
    assert whole["Date"].datetime == TODAY
    assert "Title of now" in html
    assert "note: 9 November 2026 to 15 November 2026 is not over" in capsys.readouterr().err


def test_standard_output_is_ready_for_sendmail(desk, capfdbinary):
    assert cli.main(["digest", "2026-W45", "--settings", str(desk)]) == 0
    said, _ = capfdbinary.readouterr()
    assert said.replace(b"\n", b"\r\n") == written(desk, "2026-W45")


def test_every_digest_in_a_folder_of_its_own(desk):
    folder = desk.parent / "mail"
    arguments = ["digest", "--all", "-o", str(folder), "--settings", str(desk)]
    assert cli.main(arguments) == 0
    assert [path.name for path in folder.iterdir()] == ["2026-W45.eml"]
    before = (folder / "2026-W45.eml").stat().st_mtime_ns
    assert cli.main(arguments) == 0
    assert (folder / "2026-W45.eml").stat().st_mtime_ns == before


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["2026-W60"], "2026-W60: is no day, week or month"),
        (["last week"], "last week: is no day, week or month"),
        (["2020-01"], "2020-01: nothing went out in it"),
        (["--latest", "month"], "no month in which something went out is over"),
    ],
)
def test_what_there_is_not(desk, capsys, arguments, said):
    assert cli.main(["digest", *arguments, "--settings", str(desk)]) == 1
    assert said in capsys.readouterr().err


@pytest.mark.parametrize(
    ("mail", "said"),
    [
        ({}, 'BRIEFINGS["mail"]'),
        ({"to": "a@b.example"}, "says not who sends"),
        ({"from": "nobody"}, '"from" must be an address'),
        ({"from": "a@b.example\nBcc: x@y.example"}, '"from" must be text on one line'),
        ({"from": "a@b.example", "unsubscribe": ("http://x.example",)}, '"unsubscribe" must be'),
        ({"from": "a@b.example", "unsubscribe": ("https://x.example/> b",)}, '"unsubscribe" must be'),
        ({"from": "a@b.example", "list_id": "a b"}, '"list_id" must look like a host'),
        ({"from": "a@b.example", "fro": "x"}, 'has no "fro"'),
    ],
)
def test_settings_that_cannot_be_used(tmp_path, capsys, mail, said):
    briefing(tmp_path / "content", "one")
    conf = settings(tmp_path, BRIEFINGS={"key": "0f3f9bc4-6a0e-4d0b-9f5e-3c1d52a7b6e1", "mail": mail})
    assert cli.main(["digest", "--latest", "--settings", str(conf)]) == 1
    assert said in capsys.readouterr().err
