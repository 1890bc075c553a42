"""Settings, wording and standards are data."""

import dataclasses

import pytest

from tfworker import settings
from tfworker.paths import resource
from tfworker.settings import Setting


def test_every_setting_says_its_unit_and_meaning():
    assert [s.name for s in settings.ALL if not s.meaning.endswith(".")] == []
    assert [s.name for s in settings.ALL if type(s.default) in (int, float) and not s.unit] == []


def test_names_are_unique():
    assert len({setting.name for setting in settings.ALL}) == len(settings.ALL)


def test_every_setting_is_listed():
    declared = {value for value in vars(settings).values() if isinstance(value, Setting)}

    assert declared == set(settings.ALL)


def test_every_setting_has_a_value_of_its_kind():
    assert [s.name for s in settings.ALL if type(s.value) is not type(s.default)] == []


CASES = {"nothing": ({}, 2.5), "a figure": ({"wait": 4.5}, 4.5), "a whole figure": ({"wait": 4}, 4.0)}


@pytest.mark.parametrize("values, expected", CASES.values(), ids=CASES.keys())
def test_a_council_may_change_it(values, expected):
    assert Setting("wait", 2.5, "s", "How long.").read(values) == expected


@pytest.mark.parametrize("given", ["long", True, None, [4.0]])
def test_a_value_of_another_kind_is_refused_by_name(given):
    with pytest.raises(ValueError, match=r"wait holds .*; it should be of kind float"):
        Setting("wait", 2.5, "s", "How long.").read({"wait": given})


def test_a_setting_does_not_change_while_it_runs():
    with pytest.raises(dataclasses.FrozenInstanceError):
        settings.AUTOSAVE_AFTER.default = 9.0


def test_the_subjects_of_a_folder_are_its_files():
    assert settings.wording().keys() == {path.stem for path in resource("wording").glob("*.json")}
    assert settings.standards().keys() == {path.stem for path in resource("standards").glob("*.json")}
