"""Look at the site while it is written: a server for this machine alone that rebuilds and reloads the browser.

It listens on 127.0.0.1 and answers only requests that name it so: a page elsewhere that makes a browser ask here by a
name of its own (DNS rebinding) is refused, and so is one that listens to the reload channel. It reads regular files
of the output folder and nothing else. Pages get one script element when they are served; files are never changed.
"""

from __future__ import annotations

import html
import os
import re
import signal
import stat
import sys
import threading
import time
import traceback
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar
from urllib.parse import quote, unquote_to_bytes

import watchfiles

from briefings.errors import BriefingsError, Problem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

ADDRESS = "127.0.0.1"
OWN = "/.briefings/"
"""Addresses of the server itself; a folder of this name in the output is never served."""
PATIENCE = 10
"""Seconds that a client may keep silent within a request."""
HEARTBEAT = 15
"""Seconds between comments on the reload channel; a client that has gone is noticed at the next one."""

TYPES = (
    (".rss.xml", "application/rss+xml; charset=utf-8"),
    (".atom.xml", "application/atom+xml; charset=utf-8"),
    ("feed.json", "application/feed+json; charset=utf-8"),
    (".html", "text/html; charset=utf-8"),
    (".css", "text/css; charset=utf-8"),
    (".js", "text/javascript; charset=utf-8"),
    (".json", "application/json; charset=utf-8"),
    (".opml", "text/x-opml; charset=utf-8"),
    (".xml", "application/xml; charset=utf-8"),
    (".xsl", "text/xsl; charset=utf-8"),
    (".txt", "text/plain; charset=utf-8"),
    (".svg", "image/svg+xml"),
    (".png", "image/png"),
    (".jpg", "image/jpeg"),
    (".jpeg", "image/jpeg"),
    (".gif", "image/gif"),
    (".webp", "image/webp"),
    (".avif", "image/avif"),
    (".ico", "image/x-icon"),
    (".pdf", "application/pdf"),
    (".woff2", "font/woff2"),
    (".webmanifest", "application/manifest+json"),
)
"""Media types by the end of the name; the first that fits. Every other file is offered as bytes."""

SCRIPT = """\
// Reloads this page when the site was built anew. Only the development server adds it. A hidden page lets its
// connection go, since browsers keep few of them to one host.
const built = new URL(document.currentScript.src).search;
let channel;
function listen() {
  if (document.hidden) {
    channel?.close();
  } else {
    channel = new EventSource("/.briefings/reload" + built);
    channel.addEventListener("reload", () => location.reload());
  }
}
document.addEventListener("visibilitychange", listen);
listen();
"""

STEP = 30
"""Milliseconds without another change before a build begins: editors write a file in several steps."""
_END_OF_BODY = re.compile(rb"(?i)</body\s*>(?!.*</body\s*>)", re.DOTALL)


class Server(ThreadingHTTPServer):
    """Serves one output folder. ``reload`` tells every open page that the site was built anew."""

    daemon_threads = True
    block_on_close = False
    allow_reuse_address = True

    def __init__(self, output: Path, port: int) -> None:
        """Listen at once; port 0 takes a free one.

        Raises:
            BriefingsError: when the port cannot be had.
        """
        self.output = output.resolve()
        self.built = time.time_ns()  # never sent to a file: only tells pages of this run from those of an earlier one
        self._news = threading.Condition()
        try:
            super().__init__((ADDRESS, port), Handler)
        except (OSError, OverflowError) as error:
            what = f"cannot listen there: {getattr(error, 'strerror', None) or error} (try --port with another number)"
            raise BriefingsError(Problem(f"{ADDRESS}:{port}", 0, "", what)) from error
        self.hosts = {f"{name}:{self.server_port}" for name in (ADDRESS, "localhost")}
        if self.server_port == 80:
            self.hosts |= {ADDRESS, "localhost"}

    @property
    def address(self) -> str:
        return f"http://{ADDRESS}:{self.server_port}/"

    def reload(self) -> None:
        with self._news:
            self.built += 1
            self._news.notify_all()

    def wait_for_news(self, seen: int, seconds: float) -> bool:
        """Whether the site was built anew since ``seen``, within that time."""
        with self._news:
            return self._news.wait_for(lambda: self.built != seen, seconds)

    def handle_error(self, request: object, client_address: object) -> None:
        """A browser that closes a connection early is no news."""
        if not isinstance(sys.exception(), ConnectionError | TimeoutError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]


