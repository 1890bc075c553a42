"""The vault as a whole: made, opened, used by threads, closed."""

import shutil
import subprocess
import sys
import threading

import pytest
from sqlalchemy import delete, insert, select, text
from sqlalchemy.exc import IntegrityError

from sync.ops import Act, new_id
from sync.sql import Change, save
from sync.sql.triggers import open_gate
from tests.store.conftest import NOW
from tfworker.store import (
    DeviceSecretMissing,
    NoVault,
    Vault,
    VaultDamaged,
    VaultInUse,
    VaultThere,
    WrongPassphrase,
    device_of,
    exists,
    public_facts,
    slots,
)
from tfworker.store.keys import FLOOR
from tfworker.store.tables import fact


class Clock:
    def now(self):
        return NOW


def labels(vault):
    with vault.read() as connection:
        return list(connection.execute(text("SELECT label FROM family ORDER BY label")).scalars())


# -- making, opening, closing


def test_a_new_vault_is_open_and_empty(tmp_path, passphrase):
    vault = Vault.create(tmp_path / "new" / "place", passphrase, cost=FLOOR)

    assert labels(vault) == []
    assert all(fact.holds for fact in vault.checked)
    assert exists(tmp_path / "new" / "place")
    vault.close()


def test_what_was_put_in_is_there_after_a_lock(vault, place, put, passphrase):
    put("family", label="O'Neill", status="active")
    vault.close()
    reopened = Vault.open(place, passphrase)

    assert labels(reopened) == ["O'Neill"]
    reopened.close()


def test_a_wrong_passphrase_changes_nothing_and_the_right_one_still_opens(place, passphrase):
    before = {path.name: path.read_bytes() for path in place.iterdir()}
    with pytest.raises(WrongPassphrase):
        Vault.open(place, "four plain words apart")
    after = {path.name: path.read_bytes() for path in place.iterdir()}

    assert after == before
    Vault.open(place, passphrase).close()


def test_a_place_without_a_vault_says_so_and_stays_empty(tmp_path, passphrase):
    with pytest.raises(NoVault):
        Vault.open(tmp_path, passphrase)

    assert list(tmp_path.iterdir()) == []
    assert not exists(tmp_path)
    assert public_facts(tmp_path) == {}


def test_a_vault_is_never_made_over_another(place, passphrase):
    with pytest.raises(VaultThere):
        Vault.create(place, "other words", cost=FLOOR)

    Vault.open(place, passphrase).close()


def test_a_creation_that_was_cut_short_is_begun_again(place, passphrase):
    """Without store.json, which is written last, there is no vault; its remains are kept aside."""
    needed = ("case.db", "device.json", *slots.SLOTS)
    remains = {name: (place / name).read_bytes() for name in needed}
    (place / "store.json").unlink()
    assert not exists(place)
    Vault.create(place, passphrase, cost=FLOOR).close()
    [aside] = (place / "quarantine").iterdir()

    assert {name: (aside / name).read_bytes() for name in needed} == remains


def test_it_is_open_once_only(vault, place, passphrase):
    with pytest.raises(VaultInUse, match="already open"):
        Vault.open(place, passphrase)


def test_another_program_is_kept_out(vault, place, passphrase):
    attempt = (
        f"from pathlib import Path; from tfworker.store import Vault; Vault.open(Path({str(place)!r}), 'x')"
    )
    result = subprocess.run([sys.executable, "-c", attempt], capture_output=True, text=True, check=False)

    assert "VaultInUse" in result.stderr


def test_after_a_wrong_passphrase_the_place_is_free(place, passphrase):
    for _ in range(3):
        with pytest.raises(WrongPassphrase):
            Vault.open(place, "wrong")

    Vault.open(place, passphrase).close()


def test_a_closed_vault_is_closed(vault):
    vault.close()
    vault.close()

    with pytest.raises(RuntimeError, match="closed"), vault.read():
        pass
    with pytest.raises(RuntimeError, match="closed"), vault.write():
        pass


