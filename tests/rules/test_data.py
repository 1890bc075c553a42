"""What ships can be read; a council's slip is named, not guessed around."""

import copy
import csv
import json

import pytest

from tfworker.paths import resource
from tfworker.records import words
from tfworker.rules import data


def content(*parts):
    return json.loads(resource(*parts).read_text(encoding="utf-8"))


NEEDS = content("rulesets", "needs.json")
PRACTICE = content("standards", "practice.json")


def test_the_second_phase_has_exactly_six_headline_problems():
    """A5, and a Child Protection Plan is a sign of the third."""
    six = [headline for headline in data.headlines(NEEDS) if headline.rule_set == "TF2"]

    assert [headline.position for headline in six] == [1, 2, 3, 4, 5, 6]
    assert "cp_plan" in [sign.code for sign in six[2].indicators]


def test_every_need_of_the_county_has_its_words():
    known = {
        (h.code, sign.code) for h in data.headlines(NEEDS) if h.rule_set == "TF2" for sign in h.indicators
    }
    with resource("sample", "ashcombe", "needs.csv").open(encoding="utf-8", newline="") as file:
        used = {(row["headline"], row["indicator"]) for row in csv.DictReader(file)}

    assert used <= known


def test_rent_arrears_is_a_need_and_no_headline_problem():
    """B6."""
    by_code = {need.code: need for need in data.local_needs(NEEDS)}

    assert by_code["rent_arrears"].maps_to_headline is None


def test_a_number_without_a_source_says_so():
    standards = data.standards(PRACTICE)

    assert standards["note_finalised"].n == 48
    assert not standards["note_finalised"].is_sourced
    assert standards["first_taf"].source == "P46"
    for standard in standards.values():
        assert standard.is_sourced or "nsourced" in standard.about_source, standard.code
        assert standard.applies_to in set(words.StandardScope)


@pytest.mark.parametrize("name", ["tf1", "tf2", "sf22"])
def test_every_rule_set_names_its_problems_and_says_what_is_unsourced(name):
    rule_set = content("rulesets", f"{name}.json")
    codes = {h.code for h in data.headlines(NEEDS) if h.rule_set == rule_set["code"]}

    assert set(rule_set["problems"]) == codes
    for part in parts_of(rule_set):
        unsourced = [key for key in part if key.endswith("source") and part[key] == ""]
        assert not unsourced or {"set_by", "set_on"} <= set(part), part


def parts_of(content):
    """Every object inside, itself included."""
    if isinstance(content, dict):
        return [content, *(part for value in content.values() for part in parts_of(value))]
    if isinstance(content, list):
        return [part for value in content for part in parts_of(value)]
    return []


def test_the_tariffs_are_the_papers_own():
    """E1 to E4: the numbers come from the tables, never from the papers' prose with its slips."""
    first, *_ = content("rulesets", "tf1.json")["tariff"]
    (second,) = content("rulesets", "tf2.json")["tariff"]

    assert first["attach_pence"] + first["results_pence"]["edu_crime"] == 3_900_00
    assert first["attach_pence"] + first["results_pence"]["employment_instead"] == 4_000_00
    assert [year["attach_pence"] for year in content("rulesets", "tf1.json")["tariff"]] == [
        3_200_00,
        2_400_00,
        1_600_00,
    ]
    assert 4_000_00 - (second["attach_pence"] + second["result_pence"]) == 2_200_00


def test_a_value_without_words_is_shown_as_it_is_written():
    wording = content("wording", "en.json")

    assert data.say(wording, "FamilyStatus", "stepping_down") == "Stepping down"
    assert data.say(wording, "FamilyStatus", "a_newer_state") == "a newer state"
    assert data.say(wording, "NoSuchKind", "some_code") == "some code"
    assert data.say(wording, "gap", "need_without_goal") == "need without goal"
    assert data.say(wording, "FamilyStatus", None) == ""


def spoilt(whole, *path, value):
    """A copy of a file's content with one slip in it."""
    result = copy.deepcopy(whole)
    part = result
    for step in path[:-1]:
        part = part[step]
    part[path[-1]] = value
    return result


LIFECYCLES = content("rulesets", "lifecycles.json")
NOTES = content("rulesets", "notes.json")
SLIPS = {
    "a state that does not exist": (
        data.lifecycles,
        spoilt(LIFECYCLES, "goal", "moves", 0, "to", value="finished"),
        "goal has no state finished",
    ),
    "a move for nobody": (
        data.lifecycles,
        spoilt(LIFECYCLES, "plan", "moves", 1, "by", value=[]),
        "plan, move 2: nobody",
    ),
    "a text where a list belongs": (
        data.lifecycles,
        spoilt(LIFECYCLES, "plan", "moves", 0, "by", value="fsw"),
        "by should be a list",
    ),
    "a note that asks too much": (
        data.note_rules,
        spoilt(NOTES, "required", "visit", value=list("abcdefg")),
        "visit asks for 7",
    ),
    "a kind of note without a list": (
        data.note_rules,
        spoilt(NOTES, "required", value={"visit": []}),
        "nothing about no_access",
    ),
    "a number in words": (
        data.standards,
        spoilt(PRACTICE, "standards", 0, "n", value="48"),
        "standard 1: n should be a whole number",
    ),
    "a standard twice": (
        data.standards,
        spoilt(PRACTICE, "standards", 1, "code", value="note_finalised"),
        "a note_finalised already",
    ),
    "a headline problem twice": (
        data.headlines,
        spoilt(NEEDS, "headline_problems", 1, "code", value="crime_asb"),
        "TF1 has a crime_asb",
    ),
    "a headline problem without a title": (
        data.headlines,
        spoilt(NEEDS, "headline_problems", 0, "title", value=""),
        "title should be a text",
    ),
    "a local need that maps nowhere": (
        data.local_needs,
        spoilt(NEEDS, "local_need_types", 0, "maps_to_headline", value="debts"),
        "problem debts",
    ),
}


@pytest.mark.parametrize("read, spoilt_content, words_said", SLIPS.values(), ids=SLIPS)
def test_a_slip_in_a_file_is_named(read, spoilt_content, words_said):
    with pytest.raises(ValueError, match=words_said):
        read(spoilt_content)