class Handler(BaseHTTPRequestHandler):
    """One request, one answer, then the connection is closed."""

    server: Server
    timeout = PATIENCE
    server_version = "briefings"
    sys_version = ""
    METHODS: ClassVar = ("GET", "HEAD")

    def parse_request(self) -> bool:
        """Read the request and refuse what is not meant for this server."""
        if not super().parse_request():
            return False
        self.close_connection = True
        if self.command not in self.METHODS:
            self.send_error(HTTPStatus.METHOD_NOT_ALLOWED)
            return False
        hosts = self.headers.get_all("Host", [])
        if len(hosts) != 1 or hosts[0].strip().lower() not in self.server.hosts:
            self.send_error(HTTPStatus.FORBIDDEN, explain=f"This server answers at {self.server.address} only.")
            return False
        if not self.path.startswith("/"):
            self.send_error(HTTPStatus.BAD_REQUEST)
            return False
        return True

    def do_GET(self) -> None:
        address, _, query = self.path.partition("?")
        if address == f"{OWN}reload":
            self._tell_of_news(query)
        elif address == f"{OWN}reload.js":
            self._send(HTTPStatus.OK, "text/javascript; charset=utf-8", SCRIPT.encode())
        else:
            self._send_file(address)

    do_HEAD = do_GET  # noqa: N815 - the base class names it

    def _send_file(self, address: str) -> None:
        path = self._locate(address)
        if path and path.is_dir():
            path = self._inside(path / "index.html")
            if path and not address.endswith("/"):
                self._send(HTTPStatus.MOVED_PERMANENTLY, "text/plain", b"", location=quote(unquote(address)) + "/")
                return
        elif address.endswith("/"):
            path = None
        if path and _is_file(path):
            self._send_content(HTTPStatus.OK, path)
        else:
            self.log_message("no such page: %s", address[:200])
            self._send_not_found()

    def _locate(self, address: str) -> Path | None:
        """The file or folder of the output behind an address, or ``None``; no link leads out, no name climbs up."""
        path = unquote(address)
        parts = path.split("/")[1:]
        inner = parts[:-1] if parts[-1] == "" else parts
        if any(part in {"", ".", ".."} or not part.isprintable() or "\\" in part for part in inner):
            return None
        if inner[:1] == [OWN.strip("/")]:
            return None
        return self._inside(self.server.output.joinpath(*inner))

    def _inside(self, path: Path) -> Path | None:
        """The path with every link followed, if it is there and lies in the output."""
        try:
            found = path.resolve(strict=True)
        except (OSError, ValueError, RuntimeError):  # missing, name too long, or links in a circle
            return None
        return found if found.is_relative_to(self.server.output) else None

    def _send_not_found(self) -> None:
        page = self._inside(self.server.output / "404.html")
        if page and _is_file(page):
            self._send_content(HTTPStatus.NOT_FOUND, page)
        else:
            self.send_error(HTTPStatus.NOT_FOUND)

    def _send_content(self, status: HTTPStatus, path: Path) -> None:
        name = path.name.lower()
        kind = next((kind for end, kind in TYPES if name.endswith(end)), "application/octet-stream")
        try:
            body = path.read_bytes()
        except OSError:  # gone between the look and the reading
            self.send_error(HTTPStatus.NOT_FOUND)
            return
        if kind.startswith("text/html"):
            body = with_script(body, self.server.built)
        self._send(status, kind, body)

    def _tell_of_news(self, query: str) -> None:
        """Keep a channel open (server-sent events, HTML Standard section 9.2) until the site was built anew."""
        origin = self.headers.get("Origin")
        if (origin is not None and origin.lower() not in {f"http://{host}" for host in self.server.hosts}) or (
            self.headers.get("Sec-Fetch-Site", "none") not in {"same-origin", "none"}
        ):
            self.send_error(HTTPStatus.FORBIDDEN, explain="The reload channel is for the pages of this server.")
            return
        self.send_response(HTTPStatus.OK)
        self._send_headers("text/event-stream")
        if self.command == "HEAD":
            return
        seen = int(query) if query.isascii() and query.isdigit() and len(query) < 30 else self.server.built
        while not self.server.wait_for_news(seen, HEARTBEAT):
            self.wfile.write(b":\n\n")
        self.wfile.write(b"event: reload\ndata: %d\n\n" % self.server.built)

    def _send(self, status: HTTPStatus, kind: str, body: bytes, **headers: str) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self._send_headers(kind, **headers)
        if self.command != "HEAD":
            self.wfile.write(body)

    def _send_headers(self, kind: str, **headers: str) -> None:
        self.send_header("Content-Type", kind)
        self.send_header("Cache-Control", "no-store")
        self.send_header("X-Content-Type-Options", "nosniff")
        self.send_header("Referrer-Policy", "no-referrer")
        self.send_header("Cross-Origin-Resource-Policy", "same-origin")
        self.send_header("Connection", "close")
        for name, value in headers.items():
            self.send_header(name.title(), value)
        self.end_headers()

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """Answer in one plain line; the base class would echo the request in a page."""
        status = HTTPStatus(code)
        self.close_connection = True
        body = f"{status.value} {status.phrase}. {explain or message or ''}".strip() + "\n"
        allow = {"allow": ", ".join(self.METHODS)} if status is HTTPStatus.METHOD_NOT_ALLOWED else {}
        self._send(status, "text/plain; charset=utf-8", body.encode("utf-8", "replace"), **allow)

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Say nothing of what went well."""

    def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002 - the base class names it
        """One line on the terminal, with what a stranger chose made harmless."""
        print((format % arguments).encode("unicode_escape").decode("ascii"), file=sys.stderr)


def with_script(page: bytes, built: int) -> bytes:
    """Return the page with the script that reloads it, before the end of its body."""
    script = f'<script async src="{html.escape(OWN)}reload.js?{built}"></script>\n'.encode()
    end = _END_OF_BODY.search(page)
    at = end.start() if end else len(page)
    return page[:at] + script + page[at:]


def unquote(address: str) -> str:
    """Decode an address; bytes that are not UTF-8 become a name that no file has."""
    return unquote_to_bytes(address.encode("latin-1", "replace")).decode("utf-8", "replace")


def _is_file(path: Path) -> bool:
    """Whether it is a regular file: a FIFO would be waited for, for ever."""
    try:
        return stat.S_ISREG(path.stat().st_mode)
    except (OSError, ValueError):
        return False


# --- building anew --------------------------------------------------------------------------------------------------


def serve(
    output: Path, rebuild: Callable[[Sequence[Path] | None], str | None], watch: tuple[Path, ...], port: int
) -> None:
    """Build, serve, and build anew whenever a file of ``watch`` (folders and single files) changes, until Ctrl-C.

    ``rebuild`` returns ``None``, or what went wrong in words for the editor: that is shown, and what was built before
    is served on. It is given ``None`` at first, then no names once the watch has begun, since something may have
    changed before, and from then on the files that have changed since the build before; no names again after a build
    that went wrong, since what it was told of is still to be built.

    Raises:
        BriefingsError: when the port cannot be had.
    """
    # A shell starts its background jobs deaf to Ctrl-C, and `kill` should stop as cleanly.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.default_int_handler)
    with Server(output, port) as server:
        well = _rebuild(server, rebuild, None)
        threading.Thread(target=server.serve_forever, name="serve", daemon=True).start()
        _say(f"Serving {output} at {server.address} (Ctrl-C stops)")
        try:
            watched = False
            for changed in changes(watch, output):
                if not changed and not well:
                    continue  # that has been said
                if changed:
                    names = [_nice(path) for path in changed[:3]]
                    _say(f"Changed: {', '.join(names)}{' …' if len(changed) > 3 else ''}")
                watched = _rebuild(server, rebuild, changed if watched else [])
        except KeyboardInterrupt:
            _say("Stopped.")
        finally:
            server.shutdown()


def changes(watch: tuple[Path, ...], output: Path) -> Iterator[list[Path]]:
    """Yield the files that changed, as often as some do; what the build itself writes does not count.

    When none has for a second after the watch began, yield that at first: it is time for a look at all of them.
    Single files are looked at once a second: an editor that saves by renaming would escape a watch on the file.
    """
    folders = [path for path in watch if path.is_dir()]
    files = [path for path in watch if not path.is_dir()]
    own = output.resolve()
    before = _stamps(files)
    begun = False

    class Ours(watchfiles.DefaultFilter):
        def __call__(self, change: watchfiles.Change, path: str) -> bool:
            return super().__call__(change, path) and not Path(path).is_relative_to(own)

    for found in watchfiles.watch(
        *folders, watch_filter=Ours(), yield_on_timeout=True, rust_timeout=1000, step=STEP, raise_interrupt=True
    ):
        after = _stamps(files)
        moved = [path for path in files if before.get(path) != after.get(path)]
        before = after
        if found or moved or not begun:
            begun = True
            yield sorted({Path(path) for _, path in found}) + moved


def _stamps(files: list[Path]) -> dict[Path, tuple[int, int, int]]:
    found = {}
    for path in files:
        try:
            status = path.stat()
        except OSError:
            continue
        found[path] = (status.st_mtime_ns, status.st_size, status.st_ino)
    return found


def _nice(path: Path) -> str:
    relative = os.path.relpath(path)
    return str(path) if relative.startswith("..") else relative


def _rebuild(
    server: Server, rebuild: Callable[[Sequence[Path] | None], str | None], changed: Sequence[Path] | None
) -> bool:
    """Build anew; return whether that went well."""
    try:
        error = rebuild(changed)
    except BriefingsError as problems:
        error = str(problems)
    except Exception:  # noqa: BLE001 - a fault of ours is shown, and the editor goes on working
        error = traceback.format_exc().rstrip()
    if error:
        _say(error)
        return False
    server.reload()
    return True


def _say(message: str) -> None:
    print(message, file=sys.stderr, flush=True)
