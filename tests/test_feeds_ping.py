"""Hubs and search engines are told what changed, if the settings name them; whatever they answer, what is out is out."""

from __future__ import annotations

import json
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from urllib.parse import parse_qs

import pytest
from msgspec.structs import replace
from sites import SITE, about, briefing, settings

from briefings import cli, ping
from briefings.errors import ContentError
from briefings.settings import load

KEY = "0f3f9bc46a0e4d0b"


@contextmanager
def server(*answers):
    """A server on this machine that records what it gets, and gives these answers, the last one for ever."""
    got, waiting = [], list(answers)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            got.append((self.path, self.headers["Content-Type"], body.decode()))
            self.send_response(waiting.pop(0) if len(waiting) > 1 else waiting[0])
            self.send_header("Location", "/elsewhere")
            self.end_headers()

        def log_message(self, *_):
            pass

    listening = HTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=listening.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{listening.server_port}/", got
    finally:
        listening.shutdown()
        thread.join()
        listening.server_close()


CHANGED = ("feed.atom.xml", "tags/flood/feed.json", "feed-2026-01.atom.xml", "index.html", "briefings/one/index.html")


def call(url):
    return ping.Call("something", url, "text/plain", b"words")


def test_nobody_is_told_unless_the_settings_name_somebody():
    assert ping.calls(SITE, CHANGED) == ()


def test_a_hub_gets_every_feed_that_changed():
    with server(204) as (url, got):
        (only,) = ping.calls(replace(SITE, hub=url), CHANGED)
        assert not ping.send(only).problem
    ((_, kind, body),) = got
    assert kind == "application/x-www-form-urlencoded"
    assert parse_qs(body) == {
        "hub.mode": ["publish"],
        "hub.url": [
            "https://briefs.example.org/news/feed.atom.xml",
            "https://briefs.example.org/news/tags/flood/feed.json",
        ],
    }


def test_indexnow_gets_the_pages_of_briefings():
    with server(200) as (url, got):
        (only,) = ping.calls(replace(SITE, indexnow=f"{url}indexnow", indexnow_key=KEY), CHANGED)
        assert not ping.send(only).problem
    ((path, kind, body),) = got
    assert (path, kind) == ("/indexnow", "application/json; charset=utf-8")
    assert json.loads(body) == {
        "host": "briefs.example.org",
        "key": KEY,
        "keyLocation": f"https://briefs.example.org/news/{KEY}.txt",
        "urlList": ["https://briefs.example.org/news/briefings/one/"],
    }


def test_a_busy_hub_is_asked_again_with_patience():
    waits = []
    with server(503, 429, 204) as (url, got):
        outcome = ping.send(call(url), waits.append)
    assert (outcome.problem, outcome.tries, len(got)) == ("", 3, 3)
    assert waits == [2.0, 4.0]
    assert str(outcome) == "something: taken after 3 tries"


@pytest.mark.parametrize(("answers", "tries"), [([400], 1), ([302], 1), ([500], 4)])
def test_a_refusal_is_told_and_not_raised(answers, tries):
    with server(*answers) as (url, got):
        outcome = ping.send(call(url), lambda _: None)
    assert (outcome.problem, len(got)) == (f"refused with status {answers[0]}", tries)


def test_a_hub_that_is_not_there():
    with server(204) as (url, _):
        pass
    outcome = ping.send(call(url), lambda _: None)
    assert outcome.problem.startswith("cannot be reached")


def test_many_feeds_go_in_several_calls():
    names = [f"tags/t{number}/feed.json" for number in range(ping.FEEDS_A_CALL + 1)]
    first, second = ping.calls(replace(SITE, hub="https://hub.example/"), names)
    assert (first.what, second.what) == ("100 feeds to the hub hub.example", "1 feeds to the hub hub.example")


def test_a_hub_that_refuses_is_not_asked_on_and_on():
    with server(500) as (url, got):
        outcomes = list(ping.tell([call(url), call(url)], lambda _: None))
    assert len(got) == ping.TRIES
    assert [outcome.problem for outcome in outcomes] == ["refused with status 500", "not tried after that"]


def test_publish_tells_and_is_never_undone_by_it(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(ping, "WAIT", 0.0)
    content = tmp_path / "content"
    about(content)
    briefing(content, "one")
    (tmp_path / "www").mkdir()
    target = str(tmp_path / "www" / "site")
    with server(500) as (url, got):
        ours = {"key": SITE.key, "hub": url, "indexnow": f"{url}indexnow", "indexnow_key": KEY}
        conf = str(settings(tmp_path, BRIEFINGS=ours))
        assert cli.main(["publish", target, "--settings", conf]) == 0
        assert "refused with status 500 after 4 tries" in capsys.readouterr().err
        assert len(got) == 8
        assert cli.main(["publish", target, "--settings", conf]) == 0
        assert len(got) == 8, "nothing new, nobody told"
        assert cli.main(["ping", target, "--settings", conf]) == 1
    live = tmp_path / "www" / "site" / "current"
    assert (live / f"{KEY}.txt").read_text("utf-8") == KEY
    assert 'rel="hub"' in (live / "feed.atom.xml").read_text("utf-8")


def test_without_a_hub_ping_says_so(tmp_path, capsys):
    assert cli.main(["ping", str(tmp_path), "--settings", str(settings(tmp_path))]) == 0
    assert "nobody to tell" in capsys.readouterr().out


def test_settings_that_cannot_be_told(tmp_path):
    ours = {"key": SITE.key, "hub": "hub.example", "indexnow": "https://search.example/", "indexnow_key": "short"}
    with pytest.raises(ContentError) as caught:
        load(settings(tmp_path, BRIEFINGS=ours))
    assert 'BRIEFINGS["hub"]: must be the whole address' in str(caught.value)
    assert 'BRIEFINGS["indexnow_key"]: must be 8 to 128 letters' in str(caught.value)
