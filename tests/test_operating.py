"""docs/operating.md says what is so."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from briefings import serve
from briefings.deploy import folder

ROOT = Path(__file__).resolve().parent.parent
GUIDE = (ROOT / "docs/operating.md").read_text(encoding="utf-8")


def blocks(language):
    return re.findall(rf"```{language}\n(.*?)```", GUIDE, re.DOTALL)


@pytest.mark.parametrize("server", ["nginx", "caddyfile"])
def test_policy_of_the_web_server_is_that_of_the_pages(server):
    template = (ROOT / "theme/templates/search.html").read_text(encoding="utf-8")
    pages = re.search(r"default-src 'none'[^{\"]*", template)[0]
    (said,) = re.findall(r'Content-Security-Policy "([^"]*)"', blocks(server)[0])
    assert said == f"{pages}; frame-ancestors 'none'"


@pytest.mark.parametrize("server", ["nginx", "caddyfile"])
def test_web_servers_send_feeds_with_the_types_of_the_development_server(server):
    for end in (".rss.xml", ".atom.xml", "feed.json", ".opml"):
        assert f'"{dict(serve.TYPES)[end]}"' in blocks(server)[0]


def test_messages_in_the_table_are_those_of_the_program():
    rows = re.findall(r"^\| (`.*?`) \|", GUIDE, re.MULTILINE)
    messages = [message for row in rows for message in re.findall("`([^`]+)`", row) if not message.startswith("file:")]
    assert len(messages) > 8
    source = re.sub(
        r'"\s+f?"', "", "".join(path.read_text(encoding="utf-8") for path in (ROOT / "briefings").rglob("*.py"))
    )
    for message in messages:
        for part in (part.removeprefix("note: ").strip() for part in message.split("…")):
            assert part in source, part


def test_figures_in_the_guide_are_those_of_the_program():
    assert folder.KEEP == 5
    assert "the last five" in GUIDE
    assert folder.publish.__kwdefaults__["keep"] == folder.KEEP
