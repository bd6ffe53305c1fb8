"""The development server, spoken to over a raw socket: what it gives, and to whom it gives nothing."""

from __future__ import annotations

import os
import queue
import re
import socket
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path

import pytest
from browser import chromium

from briefings import serve
from briefings.errors import BriefingsError

ROOT = Path(__file__).resolve().parent.parent
PAGE = "<!doctype html><title>t</title><body><p>Aleppo</p></body></html>\n"


@pytest.fixture
def output(tmp_path):
    """A site of a few files, with a secret beside it."""
    folder = tmp_path / "output"
    for name, text in {
        "index.html": PAGE,
        "404.html": PAGE.replace("Aleppo", "nothing here"),
        "briefings/fall/index.html": PAGE,
        "places/feed.rss.xml": "<rss/>",
        "places/feed.atom.xml": "<feed/>",
        "places/feed.json": "{}",
        "search/pagefind/pagefind-entry.json": "{}",
        "static/site.css": "p{}",
        "empty/keep.txt": "x",
        ".briefings/manifest.json": "{}",
        "a b/ü.txt": "umlaut",
    }.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    (tmp_path / "secret.txt").write_text("secret")
    (tmp_path / "output-evil").mkdir()
    (tmp_path / "output-evil/x.html").write_text("secret")
    return folder


@pytest.fixture
def server(output):
    with serve.Server(output, 0) as running:
        thread = threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield running
        running.shutdown()
        thread.join()


def send(server, request, host=None):
    """Send bytes as they are; return the status, the headers in small letters, and the body."""
    with socket.create_connection(("127.0.0.1", server.server_port), timeout=5) as connection:
        connection.sendall(request.replace(b"HOST", (host or f"127.0.0.1:{server.server_port}").encode()))
        answer = b""
        while block := connection.recv(65536):
            answer += block
    head, _, body = answer.partition(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}
    return int(first.split()[1]), headers, body


def get(server, path, *headers, method="GET", host=None):
    lines = [f"{method} {path} HTTP/1.1", "Host: HOST", *headers, "", ""]
    return send(server, "\r\n".join(lines).encode("latin-1"), host)


# --- what it gives --------------------------------------------------------------------------------------------------


def test_page_is_served_with_the_script_and_the_file_stays_as_it_is(server, output):
    status, headers, body = get(server, "/briefings/fall/")
    assert (status, headers["content-type"]) == (200, "text/html; charset=utf-8")
    script = f'<script async src="/.briefings/reload.js?{server.built}"></script>\n'
    assert body.decode() == PAGE.replace("</body>", f"{script}</body>")
    assert int(headers["content-length"]) == len(body)
    assert (output / "briefings/fall/index.html").read_text() == PAGE


def test_script_goes_before_the_last_end_of_body():
    assert serve.with_script(b"<pre></body></pre></BODY >x", 1) == (
        b'<pre></body></pre><script async src="/.briefings/reload.js?1"></script>\n</BODY >x'
    )
    assert serve.with_script(b"<p>open", 1).startswith(b"<p>open<script")


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/places/feed.rss.xml", "application/rss+xml; charset=utf-8"),
        ("/places/feed.atom.xml", "application/atom+xml; charset=utf-8"),
        ("/places/feed.json", "application/feed+json; charset=utf-8"),
        ("/search/pagefind/pagefind-entry.json", "application/json; charset=utf-8"),
        ("/static/site.css", "text/css; charset=utf-8"),
        ("/.briefings/reload.js", "text/javascript; charset=utf-8"),
    ],
)
def test_media_types(server, path, kind):
    status, headers, body = get(server, path)
    assert (status, headers["content-type"]) == (200, kind)
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["cache-control"] == "no-store"
    assert b"<script" not in body


def test_head_has_the_headers_of_get_and_no_body(server):
    status, headers, body = get(server, "/", method="HEAD")
    assert (status, body) == (200, b"")
    assert headers["content-length"] == get(server, "/")[1]["content-length"]


