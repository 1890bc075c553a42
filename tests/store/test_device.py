"""The device's half of the key: where it lies, and what happens when it is gone."""

import json
import os
import stat

import keyring
import keyring.backend
import keyring.errors
import pytest

from tfworker.store import device as devices
from tfworker.store.problems import DeviceSecretMissing

STORE = "0123456789abcdef"


class Keystore(keyring.backend.KeyringBackend):
    """A keystore of the keyring library's own kind, kept in memory."""

    priority = 1

    def __init__(self) -> None:
        super().__init__()
        self.items: dict[tuple[str, str], str] = {}

    def get_password(self, service, username):
        return self.items.get((service, username))

    def set_password(self, service, username, password):
        self.items[service, username] = password

    def delete_password(self, service, username):
        if self.items.pop((service, username), None) is None:
            raise keyring.errors.PasswordDeleteError


class Forgetful(Keystore):
    """Takes everything and keeps nothing."""

    def set_password(self, service, username, password):
        pass

    def delete_password(self, service, username):
        pass


class Locked(Keystore):
    """Was there once; today it does not open."""

    def get_password(self, service, username):
        raise keyring.errors.KeyringLocked


@pytest.fixture
def use_keystore():
    """Makes a keystore the computer's own for this test."""
    present = keyring.get_keyring()

    def use(keystore):
        keyring.set_keyring(keystore)
        return keystore

    yield use
    keyring.set_keyring(present)


def test_with_a_keystore_nothing_lies_beside_the_vault(tmp_path, use_keystore):
    keystore = use_keystore(Keystore())
    device = devices.make(tmp_path, STORE)

    assert list(tmp_path.iterdir()) == []
    assert keystore.items.keys() == {(f"tfworker/{STORE}", "device")}
    assert device.where != "file"
    assert device.warning == ""


def test_what_was_made_is_loaded(tmp_path, use_keystore):
    use_keystore(Keystore())
    made = devices.make(tmp_path, STORE)
    loaded = devices.load(tmp_path, STORE, made.where)

    assert loaded.secret == made.secret
    assert loaded.public_key == made.public_key


@pytest.mark.parametrize("keystore", [None, Forgetful()], ids=["no keystore", "one that keeps nothing"])
def test_without_a_keystore_it_is_a_file_and_the_user_is_told(tmp_path, use_keystore, keystore):
    if keystore:
        use_keystore(keystore)
    made = devices.make(tmp_path, STORE)
    loaded = devices.load(tmp_path, STORE, made.where)

    assert made.where == "file"
    assert "lies in a file" in made.warning
    assert (loaded.secret, loaded.public_key) == (made.secret, made.public_key)
    assert stat.S_IMODE((tmp_path / devices.FILE).stat().st_mode) == (0o600 if os.name == "posix" else 0o666)


def test_two_vaults_have_two_secrets(tmp_path, use_keystore):
    use_keystore(Keystore())

    assert devices.make(tmp_path, "one").secret != devices.make(tmp_path, "two").secret
    assert (
        devices.load(tmp_path, "one", "Keystore").secret != devices.load(tmp_path, "two", "Keystore").secret
    )


def test_a_keystore_that_lost_it_is_a_problem_and_makes_nothing_new(tmp_path, use_keystore):
    keystore = use_keystore(Keystore())

    with pytest.raises(DeviceSecretMissing):
        devices.load(tmp_path, STORE, "Keystore")
    assert keystore.items == {}


def test_a_keystore_that_does_not_open_is_the_same_problem(tmp_path, use_keystore):
    use_keystore(Locked())

    with pytest.raises(DeviceSecretMissing):
        devices.load(tmp_path, STORE, "Keystore")


BROKEN = {
    "no file": None,
    "empty": "",
    "no JSON": "{",
    "a list": "[]",
    "half of it": json.dumps({"secret": "00" * 32}),
    "a short secret": json.dumps({"secret": "00" * 31, "signing": "00" * 32}),
    "a short signing key": json.dumps({"secret": "00" * 32, "signing": "00" * 31}),
    "no hex": json.dumps({"secret": "zz" * 32, "signing": "00" * 32}),
}


@pytest.mark.parametrize("text", BROKEN.values(), ids=BROKEN.keys())
def test_a_file_that_is_not_what_we_wrote(tmp_path, text):
    if text is not None:
        (tmp_path / devices.FILE).write_text(text)

    with pytest.raises(DeviceSecretMissing):
        devices.load(tmp_path, STORE, "file")


def test_the_public_key_verifies_what_the_device_signs(tmp_path):
    device = devices.make(tmp_path, STORE)

    device.signing.public_key().verify(device.signing.sign(b"request"), b"request")
    assert len(device.public_key) == 43


def test_no_secret_shows_in_a_repr(tmp_path):
    device = devices.make(tmp_path, STORE)

    assert repr(device) == "Device(where='file')"
