"""The demo's own eyes: what they would see if a laptop and the council did not agree."""

from collections.abc import Iterator

import pytest
from sqlalchemy import delete, select, update

from sync.ops import Act, Change
from sync.sql.triggers import open_gate, shut_gate
from tfworker.actions.desk import Desk
from tfworker.actions.opening import enrol, lock
from tfworker.actions.syncing import sync_now
from tfworker.actions.values import EnrolRequest
from tfworker.council.service import DESK
from tfworker.demo import records, traces
from tfworker.demo.county import Cast, County
from tfworker.demo.relay import LOOPBACK
from tfworker.store.keys import FLOOR


@pytest.fixture(scope="module")
def cast(county: County) -> Cast:
    return county.cast()


@pytest.fixture(scope="module")
def desk(county: County, port: int, cast: Cast, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """The worker's laptop after its first round."""
    who = cast.worker
    request = EnrolRequest(
        f"http://{LOOPBACK}:{port}", who.staff_no, who.password, who.code, who.passphrase, "laptop"
    )
    made = enrol(tmp_path_factory.mktemp("laptop"), request, cost=FLOOR)
    yield made
    lock(made)


@pytest.fixture
def family(county: County, cast: Cast) -> str:
    return county.family_with_phone(cast.worker_families)


def behind_syncs_back(desk: Desk, table: str, change: str) -> str:
    """Change or lose one record on the laptop without an op, as a fault of ours would; gives its id."""
    rows = desk.schema[table].table
    with desk.vault.write() as connection:
        record = str(connection.execute(select(rows.c.id).order_by(rows.c.id).limit(1)).scalar_one())
        statement = (
            delete(rows) if change == "lost" else update(rows).values(version=rows.c.version + 1)
        ).where(rows.c.id == record)
        open_gate(connection)
        connection.execute(statement)
        shut_gate(connection)
    return record


def test_a_laptop_after_its_round_agrees_with_the_council(desk, county):
    assert records.differences(desk.vault, county.council) == []
    assert records.scopes_held(desk.vault)


def test_the_laptop_holds_the_families_allocated_and_no_other(desk, cast):
    assert records.families_on(desk.vault) == cast.worker_families


@pytest.mark.parametrize("change", ["other", "lost"])
def test_a_record_that_differs_or_is_missing_is_named_by_its_table(desk, county, change):
    behind_syncs_back(desk, "contact_point", change)

    assert records.differences(desk.vault, county.council) == ["contact_point"]


def test_a_change_at_the_council_differs_until_it_is_pulled(desk, county, family):
    goal = records.begin_plan(county.council, family, desk.me.worker_id)
    before = records.differences(desk.vault, county.council)
    sync_now(desk)
    after = records.differences(desk.vault, county.council)

    assert {"plan", "goal"} <= set(before)
    assert not {"plan", "goal"} & set(after)
    with desk.vault.read() as connection:
        goals = desk.schema["goal"].table
        assert connection.execute(select(goals.c.id)).scalars().all().count(goal) == 1


def test_the_trail_of_a_field_has_a_line_for_each_act(county, family):
    point, number = records.phone_of(county.council, family)
    county.council.hub.apply(DESK, [Change("contact_point", point, {"value": "07700 900999"}, Act.UPDATE)])

    first, last = records.trail(county.council, point, "value")

    assert repr(number) in first
    assert "insert" in first
    assert "value = '07700 900999'" in last
    assert "version 2" in last


def test_nobodys_acts_are_none(county):
    assert records.written_by(county.council, "nobody") == {}


def test_the_family_to_play_with_has_children_with_names_of_their_own(county, cast, family):
    assert family in cast.worker_families
    assert county.family_label(family).endswith("family")


@pytest.mark.parametrize("encoding", traces.ENCODINGS)
def test_a_word_that_can_be_read_on_the_disk_is_found(tmp_path, encoding):
    """Also across the edge of two blocks."""
    (tmp_path / "clean.db").write_bytes(b"\x00\x01 nothing here \xff")
    (tmp_path / "log").write_bytes(b"\xff" * (traces.BLOCK - 4) + "07700 900381".encode(encoding))

    assert traces.files_naming(tmp_path, ["Newman", "07700 900381"]) == ["log"]


def test_what_the_vault_holds_is_looked_for_and_not_readable(desk):
    words = traces.secrets_of(desk.vault)

    assert len(words) > 20
    assert traces.files_naming(desk.home, words) == []