def test_a_closed_vault_is_one_file(vault, place, put):
    put("family", label="Ames", status="active")
    vault.close()

    assert sorted(path.name for path in place.glob("case.db*")) == ["case.db"]


def test_closing_waits_for_a_running_transaction(vault, place, passphrase):
    inside, go_on = threading.Event(), threading.Event()

    def work():
        with vault.write() as connection:
            inside.set()
            go_on.wait()
            connection.execute(insert(fact).values(name="last", value=1))

    worker = threading.Thread(target=work)
    worker.start()
    inside.wait()
    closer = threading.Thread(target=vault.close)
    closer.start()
    go_on.set()
    worker.join()
    closer.join()
    reopened = Vault.open(place, passphrase)

    assert reopened.facts.get("last") == 1
    reopened.close()


# -- the passphrase and the device


def test_the_new_passphrase_opens_and_the_old_does_not(vault, place, put, passphrase):
    put("family", label="Ames", status="active")
    vault.change_passphrase(passphrase, "five other words this time", cost=FLOOR)
    vault.close()
    with pytest.raises(WrongPassphrase):
        Vault.open(place, passphrase)
    reopened = Vault.open(place, "five other words this time")

    assert labels(reopened) == ["Ames"]
    reopened.close()


def test_only_who_knows_the_passphrase_changes_it(vault, place, passphrase):
    with pytest.raises(WrongPassphrase):
        vault.change_passphrase("wrong", "five other words", cost=FLOOR)
    vault.close()

    Vault.open(place, passphrase).close()


def test_changing_the_passphrase_does_not_touch_the_database(vault, place, passphrase):
    before = (place / "case.db").read_bytes()
    vault.change_passphrase(passphrase, "five other words", cost=FLOOR)

    assert (place / "case.db").read_bytes() == before


def test_a_folder_without_its_device_opens_nothing(place, passphrase):
    (place / "device.json").unlink()

    with pytest.raises(DeviceSecretMissing, match="half of the key"):
        Vault.open(place, passphrase)


def test_a_locked_laptop_can_still_say_which_it_is(place, passphrase):
    locked = device_of(place)
    vault = Vault.open(place, passphrase)

    assert vault.device.public_key == locked.public_key
    vault.close()


def test_the_council_s_name_is_known_before_unlock(vault, place):
    vault.set_public_facts({"council": "Ashcombe"})
    vault.set_public_facts({"ring": [{"name": "Duty", "number": "01632 960001"}]})

    assert public_facts(place) == {
        "council": "Ashcombe",
        "ring": [{"name": "Duty", "number": "01632 960001"}],
    }


# -- damage


def test_slots_of_another_vault_open_nothing(place, tmp_path, passphrase):
    other = tmp_path / "other"
    Vault.create(other, passphrase, cost=FLOOR).close()
    for name in slots.SLOTS:
        shutil.copy(other / name, place / name)

    with pytest.raises(VaultDamaged):
        Vault.open(place, passphrase)


def test_a_database_of_another_vault_is_damage(place, tmp_path, passphrase):
    other = tmp_path / "other"
    Vault.create(other, passphrase, cost=FLOOR).close()
    shutil.copy(other / "case.db", place / "case.db")

    with pytest.raises(VaultDamaged):
        Vault.open(place, passphrase)


def test_a_missing_database_is_damage_and_not_an_empty_caseload(place, passphrase):
    (place / "case.db").unlink()

    with pytest.raises(VaultDamaged, match="damaged"):
        Vault.open(place, passphrase)
    assert not (place / "case.db").exists()


@pytest.mark.parametrize("place_in_file", [0.0, 0.5, 0.999])
def test_a_flipped_bit_of_the_database_is_found(vault, place, put, passphrase, place_in_file):
    for n in range(30):
        put("family", label=f"Family {n}", status="active", story_so_far="x" * 9000)
    vault.close()
    changed = bytearray((place / "case.db").read_bytes())
    changed[int(len(changed) * place_in_file) + 100] ^= 0x04
    (place / "case.db").write_bytes(changed)

    with pytest.raises(VaultDamaged):
        raise_if_damaged(place, passphrase)


