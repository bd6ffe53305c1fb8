"""The requirements of feeds, F1 to F37, each with the tests that hold it; and those that no other file has."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

import pytest
from sites import NOW, SITE, briefing, identity
from test_pages import planned

from briefings import check

HERE = Path(__file__).parent

HELD = {
    "F1": "feeds_schema:xml_follows_its_grammar feeds_schema:json_follows_its_schema feeds_properties:any_feed",
    "F2": "feeds:every_format_says_the_same_of_each_entry feeds_contract:ids_outlive_everything_but_themselves",
    "F3": "feeds_contract:ids_outlive_everything_but_themselves digest:ids_do_not_follow_addresses",
    "F4": "feeds_contract:two_briefings_with_one_id_are_both_named",
    "F5": "feeds_contract:no_two_feeds_share_an_id_and_none_follows_an_address",
    "F6": "feeds:rss_item_has_the_shape_that_validators_pass",
    "F7": "feeds_changes:a_correction_opens_the_entry_and_moves_updated_alone feeds_changes:a_small_mend_is_quiet",
    "F8": "feeds_contract:briefings_of_one_day_have_times_of_their_own_that_stay",
    "F9": "feeds_determinism:bytes_depend_on_the_feed_alone feeds_content:times_are_english_whatever_the_day",
    "F10": "library:what_is_due_later_is_held_back",
    "F11": "feeds_contract:a_feed_is_as_new_as_its_newest_entry feeds:the_oldest_entries_are_dropped_and_none_is_cut",
    "F12": "feeds_determinism:bytes_depend_on_the_feed_alone digest:the_day_of_the_build_changes_nothing",
    "F13": "incremental:a_build_upon_a_build_equals_a_build_from_nothing",
    "F14": "pages:a_new_briefing_elsewhere digest:past_digests_stay",
    "F15": "review:a_build_that_stops_midway_is_made_good_by_the_next",
    "F16": "feeds_content:full_content_opens_with_the_dateline_and_the_key_points",
    "F17": "feeds_properties:any_feed site_links:feeds_lead_into_the_site",
    "F18": "feeds_properties:any_feed",
    "F19": "feeds:characters_that_break_feeds_are_left_out feeds_content:faults_are_named_for_the_editor",
    "F20": "feeds:awkward_text_comes_back_equal feeds_readers:two_readers_and_the_json_agree",
    "F21": "feeds:rss_item_has_the_shape_that_validators_pass feeds_schema:what_a_grammar_cannot_say",
    "F22": "feeds:an_entry_with_nothing_but_a_title_is_still_an_entry feeds:a_title_of_2000_characters_arrives_whole",
    "F23": "feeds:atom_entry_has_one_alternate_and_its_other_links_say_what_they_are",
    "F24": "feeds:every_format_says_the_same_of_each_entry feeds:rss_item_has_the_shape_that_validators_pass",
    "F25": "feeds:source_stands_only_with_the_feed_of_the_agency_and_is_whole",
    "F26": "feeds:categories_stand_once_and_never_blank feeds:rss_item_has_the_shape_that_validators_pass",
    "F27": "feeds:no_point_is_written_without_a_valid_one feeds:points_are_plain_decimals",
    "F28": "feeds:an_image_of_unknown_size_says_no_size feeds:rss_item_has_the_shape_that_validators_pass",
    "F29": "feeds_content:language_tags feeds_content:right_to_left_content_says_so",
    "F30": "feeds:entries_keep_the_order_they_are_given_in feeds:every_format_says_the_same_of_each_entry",
    "F31": "feeds:the_feed_itself_says_who_it_is",
    "F32": "feeds:the_oldest_entries_are_dropped_and_none_is_cut",
    "F33": "feeds_archives:feed_and_archive_together_hold_every_briefing feeds_archives:an_archive_says_that_it_is_one",
    "F34": "feeds:no_hub_is_named_when_none_is_configured",
    "F35": "feeds:formats_name_their_files_and_types feeds:xml_declares_utf_8_and_its_style_sheet hosting:the_file_of_headers",
    "F36": "feeds:xml_declares_utf_8_and_its_style_sheet feeds_browser:a_feed_opened_in_a_browser_is_readable",
    "F37": "site_links:opml_names_every_feed_list_and_where_it_is feeds:opml_names_each_list_once_grouped_by_kind",
}
"""File and test, without ``test_``."""


@cache
def known_in(name):
    tree = ast.parse((HERE / f"test_{name}.py").read_text("utf-8"))
    return {node.name.removeprefix("test_") for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


def test_every_requirement_is_held():
    assert list(HELD) == [f"F{number}" for number in range(1, 38)]
    for key, names in HELD.items():
        for name in names.split():
            file, _, test = name.partition(":")
            assert test in known_in(file), f"{key}: {name}"


def feeds_of(content, **settings):
    return {path: one.context["feed"] for path, one in planned(content, **settings).items() if one.maker == "feed"}


def test_ids_outlive_everything_but_themselves(tmp_path):
    briefing(tmp_path / "a", "one", tags="[flood]", date="2016-12-13")
    changed = {"title": '"Quite another"', "id": f'"{identity("one")}"', "date": "2016-12-14"}
    briefing(tmp_path / "b", "moved", tags="[flood]", **changed)
    one = feeds_of(tmp_path / "a")
    two = feeds_of(tmp_path / "b", url="http://other.example")
    ids = {entry.id for path, made in [*one.items(), *two.items()] if "digest" not in path for entry in made.entries}
    assert ids == {f"urn:uuid:{identity('one')}"}
    assert {path: made.id for path, made in one.items()} == {path: made.id for path, made in two.items()}


def test_two_briefings_with_one_id_are_both_named(tmp_path):
    briefing(tmp_path, "one")
    briefing(tmp_path, "two", id=f'"{identity("one")}"')
    said = [str(problem) for problem in check.check(tmp_path, SITE, NOW).errors]
    assert any("briefings/2026/one.md" in line and "briefings/2026/two.md" in line for line in said)


def test_no_two_feeds_share_an_id_and_none_follows_an_address(tmp_path):
    for number in range(3):
        briefing(tmp_path, f"b{number}", tags=f"[tag-{number}]", published=f"2026-11-0{number + 1}T08:00:00Z")
    ids = {}
    for path, made in feeds_of(tmp_path).items():
        ids.setdefault(made.id, set()).add(path.rpartition("/")[0])
    assert all(len(folders) == 1 for folders in ids.values())
    assert ids.keys() == {made.id for made in feeds_of(tmp_path, url="https://elsewhere.example/x").values()}


def test_briefings_of_one_day_have_times_of_their_own_that_stay(tmp_path):
    for number in range(6):
        briefing(tmp_path, f"b{number}", published=None, date="2016-12-13")
    before = {entry.id: entry.published for entry in feeds_of(tmp_path)["feed.json"].entries}
    assert len(set(before.values())) == 6
    briefing(tmp_path, "another", published=None, date="2016-12-13")
    after = {entry.id: entry.published for entry in feeds_of(tmp_path)["feed.json"].entries}
    assert {key: after[key] for key in before} == before


@pytest.mark.parametrize("suffix", ["rss.xml", "atom.xml", "json"])
def test_a_feed_is_as_new_as_its_newest_entry(tmp_path, suffix):
    changes = '[{on: 2026-11-20, kind: major, note: "So."}]'
    briefing(tmp_path, "old", updated="2026-11-20T08:00:00Z", changes=changes)
    briefing(tmp_path, "new", published="2026-11-10T08:00:00Z")
    assert feeds_of(tmp_path)[f"feed.{suffix}"].updated == "2026-11-20T08:00:00Z"
