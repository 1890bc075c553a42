import pytest

from tfworker.ui.parts import Page
from tfworker.ui.shell import Shell


def blank(shell):
    return Page()


@pytest.fixture
def shell(tasks):
    made = Shell(tasks, roles={"fsw"})
    made.register("today", "Today", "calendar-today", blank)
    made.register("family", "Family", "", blank)
    made.register("team", "Team", "account-group", blank, roles={"team_leader"})
    made.register("mine", "Mine", "account", blank, roles={"team_leader", "fsw"})
    return made


def test_a_person_has_the_pages_of_her_roles_in_order(shell):
    assert [entry.name for entry in shell.entries()] == ["today", "family", "mine"]


def test_a_page_of_another_role_cannot_be_gone_to(shell, qtbot):
    with qtbot.assertNotEmitted(shell.went), pytest.raises(KeyError):
        shell.go("team")


def test_a_name_is_taken_once(shell):
    with pytest.raises(ValueError):
        shell.register("today", "Again", "", blank)


def test_going_hands_on_where(shell, qtbot):
    with qtbot.waitSignal(shell.went) as went:
        shell.go("family", family_id="f1")

    assert went.args == ["family", {"family_id": "f1"}]


def test_back_returns_to_the_page_before_as_it_was_asked_for(shell, qtbot):
    shell.go("today")
    shell.go("family", family_id="f1")
    shell.go("family", family_id="f2")
    shell.go("family", family_id="f2")
    heard = []
    shell.went.connect(lambda name, where: heard.append((name, where)))
    for _ in range(4):
        shell.back()

    assert heard == [("family", {"family_id": "f1"}), ("today", {})]


def test_locking_says_goodbye_first(shell):
    heard = []
    shell.leaving.connect(lambda: heard.append("leaving"))
    shell.lock_asked.connect(lambda: heard.append("lock"))
    shell.lock()

    assert heard == ["leaving", "lock"]