def raise_if_damaged(place, passphrase):
    vault = Vault.open(place, passphrase)
    try:
        if vault.damage():
            raise VaultDamaged
    finally:
        vault.close()


def test_a_whole_vault_has_no_damage(vault, put):
    put("family", label="Ames", status="active")

    assert vault.damage() == []


# -- transactions


def test_all_of_a_write_or_none(vault):
    with pytest.raises(KeyError), vault.write() as connection:
        connection.execute(insert(fact).values(name="half", value=1))
        raise KeyError

    assert vault.facts.get("half") is None


def test_a_write_inside_a_write_is_part_of_it(vault):
    with pytest.raises(KeyError), vault.write() as outer:
        with vault.write() as inner:
            inner.execute(insert(fact).values(name="inner", value=1))
        assert inner is outer
        raise KeyError

    assert vault.facts.get("inner") is None


def test_a_read_does_not_see_what_is_not_committed(vault):
    with vault.write() as connection:
        connection.execute(insert(fact).values(name="new", value=1))
        unseen = vault.facts.get("new")

    assert unseen is None
    assert vault.facts.get("new") == 1


def test_reading_goes_on_while_somebody_writes(vault):
    with vault.write():
        reader = threading.Thread(target=lambda: labels(vault))
        reader.start()
        reader.join(timeout=10)

        assert not reader.is_alive()


def test_two_threads_write_by_turns(vault):
    def add(name):
        for _ in range(20):
            with vault.write() as connection:
                present = connection.execute(select(fact.c.value).where(fact.c.name == name)).scalar() or 0
                connection.execute(delete(fact).where(fact.c.name == name))
                connection.execute(insert(fact).values(name=name, value=present + 1))

    threads = [threading.Thread(target=add, args=("count",)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert vault.facts.get("count") == 80


# -- records and ops


def test_a_record_changes_only_together_with_its_op(vault):
    with pytest.raises(IntegrityError, match="together with its op"), vault.write() as connection:
        connection.execute(
            text("INSERT INTO family (id, scope, label, status) VALUES ('a', 'f', 'Ames', 'x')")
        )


def test_a_saved_record_has_its_op(vault):
    family_id = new_id()
    with vault.write() as connection:
        change = Change("family", family_id, {"label": "Ames", "status": "active"}, Act.INSERT)
        save(connection, vault.schema, [change], clock=Clock())
    with vault.read() as connection:
        records = connection.execute(select(vault.schema.own("op").c.record)).scalars().all()

    assert labels(vault) == ["Ames"]
    assert records == [family_id]


def test_a_gate_left_open_fails_the_commit(vault):
    with pytest.raises(IntegrityError), vault.write() as connection:
        open_gate(connection)
        connection.execute(
            text("INSERT INTO family (id, scope, label, status) VALUES ('a', 'f', 'Ames', 'x')")
        )

    assert labels(vault) == []


def test_what_is_written_lightly_is_there_and_undone_like_any_other_and_what_follows_waits_for_the_disk(
    vault, place, passphrase
):
    def synchronous():
        with vault.write() as connection:
            return connection.exec_driver_sql("PRAGMA synchronous").scalar()

    with pytest.raises(ZeroDivisionError), vault.write_lightly() as connection:
        connection.execute(insert(fact), {"name": "undone", "value": "1"})
        raise ZeroDivisionError
    with vault.write_lightly() as connection:
        light = connection.exec_driver_sql("PRAGMA synchronous").scalar()
        connection.execute(insert(fact), {"name": "kept", "value": "1"})
    with vault.write() as outer, vault.write_lightly() as inner:
        assert inner is outer
        nested = inner.exec_driver_sql("PRAGMA synchronous").scalar()

    assert (light, nested, synchronous()) == (1, 2, 2)
    vault.close()
    again = Vault.open(place, passphrase)
    with again.read() as connection:
        names = set(connection.execute(select(fact.c.name)).scalars())
    again.close()
    assert names & {"kept", "undone"} == {"kept"}