def test_folder_without_slash_redirects_within_this_server(server, output):
    status, headers, _ = get(server, "/briefings/fall?q=1")
    assert (status, headers["location"]) == (301, "/briefings/fall/")
    (output / "evil.example").mkdir()
    (output / "evil.example/index.html").write_text(PAGE)
    assert get(server, "//evil.example")[1]["location"] == "/evil.example/"


def test_names_are_decoded_once(server, output):
    assert get(server, "/a%20b/%C3%BC.txt")[2] == b"umlaut"
    (output / "%41.txt").write_text("percent")
    assert get(server, "/%2541.txt")[2] == b"percent"
    assert get(server, "/%41.txt")[0] == 404


def test_missing_page_is_the_sites_own_with_status_404(server, output):
    status, headers, body = get(server, "/no/such/page/")
    assert (status, headers["content-type"]) == (404, "text/html; charset=utf-8")
    assert b"nothing here" in body
    (output / "404.html").unlink()
    assert get(server, "/no/such/page/")[::2] == (404, b"404 Not Found.\n")


def test_missing_page_is_named_on_the_terminal_without_control_characters(server, capfd):
    get(server, "/no/\x1b[31m\x07such")
    assert capfd.readouterr().err == "no such page: /no/\\x1b[31m\\x07such\n"


# --- to whom it gives nothing ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path",
    [
        "/../secret.txt", "/%2e%2e/secret.txt", "/..%2fsecret.txt", "/%2e%2e%2fsecret.txt", "/static/../../secret.txt",
        "/..%5csecret.txt", "/..\\secret.txt", "/static/%00", "/index.html%00.css", "/%c0%ae%c0%ae/secret.txt",
        "/../output-evil/x.html", "/%252e%252e/secret.txt", "/./index.html", "/static//site.css", "/index.html/",
        "/.briefings/manifest.json", "/%2ebriefings/manifest.json", "/empty/", "/empty", "/" + "a" * 5000,
        "/" + "%2e%2e/" * 1000 + "etc/hostname",
    ],
)  # fmt: skip
def test_paths_that_lead_nowhere(server, path):
    status, _, body = get(server, path)
    assert status == 404
    assert b"secret" not in body
    assert b"keep.txt" not in body


def test_no_link_leads_out_and_no_fifo_is_waited_for(server, output, tmp_path):
    (output / "link.txt").symlink_to(tmp_path / "secret.txt")
    (output / "up").symlink_to(tmp_path)
    (output / "within.txt").symlink_to(output / "empty/keep.txt")
    (output / "circle").symlink_to(output / "circle")
    (output / "trap").mkdir()
    (output / "trap/index.html").symlink_to(tmp_path / "secret.txt")
    os.mkfifo(output / "pipe")
    for path in ("/link.txt", "/up/secret.txt", "/up/", "/circle", "/trap/", "/trap", "/pipe"):
        status, _, body = get(server, path)
        assert (path, status) == (path, 404)
        assert b"secret" not in body
    assert get(server, "/within.txt")[2] == b"x"


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:{port}", "127.0.0.1", "127.0.0.1:1", "localhost.evil:{port}", ""]
)
def test_foreign_hosts_are_refused(server, host):
    status, _, body = get(server, "/", host=host.format(port=server.server_port) or " ")
    assert status == 403
    assert b"Aleppo" not in body


def test_localhost_is_a_name_of_ours(server):
    assert get(server, "/", host=f"LocalHost:{server.server_port}")[0] == 200


def test_requests_that_are_no_ordinary_ones(server):
    assert send(server, b"GET / HTTP/1.1\r\n\r\n")[0] == 403, "no Host"
    assert send(server, b"GET / HTTP/1.1\r\nHost: HOST\r\nHost: evil.example\r\n\r\n")[0] == 403, "two of them"
    assert send(server, b"GET http://evil.example/ HTTP/1.1\r\nHost: HOST\r\n\r\n")[0] == 400
    assert send(server, b"GET * HTTP/1.1\r\nHost: HOST\r\n\r\n")[0] == 400
    assert send(server, b"GET /" + b"a" * 70_000 + b" HTTP/1.1\r\n\r\n")[0] == 414
    assert get(server, "/", "X: " + "a" * 70_000)[0] == 431
    assert get(server, "/", *(f"X-{number}: 1" for number in range(200)))[0] == 431


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "TRACE", "CONNECT", "PROPFIND", "get"])
def test_only_get_and_head(server, method):
    status, headers, _ = get(server, "/", method=method)
    assert (status, headers["allow"]) == (405, "GET, HEAD")


