"""Letting a laptop in: everything right, or one and the same answer."""

import pytest

from sync.memory import FakeClock
from sync.ops import Change
from tests.council.county import PASSWORD, County
from tests.council.laptop import ADDRESS, Laptop
from tfworker.council.devices import DeviceState
from tfworker.council.enrolment import Proof, SignIn
from tfworker.council.refusals import DeviceRefused, NotRecognised
from tfworker.council.service import DESK, Council


def test_an_enrolled_laptop_knows_what_it_needs(
    with_account: Council, laptop: Laptop, county: County
) -> None:
    enrolled = laptop.enrol(with_account, "W001", with_account.devices.make_code("W001"))

    assert enrolled.worker_id == county.worker["W001"]
    assert (enrolled.worker_name, enrolled.roles, enrolled.team_name) == ("Dana Moss", ("fsw",), "Team T01")
    assert (enrolled.council_name, enrolled.programme_name) == ("Ashcombe County Council", "Families Matter")
    assert enrolled.emergency_numbers == [{"name": "Duty team", "phone": "01632 960001"}]
    assert enrolled.line == enrolled.device_id


WRONG = {
    "the password": ("W001", "kettle violet harbour 53", None),
    "the login": ("W999", PASSWORD, None),
    "the code": ("W001", PASSWORD, "0000-0000-0000-0000"),
    "no code": ("W001", PASSWORD, ""),
    "a letter that is not ASCII": ("W001", PASSWORD, "ÄÖÜ\x00"),
    "somebody else's code": ("W002", PASSWORD, None),
    "no account": ("W003", PASSWORD, None),
}


@pytest.mark.parametrize("login, password, code", WRONG.values(), ids=WRONG.keys())
def test_whatever_is_wrong_the_answer_is_the_same(
    with_account: Council, laptop: Laptop, login: str, password: str, code: str | None
) -> None:
    good = with_account.devices.make_code("W001")
    with pytest.raises(NotRecognised) as refused:
        laptop.enrol(with_account, login, good if code is None else code, password)

    assert refused.value.detail == NotRecognised.detail
    assert with_account.devices.list() == []
    # Nothing was used up: with everything right it still works.
    assert laptop.enrol(with_account, "W001", good).device_id


def test_a_used_code_is_used(with_account: Council, clock: FakeClock) -> None:
    code = with_account.devices.make_code("W001")
    Laptop(clock).enrol(with_account, "W001", code)

    with pytest.raises(NotRecognised):
        Laptop(clock).enrol(with_account, "W001", code)


def test_a_code_runs_out(with_account: Council, laptop: Laptop, clock: FakeClock) -> None:
    code = with_account.devices.make_code("W001", 10)
    clock.advance(minutes=10)

    with pytest.raises(NotRecognised):
        laptop.enrol(with_account, "W001", code)


def test_a_disabled_worker_is_not_let_in(with_account: Council, laptop: Laptop) -> None:
    code = with_account.devices.make_code("W001")
    with_account.accounts.disable("W001")

    with pytest.raises(NotRecognised):
        laptop.enrol(with_account, "W001", code)


def test_a_worker_signs_in_again_with_password_and_the_laptops_key(
    with_account: Council, laptop: Laptop, clock: FakeClock
) -> None:
    enrolled = laptop.enrol(with_account, "W001", with_account.devices.make_code("W001"))
    clock.advance(days=60)
    tokens = with_account.enrolment.sign_in(
        SignIn("W001", PASSWORD, ADDRESS), laptop.proof(enrolled.device_id)
    )

    assert with_account.sessions.caller(tokens.access_token).device == enrolled.device_id


def test_signing_in_again_needs_every_part(with_account: Council, laptop: Laptop, clock: FakeClock) -> None:
    enrolled = laptop.enrol(with_account, "W001", with_account.devices.make_code("W001"))
    good, device = laptop.proof(enrolled.device_id), enrolled.device_id
    stale = Proof(device, good.time_ms - 2 * 86_400_000, good.signature)
    tries = [
        ("W001", "wrong", good),
        ("W002", PASSWORD, good),
        ("W001", PASSWORD, Laptop(clock).proof(device)),
        ("W001", PASSWORD, laptop.proof("f" * 32)),
        ("W001", PASSWORD, stale),
    ]
    for login, password, proof in tries:
        clock.advance(minutes=20)
        with pytest.raises(NotRecognised):
            with_account.enrolment.sign_in(SignIn(login, password, ADDRESS), proof)


def test_a_lost_laptop_is_told_only_once_the_rest_was_right(with_account: Council, laptop: Laptop) -> None:
    enrolled = laptop.enrol(with_account, "W001", with_account.devices.make_code("W001"))
    with_account.devices.set_state(enrolled.device_id, DeviceState.LOST)
    proof = laptop.proof(enrolled.device_id)

    with pytest.raises(NotRecognised):
        with_account.enrolment.sign_in(SignIn("W001", "wrong", ADDRESS), proof)
    with pytest.raises(DeviceRefused):
        with_account.enrolment.sign_in(SignIn("W001", PASSWORD, ADDRESS), proof)


def test_a_worker_in_no_team_is_let_in(with_account: Council, laptop: Laptop, county: County) -> None:
    with_account.hub.apply(DESK, [Change("worker", county.worker["W001"], {"team_id": None, "roles": None})])
    enrolled = laptop.enrol(with_account, "W001", with_account.devices.make_code("W001"))

    assert (enrolled.team_name, enrolled.roles) == ("", ())
