"""What a record went through: who meant what last, and who had seen whom."""

from typing import Any

from sync.history import History, Past, Side


def change(line: str, version: int, base: int, was: dict[str, Any], **patch: Any) -> Past:
    return Past(line, f"user-{line}", f"laptop-{line}", f"op-{version}", version * 10, patch, was,
                version=version, base=base)  # fmt: skip


def lost(line: str, version: int, base: int, **meant: Any) -> Past:
    """A change that did not take effect."""
    return Past(line, f"user-{line}", f"laptop-{line}", f"lost-{line}", 0, {}, {}, meant, version, base)


def test_the_row_as_it_was_at_any_version() -> None:
    past = [
        change("a", 2, 1, {"name": "0"}, name="1"),
        lost("b", 2, 1, name="x"),
        change("c", 4, 1, {"name": "1", "colour": "0"}, name="2", colour="1"),
    ]
    history = History(past, {"name": "2", "colour": "1", "town": "T"}, 1, "z")
    columns = ("name", "colour", "town", "gone")

    assert history.at(1, columns) == {"name": "0", "colour": "0", "town": "T", "gone": None}
    assert history.at(0, columns) == history.at(1, columns)
    assert history.at(2, columns) == history.at(3, columns)
    assert history.at(2, columns) == {"name": "1", "colour": "0", "town": "T", "gone": None}
    assert history.at(4, columns) == {"name": "2", "colour": "1", "town": "T", "gone": None}


def test_the_latest_wish_of_every_line_whole() -> None:
    past = [
        change("a", 2, 1, {"street": "0"}, street="1"),
        lost("b", 2, 1, town="B"),
        lost("a", 2, 1, town="A", name="beside"),
    ]
    history = History(past, {"street": "1", "town": "T", "name": "N"}, 1, "z")

    assert history.latest(("street", "town")) == {
        "a": Side("user-a", "laptop-a", "lost-a", 0, {"street": "1", "town": "A"}),
        "b": Side("user-b", "laptop-b", "lost-b", 0, {"street": "0", "town": "B"}),
    }
    assert set(history.latest(("name",))) == {"a"}


def test_who_had_fetched_her_own_change_goes_on_from_what_the_council_had() -> None:
    """Ana's street lost to Ben's; she pulled his, and then changed the town of that."""
    past = [
        change("b", 2, 1, {"street": "0"}, street="2"),
        lost("a", 2, 1, street="1"),
        change("a", 3, 2, {"town": "T"}, town="A"),
    ]
    history = History(past, {"street": "2", "town": "A"}, 1, "z")

    assert history.latest(("street", "town"))["a"].values == {"street": "2", "town": "A"}


def test_who_had_not_goes_on_from_her_own() -> None:
    past = [
        change("b", 2, 1, {"street": "0"}, street="2"),
        lost("a", 2, 1, street="1"),
        change("a", 3, 1, {"town": "T"}, town="A"),
    ]
    history = History(past, {"street": "2", "town": "A"}, 1, "z")

    assert history.latest(("street", "town"))["a"].values == {"street": "1", "town": "A"}


def test_what_she_did_not_say_is_as_she_last_saw_it_though_an_old_edit_of_hers_was_let_in_late() -> None:
    """Ana's number lay in a tray. She has read since that it is not safe to call, and changes the number
    again: she does not say that it is safe, and the old edit never did."""
    past = [
        change("desk", 2, 1, {"safe": "yes"}, safe="no"),
        change("a", 3, 0, {"number": "0"}, number="1"),
        change("a", 4, 2, {"number": "1"}, number="2"),
    ]
    history = History(past, {"number": "2", "safe": "no"}, 1, "z")

    assert history.latest(("number", "safe"))["a"].values == {"number": "2", "safe": "no"}


def test_nor_does_an_old_edit_let_in_late_take_her_back_behind_what_she_has_seen() -> None:
    past = [
        change("desk", 2, 1, {"safe": "yes"}, safe="no"),
        lost("a", 2, 2, number="2"),
        lost("a", 2, 0, number="1"),
    ]
    history = History(past, {"number": "0", "safe": "no"}, 1, "z")

    assert history.latest(("number", "safe"))["a"].values == {"number": "1", "safe": "no"}


def test_a_whole_act_is_the_last_word_on_each_column() -> None:
    past = [
        change("a", 2, 1, {"name": "0"}, name="1"),
        change("b", 3, 1, {"town": "T"}, town="B"),
        change("a", 4, 1, {"name": "1", "colour": "0"}, name="2", colour="3"),
    ]
    acts = History(past, {}, 1, "z").acts()

    assert acts["a"] == Side("user-a", "laptop-a", "op-4", 40, {"name": "2", "colour": "3"})
    assert acts["b"].values == {"town": "B"}


def test_who_saw_a_version_and_changed_what_it_held_went_on_from_it() -> None:
    past = [change("a", 3, 1, {"name": "0"}, name="1"), change("b", 4, 3, {"name": "1"}, name="2")]
    history = History(past, {}, 1, "z")

    assert history.went_on(("name",), 3)
    assert history.went_on(("name",), 2)
    assert not history.went_on(("name",), 4)
    assert not history.went_on(("colour",), 3)