def test_it_listens_on_this_machine_alone(server):
    assert server.socket.getsockname()[0] == "127.0.0.1"


def test_slow_client_is_let_go_and_holds_up_nobody(server, monkeypatch):
    monkeypatch.setattr(serve.Handler, "timeout", 0.2)
    with socket.create_connection(("127.0.0.1", server.server_port), timeout=5) as slow:
        slow.sendall(b"GET / HT")
        assert get(server, "/")[0] == 200
        assert slow.recv(100) == b""


def test_port_in_use_is_one_line(server, output):
    with pytest.raises(BriefingsError, match=f"127.0.0.1:{server.server_port}: cannot listen there: .*try --port"):
        serve.Server(output, server.server_port)
    with pytest.raises(BriefingsError, match="cannot listen there"):
        serve.Server(output, 70_000)


# --- the reload channel ---------------------------------------------------------------------------------------------


def listen(server, *headers, query=""):
    answer = []

    def ask():
        answer.extend(get(server, f"/.briefings/reload{query}", *headers))

    thread = threading.Thread(target=ask)
    thread.start()
    return thread, answer


def test_open_page_is_told_when_the_site_was_built_anew(server):
    thread, answer = listen(server, f"Origin: http://127.0.0.1:{server.server_port}", "Sec-Fetch-Site: same-origin")
    time.sleep(0.1)
    assert thread.is_alive()
    server.reload()
    thread.join(5)
    assert answer[0] == 200
    assert answer[1]["content-type"] == "text/event-stream"
    assert answer[2].startswith(b"event: reload\ndata: ")


def test_page_that_was_built_before_is_told_at_once(server):
    thread, answer = listen(server, query=f"?{server.built - 1}")
    thread.join(5)
    assert answer[2].startswith(b"event: reload")


@pytest.mark.parametrize("header", ["Origin: http://evil.example", "Origin: null", "Sec-Fetch-Site: cross-site"])
def test_foreign_pages_may_not_listen(server, header):
    assert get(server, "/.briefings/reload", header)[0] == 403


def test_answers_carry_no_leave_for_other_origins(server):
    headers = get(server, "/", "Origin: http://evil.example")[1]
    assert not any(name.startswith("access-control-") for name in headers)
    assert headers["cross-origin-resource-policy"] == "same-origin"


@pytest.mark.browser
def test_browser_reloads_under_the_policy_of_the_theme(server, output):
    template = (ROOT / "theme/templates/base.html").read_text(encoding="utf-8")
    policy = re.search(r"default-src 'none'[^{\"]*", template)[0]
    page = (
        f'<!doctype html><meta http-equiv="Content-Security-Policy" content="{policy}"><title>1</title><body>x</body>'
    )
    (output / "index.html").write_text(page)
    with chromium() as browser:
        tab = browser.new_page()
        said = []
        tab.on("console", lambda message: said.append(message.text))
        tab.on("pageerror", lambda error: said.append(str(error)))
        with tab.expect_response("**/.briefings/reload?*"):
            tab.goto(server.address)
        assert tab.title() == "1"
        (output / "index.html").write_text(page.replace("<title>1", "<title>2"))
        with tab.expect_navigation():
            server.reload()
        assert tab.title() == "2"
        assert [words for words in said if "favicon" not in words and "404" not in words] == []


# --- building anew --------------------------------------------------------------------------------------------------


