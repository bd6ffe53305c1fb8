"""The last look before publishing: what may not be in a page, whoever put it there."""

from __future__ import annotations

import pytest

from briefings import scan, state
from briefings.errors import BuildError

PAGE = "<!doctype html><title>t</title><p>Words"


@pytest.mark.parametrize(
    ("html", "said"),
    [
        ("<script>alert(1)</script>", "a script inside the page"),
        ('<script src="https://evil.example/x.js"></script>', "a script that is not the theme's"),
        ('<script src="/images/x.js"></script>', "a script that is not the theme's"),
        ("<img src=x onerror=alert(1)>", "a handler onerror"),
        ('<p style="color:red">', "an inline style"),
        ("<style>p{}</style>", "an element <style>"),
        ('<a href="javascript:alert(1)">', "an address that runs (javascript:alert(1))"),
        ('<a href=" java\nscript:alert(1)">', "an address that runs"),
        ('<a href="data:text/html,x">', "an address that runs"),
        ('<iframe src="/x">', "an element <iframe>"),
        ('<base href="//evil.example/">', "an element <base>"),
    ],
)
def test_what_may_not_be_in_a_page(html, said):
    assert any(said in what for _, what in scan.page(PAGE + html))


@pytest.mark.parametrize(
    "html",
    [
        '<script src="/static/search.js?v=1" type="module"></script>',
        '<script type="application/ld+json">{"a": 1}</script>',
        '<a href="mailto:desk@example.org">',
        '<a href="/map/?a=b:c">',
        "&lt;script&gt;",
    ],
)
def test_what_may(html):
    assert scan.page(PAGE + html) == []


@pytest.fixture
def output(tmp_path):
    """A finished build of a page and two feeds."""
    files = {"index.html": PAGE.encode(), "feed.rss.xml": b"<rss/>", "feed.json": b"{}"}
    for name, data in files.items():
        (tmp_path / name).write_bytes(data)
    state.save(tmp_path, {name: state.Row(state.digest_of(data), "", len(data)) for name, data in files.items()})
    return tmp_path


def test_a_finished_build(output):
    assert scan.scan(output) == (3, ())


@pytest.fixture
def linked(tmp_path):
    """A finished build of two pages below a path of their host; the first has the links that a test gives it."""

    def write(links):
        files = {"index.html": f'{PAGE}<h2 id="here">Here</h2>{links}', "a b/index.html": f'{PAGE}<p id="é">'}
        for name, text in files.items():
            (tmp_path / name).parent.mkdir(exist_ok=True)
            (tmp_path / name).write_text(text, "utf-8")
        rows = {name: state.Row(state.digest_of(text.encode()), "", len(text.encode())) for name, text in files.items()}
        state.save(tmp_path, rows)
        return scan.scan(tmp_path, "https://site.example/news").lost

    return write


@pytest.mark.parametrize(
    "link",
    [
        "/news/",
        "#here",
        "/news/a%20b/#%C3%A9",
        "https://site.example/news/a%20b/",
        "https://other.example/x/",
        "/shop/",
        "//x/y",
    ],
)
def test_links_that_lead_somewhere_or_elsewhere(linked, link):
    assert linked(f'<a href="{link}">x</a>') == ()


@pytest.mark.parametrize(
    ("link", "said"),
    [
        ("/news/c/", "the link /news/c/ leads to nothing on this site"),
        ("https://site.example/news/c/", "the link /news/c/ leads to nothing on this site"),
        ("#there", "the link /news/index.html#there leads to no part of that page"),
        ("/news/a%20b/#here", "the link /news/a%20b/#here leads to no part of that page"),
    ],
)
def test_links_that_lead_nowhere(linked, link, said):
    (problem,) = linked(f'\n<a href="{link}">x</a> <a href="{link}">again</a>')
    assert str(problem) == f"index.html:2: warning: {said}"


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("index.html", b"other", "index.html: is not what the build wrote (build again with --full)"),
        ("index.html", None, "index.html: is gone, or no regular file"),
        ("stray.html", b"x", "stray.html: was not written by the build (delete it)"),
    ],
)
def test_a_tree_that_somebody_touched(output, name, data, said):
    if data is None:
        (output / name).unlink()
    else:
        (output / name).write_bytes(data)
    with pytest.raises(BuildError) as raised:
        scan.scan(output)
    assert said in str(raised.value)


@pytest.mark.parametrize(("name", "data"), [("feed.rss.xml", b"<rss><a></rss>"), ("feed.json", b"{")])
def test_a_feed_that_does_not_parse(output, name, data):
    (output / name).write_bytes(data)
    state.save(output, {**state.load(output), name: state.Row(state.digest_of(data), "", len(data))})
    with pytest.raises(BuildError, match=name):
        scan.scan(output)


def test_nothing_built(tmp_path):
    with pytest.raises(BuildError, match="holds no finished build"):
        scan.scan(tmp_path)
