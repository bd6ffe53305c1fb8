"""After any sequence of changes, what a build adds to the last one equals a build from nothing, byte for byte (R28)."""

from __future__ import annotations

import random
import sqlite3
from contextlib import closing

import pytest

from briefings import plugin, run
from tests.sites import NOW, ROOT, about, briefing, settings
from tests.test_build import tree

PLACES = (
    "{name: Palu, country: ID, latitude: -0.9, longitude: 119.87}",
    "{name: Poso, country: ID, latitude: -1.4, longitude: 120.75, region: Sulawesi Tengah}",
    "{name: Palu, country: ID, latitude: -0.9, longitude: 119.87, region: Sulawesi Tengah}",
    "{name: Beira, country: MZ, latitude: -19.84, longitude: 34.84}",
    "{name: Chad, country: TD}",
    None,
)
TAGS = ("[floods]", "[floods, cyclones]", "[cyclones]", "[]")


class Newsroom:
    """Editors at work: each step changes something in the content folder, the settings or the theme."""

    def __init__(self, folder, seed):
        self.chance = random.Random(seed)
        self.folder, self.content = folder, folder / "content"
        about(self.content)
        self.pages = {}
        self.theme = folder / "theme"
        self.theme.symlink_to(ROOT / "theme")
        self.options = {}
        for number in range(8):
            self.add(f"b{number}")

    def add(self, slug):
        chance = self.chance
        self.pages[slug] = {
            "body": f"Words of {slug}.",
            "tags": chance.choice(TAGS),
            "location": chance.choice(PLACES),
            "date": chance.choice(["2018-10-01", "2018-10", "2019", None]),
            "published": f"2026-1{chance.randint(0, 1)}-{chance.randint(1, 20):02}T08:00:{chance.randint(0, 59):02}Z",
            "status": "published",
        }
        self.write(slug)

    def write(self, slug):
        fields = dict(self.pages[slug])
        briefing(self.content, slug, fields.pop("body"), **fields)

    def shown(self, slug):
        return self.pages[slug]["status"] != "draft"

    def some(self):
        return self.chance.choice(sorted(self.pages))

    def step(self):
        what = self.chance.choice([
            self.edit, self.retitle, self.retag, self.move, self.link, self.remove, self.restore, self.withdraw,
            self.draft, self.tables, self.resize, self.damage,
        ])  # fmt: skip
        what()
        return what.__name__

    def edit(self):
        slug = self.some()
        self.pages[slug]["body"] += f" More, {self.chance.random()}."
        self.write(slug)

    def retitle(self):
        slug = self.some()
        self.pages[slug]["title"] = f'"Title {self.chance.random()}"'
        self.write(slug)

    def retag(self):
        slug = self.some()
        self.pages[slug]["tags"] = self.chance.choice(TAGS)
        self.write(slug)

    def move(self):
        slug = self.some()
        self.pages[slug]["location"] = self.chance.choice(PLACES)
        self.write(slug)

    def link(self):
        one, other = self.chance.sample([slug for slug in sorted(self.pages) if self.shown(slug)], 2)
        self.pages[one]["body"] += f" See [that]({other}.md)."
        self.write(one)

    def remove(self):
        slug = self.some()
        linked = any(f"({slug}.md)" in fields["body"] for fields in self.pages.values())
        if len(self.pages) > 3 and not linked:
            del self.pages[slug]
            (self.content / f"briefings/2026/{slug}.md").unlink()

    def restore(self):
        self.add(f"n{self.chance.randint(0, 99)}")

    def withdraw(self):
        slug = self.some()
        self.pages[slug] |= {"status": "withdrawn", "withdrawn_reason": '"It was another town."'}
        self.write(slug)

    def draft(self):
        slug = self.some()
        if not any(f"({slug}.md)" in fields["body"] for fields in self.pages.values()):
            self.pages[slug]["status"] = "draft"
            self.write(slug)

    def tables(self):
        words = self.chance.choice(["Water where it should not be.", "High water."])
        text = f"floods: {{label: Floods, description: {words}}}\ncyclones: {{label: Cyclones}}\n"
        (self.content / "tags.yaml").write_text(text)

    def resize(self):
        self.options = {"page_size": self.chance.choice([2, 3]), "feed_items": self.chance.choice([2, 50])}

    def damage(self):
        """Somebody empties a page of the output, and loses another."""
        made = sorted((self.folder / "output").rglob("*.html"))
        if len(made) > 1:
            made[0].write_text("")
            made[-1].unlink()

    def build(self, output, full):
        conf = settings(self.folder, THEME=str(self.theme), BRIEFINGS={"key": KEY, "page_size": 2, **self.options})
        host = plugin.run if full else run.run
        return host(conf, output=self.folder / output, full=full)


KEY = "0f3f9bc4-6a0e-4d0b-9f5e-3c1d52a7b6e1"


@pytest.mark.parametrize("seed", range(4))
def test_a_build_upon_a_build_equals_a_build_from_nothing(tmp_path, monkeypatch, seed):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(int(NOW.timestamp())))
    room = Newsroom(tmp_path, seed)
    room.build("output", full=False)
    for number in range(8):
        done = [room.step() for _ in range(room.chance.randint(1, 3))]
        room.build("output", full=False)
        room.build(f"clean{number}", full=True)
        assert tree(tmp_path / "output") == tree(tmp_path / f"clean{number}"), done


def test_a_new_address_changes_the_pages_that_link_to_it(tmp_path, monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(int(NOW.timestamp())))
    content = tmp_path / "content"
    about(content)
    briefing(content, "one", "See [two](two.md).")
    briefing(content, "two")
    conf = settings(tmp_path)
    plugin.run(conf)
    path = content / "briefings/2026/two.md"
    path.write_text(path.read_text("utf-8").replace("slug: two", "slug: second\naliases: [two]"), "utf-8")
    plugin.run(conf)
    page = (tmp_path / "output/briefings/one/index.html").read_text("utf-8")
    assert '<a href="/briefings/second/"' in page
    assert "/briefings/second/" in (tmp_path / "output/feed.atom.xml").read_text("utf-8")


def test_full_makes_everything_anew(tmp_path, monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(int(NOW.timestamp())))
    about(tmp_path / "content")
    briefing(tmp_path / "content", "one")
    conf = settings(tmp_path)
    plugin.run(conf)
    page = tmp_path / "output/briefings/one/index.html"
    good = page.read_bytes()
    page.write_bytes(good.replace(b"Some words.", b"Same words."))
    plugin.run(conf)
    assert b"Same words." in page.read_bytes()
    plugin.run(conf, full=True)
    assert page.read_bytes() == good


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE about SET value = 'x' WHERE name = 'company'",
        "UPDATE briefings SET links = '{'",
        "UPDATE briefings SET rest = '{}'",
        "UPDATE briefings SET first = '[]'",
        "DROP TABLE units",
        "DROP TABLE briefings",
    ],
)
def test_what_was_kept_may_be_damaged(tmp_path, monkeypatch, damage):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(int(NOW.timestamp())))
    about(tmp_path / "content")
    path = briefing(tmp_path / "content", "one")
    briefing(tmp_path / "content", "two")
    conf = settings(tmp_path)
    run.run(conf, index=False)
    (kept,) = (tmp_path / "cache").rglob("kept.sqlite")
    with closing(sqlite3.connect(kept)) as base, base:
        base.execute(damage)
    path.write_text(path.read_text("utf-8") + "\nMore.\n", "utf-8")
    run.run(conf, index=False)
    run.run(conf, output=tmp_path / "clean", full=True, index=False)
    assert tree(tmp_path / "output") == tree(tmp_path / "clean")