def test_after_a_build_that_went_wrong_everything_is_looked_at(output, monkeypatch):
    told = []

    def rebuild(changed):
        told.append(changed)
        return "a fault" if changed == ["two"] else None

    monkeypatch.setattr(serve, "changes", lambda *_: iter([["one"], ["two"], ["three"], ["four"]]))
    monkeypatch.setattr(serve.signal, "signal", lambda *_: None)
    serve.serve(output, rebuild, (), 0)
    assert told == [None, [], ["two"], [], ["four"]]


@pytest.mark.parametrize(("fault", "seen"), [(None, [None, [], ["one"]]), ("a fault", [None, [], ["two"]])])
def test_all_files_are_looked_at_once_the_watch_has_begun(output, monkeypatch, fault, seen):
    told = []

    def rebuild(changed):
        told.append(changed)
        return fault if changed is None else None

    monkeypatch.setattr(serve, "changes", lambda *_: iter([[], ["one"], ["two"]]))
    monkeypatch.setattr(serve.signal, "signal", lambda *_: None)
    serve.serve(output, rebuild, (), 0)
    assert told[:3] == seen, "what a build has complained of is not said twice"


def test_a_watch_tells_when_it_has_begun(tmp_path):
    watch = serve.changes((tmp_path,), tmp_path / "output")
    assert next(watch) == []


PROGRAM = """
import sys
from pathlib import Path
from briefings.serve import serve
content, output = Path(sys.argv[1]), Path(sys.argv[2])

def rebuild(changed):
    text = (content / "page.md").read_text() + (content.parent / "conf.py").read_text()
    if "broken" in text:
        return "page.md:1: title: broken"
    if "crash" in text:
        raise RuntimeError("a fault of ours")
    output.mkdir(exist_ok=True)
    (output / "index.html").write_text(text)
    print("Built.", file=sys.stderr, flush=True)

serve(output, rebuild, (content, content.parent / "conf.py"), 0)
"""


def test_site_is_built_anew_when_a_file_changes_and_served_on_when_that_fails(tmp_path):
    content = tmp_path / "content"
    content.mkdir()
    (content / "page.md").write_text("one ")
    (tmp_path / "conf.py").write_text("conf")
    with subprocess.Popen(
        [sys.executable, "-c", PROGRAM, content, content / "output"],
        stderr=subprocess.PIPE, text=True, bufsize=1, cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(ROOT)},
    ) as process:  # fmt: skip
        lines = queue.Queue()
        threading.Thread(target=lambda: [lines.put(line) for line in process.stderr], daemon=True).start()

        def until(words, seconds=30):
            """The next line with these words; a test that waits for ever says nothing."""
            end = time.monotonic() + seconds
            while True:
                line = lines.get(timeout=max(0.01, end - time.monotonic()))
                if words in line:
                    return line

        def written(path, text, words):
            """Write as an editor who saves once more when nothing happens, as on a machine that is very busy."""
            for _ in range(6):
                path.write_text(text)
                with suppress(queue.Empty):
                    return until(words, 5)
            pytest.fail(f"no line with {words!r} after {text!r} was written")

        class Running:
            server_port = int(until("Serving").split("127.0.0.1:")[1].split("/")[0])

        def page():
            return get(Running, "/")[2].split(b"<script")[0]

        try:
            assert page() == b"one conf"
            thread, answer = listen(Running)
            time.sleep(0.3)
            assert "content/page.md" in written(content / "page.md", "two ", "Changed")
            thread.join(10)
            assert answer[2].startswith(b"event: reload")
            assert page() == b"two conf"
            written(content / "page.md", "broken ", "page.md:1: title: broken")
            assert page() == b"two conf"
            written(content / "page.md", "crash ", "RuntimeError: a fault of ours")
            assert page() == b"two conf"
            (tmp_path / "conf.new").write_text("conf2")
            written(content / "page.md", "three ", "Built.")
            (tmp_path / "conf.new").replace(tmp_path / "conf.py")
            while "conf.py" not in until("Changed"):
                pass
            until("Built.")
            assert page() == b"three conf2"
            process.send_signal(2)
            assert until("Stopped.")
            assert process.wait(10) == 0
        finally:
            process.kill()
