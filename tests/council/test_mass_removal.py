"""What would take most families from many people at once waits for the operator; the rest goes on."""

from argparse import Namespace
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from sync.memory import FakeClock
from sync.ops import Change
from tests.council.neighbourhood import ROLES, Neighbourhood
from tfworker.council import commands
from tfworker.council.setting_up import ProgrammeFacts, set_up

ENDED = date(2026, 11, 1)


@pytest.fixture
def there(tmp_path: Path) -> Iterator[Neighbourhood]:
    """Nine workers who may have families, each with one of her own."""
    with set_up(f"sqlite:///{tmp_path / 'council.db'}", ProgrammeFacts(), FakeClock()) as council:
        made = Neighbourhood(council).settle()
        workers = [made.worker[name] for name in ROLES if name != "team_leader"]
        made.apply(*(Change("worker", worker, {"roles": ["fsw"]}) for worker in workers))
        yield made


def families(there: Neighbourhood, name: str) -> set[str]:
    grant = there.council.schema.own("scope_grant")
    mine = (grant.c.user_id == there.worker[name], grant.c.to_seq.is_(None))
    with there.council.engine.connect() as connection:
        rows = connection.execute(grant.select().where(*mine, grant.c.scope.startswith("family:"))).all()
    names = {f"family:{record}": place for place, record in there.family.items()}
    return {names[row.scope] for row in rows}


def end(there: Neighbourhood, *names: str) -> None:
    """One act of the council's desk ends these allocations."""
    there.apply(*(Change("allocation", there.allocation[name], {"to_on": ENDED}) for name in names))


EVERYBODY = [name for name in ROLES if name != "team_leader"]


def test_a_wrong_file_takes_nothing_away_until_the_operator_says_so(there: Neighbourhood) -> None:
    end(there, *EVERYBODY)
    before = [families(there, name) for name in EVERYBODY]
    waiting = there.council.grants_waiting()

    confirmed = there.council.confirm_grants()

    assert before == [{name} for name in EVERYBODY]
    assert waiting == confirmed == (9, 18)  # a family and a person each
    assert [families(there, name) for name in EVERYBODY] == [set()] * 9
    assert there.council.grants_waiting() == (0, 0)


def test_what_is_put_right_again_never_went(there: Neighbourhood) -> None:
    end(there, *EVERYBODY)
    there.apply(*(Change("allocation", there.allocation[name], {"to_on": None}) for name in EVERYBODY))

    assert there.council.grants_waiting() == (0, 0)
    assert there.council.confirm_grants() == (0, 0)
    assert [families(there, name) for name in EVERYBODY] == [{name} for name in EVERYBODY]


def test_a_few_who_lose_everything_lose_it_at_once(there: Neighbourhood) -> None:
    end(there, *EVERYBODY[:5])

    assert there.council.grants_waiting() == (0, 0)
    assert [families(there, name) for name in EVERYBODY[:5]] == [set()] * 5


def test_many_who_lose_a_little_lose_it_at_once(there: Neighbourhood) -> None:
    for name in EVERYBODY:
        for n in (1, 2):
            there.apply(*there.new_family(f"{name} {n}", "A", name))
    end(there, *EVERYBODY)

    assert there.council.grants_waiting() == (0, 0)
    assert families(there, "fsw") == {"fsw 1", "fsw 2"}


def test_everything_else_goes_on_meanwhile(there: Neighbourhood) -> None:
    """Somebody else's family moves, and one of those who keep theirs is given another."""
    end(there, *EVERYBODY)
    there.apply(
        there.allocate("other", "fsw"), Change("allocation", there.allocation["team"], {"to_on": ENDED})
    )

    assert families(there, "fsw") == {"fsw", "other"}
    assert families(there, "colleague") == set()
    assert there.council.grants_waiting() == (9, 18)


def test_the_calendar_is_held_back_as_well(there: Neighbourhood) -> None:
    there.apply(
        *(Change("allocation", there.allocation[n], {"to_on": date(2026, 11, 16)}) for n in EVERYBODY)
    )
    clock = there.council.clock
    assert isinstance(clock, FakeClock)
    clock.advance(days=1)

    there.council.hub.redraw()

    assert there.council.grants_waiting() == (9, 18)
    assert families(there, "fsw") == {"fsw"}


def test_the_limit_is_the_councils_to_set(there: Neighbourhood) -> None:
    there.council.limit_removal(1.0, 20)
    end(there, *EVERYBODY)
    gone = families(there, "fsw")
    there.council.limit_removal(0.5, 0)
    end(there, "team")

    assert gone == set()
    assert there.council.grants_waiting()[0] == 1
    assert families(there, "colleague") == {"team"}
    with pytest.raises(ValueError, match="share"):
        there.council.limit_removal(0, 5)


def test_the_operator_is_told_and_asked_on_the_command_line(
    there: Neighbourhood, capsys: pytest.CaptureFixture[str]
) -> None:
    given = {"database": there.council.engine.url.render_as_string(), "percent": 50, "users": 5}
    asked = Namespace(**given)
    quiet = commands.show_grants(asked)
    end(there, *EVERYBODY)
    told = commands.show_grants(asked)
    commands.limit_grants(asked)
    commands.confirm_grants(asked)
    printed = capsys.readouterr().out

    assert (quiet, told) == (0, 1)
    assert "18 families and people would be taken from 9 users at once." in printed
    assert "18 families and people taken from 9 users" in printed
    assert families(there, "fsw") == set()
    with pytest.raises(commands.BadArgument):
        commands.limit_grants(Namespace(**given | {"percent": 0}))


def test_what_was_confirmed_and_is_not_drawn_yet_holds_up_nothing_that_comes_between(
    there: Neighbourhood,
) -> None:
    end(there, *EVERYBODY)
    council = there.council
    with council.engine.begin() as connection:  # as `confirm_grants`, cut off before it draws
        council.authority.mass_removal.confirm(connection, council.clock.now())

    there.apply(there.allocate("other", "fsw"))
    between = families(there, "fsw")
    council.hub.redraw()

    assert between == {"fsw", "other"}
    assert [families(there, name) for name in EVERYBODY] == [{"other"}, *[set()] * 8]
    assert council.grants_waiting() == (0, 0)
