"""Hostile briefings: never a traceback, and what is accepted can be built without anything that runs."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from briefings import check, cli, frontmatter, scan
from tests.sites import NOW, SITE, about, briefing
from tests.sites import settings as conf

VECTORS = [
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "javascript:alert(1)", "[x](javascript:alert(1))",
    "{{ 1234*4321 }}", "{% include '/etc/passwd' %}", "]]>", "&amp;", "<!--", "\u202egnp.exe", "\u0000", "\ud800",
    "\ufffe", "a\u2028b", "../../../etc/passwd", "%00", "\\", '"', "'", "&x", "*x", "!!python/object:os.system",
    "<<: {a: b}", "- - - - - - - - - - - - x", "[[[[[[[[[[[[[[[[[[x", "> " * 120 + "x", "`" * 50, "|a|\n|-|\n|<b>|",
    "# T {onclick=alert(1)}", "![x](data:text/html,x)", "<a href=//evil.example>x</a>", "x" * 5000, "2026-02-30", "NO",
    "\U0001f468\u200d\U0001f469", "</title><script>", "\x1b[31mred", "= = =", "---", "...", "\t", "null", "~", "",
]  # fmt: skip


@given(st.text(max_size=400))
def test_no_text_makes_the_reader_fail(text):
    for whole in (text, f"---\n{text}\n---\n", f"---\ntitle: {text}\n---\n"):
        found, problems = frontmatter.parse(whole, "a.md")
        assert found or problems


@settings(max_examples=30, deadline=None)
@given(st.binary(max_size=400))
def test_no_bytes_make_the_decoder_fail(data):
    frontmatter.decode(data, "a.md")


def hostile(content, count, seed):
    """Write briefings with a hostile value in some field or in the prose; some will be refused, some accepted."""
    chance = random.Random(seed)
    for number in range(count):
        fields = {}
        for name in chance.sample(["title", "summary", "tags", "key_points", "source", "lang", "date", "image"], 2):
            value = chance.choice(VECTORS).encode("utf-8", "replace").decode()
            quoted = (
                '"' + value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\0", "\\0") + '"'
            )
            form = {"tags": "[{}]", "key_points": "[{}]", "source": "{{name: {}}}", "image": "{{caption: {}}}"}
            fields[name] = form.get(name, "{}").format(quoted if chance.random() < 0.8 else value)
        body = "\n\n".join(chance.sample(VECTORS, 3)).encode("utf-8", "replace").decode()
        briefing(content, f"n{number}", body, **fields)


@pytest.mark.parametrize("seed", range(3))
def test_what_check_accepts_build_publishes_and_nothing_runs(tmp_path, monkeypatch, capsys, seed):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(int(NOW.timestamp())))
    content = tmp_path / "content"
    about(content)
    hostile(content, 60, seed)
    checked = check.check(content, SITE, NOW)
    accepted = {entry.path for entry in checked.library.briefings}
    refused = {problem.file for problem in checked.errors}
    assert accepted
    assert refused
    assert len(accepted | refused) == 60
    assert cli.main(["build", "--settings", str(conf(tmp_path)), "--skip-invalid"]) == 0
    out, err = capsys.readouterr()
    assert out.startswith(f"{len(accepted)} briefings, ")
    assert "Traceback" not in err
    assert scan.scan(tmp_path / "output").files > len(accepted)


@pytest.mark.parametrize("text", ["[" * 50_000, "*" * 50_000, "> " * 20_000, "- " * 20_000, "`" * 50_000, "(" * 50_000])
def test_a_text_of_one_character_is_no_burden(tmp_path, text):
    briefing(tmp_path, "a", text)
    check.check(tmp_path, SITE, NOW)