def test_a_value_that_somebody_saw_and_changed_has_passed() -> None:
    past = [
        change("a", 2, 1, {"name": "0"}, name="1"),
        change("c", 3, 1, {"colour": "0"}, colour="1"),
        change("b", 4, 2, {"name": "1"}, name="2"),
        change("d", 5, 4, {"town": "T"}, town="D"),
    ]
    history = History(past, {}, 1, "z")

    assert history.passed(("name",)) == {"a"}
    assert history.passed(("name", "town")) == {"a", "b"}
    assert history.passed(("colour",)) == set()


def test_who_changed_it_again_has_not_passed() -> None:
    past = [
        change("a", 2, 1, {"name": "0"}, name="1"),
        change("b", 3, 2, {"name": "1"}, name="2"),
        change("a", 4, 3, {"name": "2"}, name="3"),
    ]

    assert History(past, {}, 1, "z").passed(("name",)) == {"b"}


def test_what_my_own_line_did_first_and_all_others_saw_is_not_disputed() -> None:
    """Her insert, which the others fetched: from there on they part."""
    past = [
        change("me", 1, 0, {"name": None}, name="1"),
        change("me", 2, 0, {"name": "1"}, name="2"),
        change("b", 3, 2, {"name": "2"}, name="3"),
    ]
    history = History(past, {"name": "3"}, 0, "me")

    assert history.since == 2
    assert [one.line for one in history.past] == ["b"]
    assert history.at(0, ("name",)) == {"name": "2"}


def test_what_another_had_not_seen_is() -> None:
    past = [
        change("me", 1, 0, {"name": None}, name="1"),
        change("me", 2, 0, {"name": "1"}, name="2"),
        change("b", 3, 1, {"name": "2"}, name="3"),
    ]
    history = History(past, {"name": "3"}, 0, "me")

    assert (history.since, len(history.past)) == (1, 2)
    assert History(past[1:], {}, 1, "b").since == 1


def test_my_own_changes_after_theirs_stay_in_the_history() -> None:
    past = [change("b", 3, 2, {"name": "2"}, name="3"), change("me", 4, 2, {"name": "3"}, name="4")]

    assert len(History(past, {"name": "4"}, 2, "me").past) == 2
    assert len(History(past[1:], {"name": "4"}, 2, "me").past) == 1


def test_others_are_lines_other_than_mine() -> None:
    mine = change("me", 2, 1, {"name": "0"}, name="1")

    assert not History([mine], {}, 1, "me").others
    assert History([mine], {}, 1, "b").others
    assert not History([], {}, 1, "b").others


def test_what_was_meant_counts_as_touched_though_it_did_not_take_effect() -> None:
    history = History([lost("a", 2, 1, name="1"), change("b", 3, 1, {"town": "T"}, town="B")], {}, 1, "z")

    assert history.touched == {"name", "town"}


def test_a_change_says_nothing_that_it_was_not_told() -> None:
    plain = Past("a", "u", "d", "o", 1, {"n": 1}, {"n": 0})

    assert (plain.said, plain.version, plain.base, plain.central) == ({"n": 1}, 0, 0, False)
    assert Side("u", "d", "o", 5, {}) == Side("u", "d", "o", 5, {}, central=False, at=0)


def test_a_side_as_a_card_keeps_it() -> None:
    plain = Side("u", "d", "o", 5, {"name": "1"}, at=3)

    assert plain.as_json() == {
        "user": "u",
        "device": "d",
        "op_id": "o",
        "made_at": 5,
        "values": {"name": "1"},
    }
    assert Side("u", "d", "o", 5, {}, central=True).as_json()["central"] is True
    assert (
        History([Past("a", "u", "d", "o", 1, {}, {}, {"n": 1}, 2, 1, True)], {}, 1, "z").acts()["a"].central
    )


def test_who_puts_back_what_she_saw_changed_starts_from_what_she_saw() -> None:
    """Her base stayed where it was for work that waited; the council's later value was shown to her."""
    history = History([change("b", 2, 1, {"name": "0"}, name="1")], {"name": "1", "town": "T"}, 1, "mine")
    columns = ("name", "town")
    base = {"name": "0", "town": "T"}

    assert history.own_base(columns, {"name": "0"}, {"name": "1"}) == {"name": "1", "town": "T"}
    assert history.own_base(columns, {"name": "2"}, {"name": "1"}) == base  # no way back
    assert history.own_base(columns, {"name": "0"}, {"name": "0"}) == base
    assert history.own_base(columns, {"name": "0"}, {}) == base
    assert history.own_base(columns, {"name": "0"}, {"name": "nobody's"}) == base
    assert history.own_base(columns, {"town": "T"}, {"town": "1"}) == base


def test_who_takes_back_her_own_waiting_word_has_seen_nothing() -> None:
    past = [lost("mine", 2, 1, name="1"), change("b", 2, 1, {"name": "0"}, name="1")]
    history = History(past, {"name": "1"}, 1, "mine")

    assert history.own_base(("name",), {"name": "0"}, {"name": "1"}) == {"name": "0"}


def test_which_lines_spoke_after_a_version() -> None:
    past = [
        change("a", 2, 1, {"name": "0"}, name="1"),
        change("b", 3, 1, {"colour": "0"}, colour="1"),
        lost("c", 3, 1, name="2"),
    ]
    history = History(past, {"name": "1", "colour": "1"}, 1, "mine")

    assert history.spoke_after(("name",), 1) == {"a", "c"}
    assert history.spoke_after(("name",), 2) == {"c"}
    assert history.spoke_after(("name", "colour"), 2) == {"b", "c"}
    assert history.spoke_after(("name",), None) == set()
