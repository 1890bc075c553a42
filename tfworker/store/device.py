"""What belongs to this device and not to the passphrase: its half of the key, and its signing key.

Both lie in the operating system's keystore, or where there is none in a file beside the vault that
only the user can read. The file is weaker (who copies the folder has both halves but the
passphrase), so `where` says which it is and the screen shows it.
The signing key lies outside the master key, so that a locked laptop can still prove which it is.
"""

import base64
import json
import os
import secrets
from dataclasses import dataclass, field
from pathlib import Path

import keyring
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from keyring.errors import KeyringError

from tfworker.store.files import write_durably
from tfworker.store.problems import DeviceSecretMissing

FILE = "device.json"
_ITEM = "device"
_PROBE = "probe"


@dataclass(frozen=True, slots=True)
class Device:
    """secret: 32 bytes, half of the vault's key. signing: proves to the council which device asks.

    where: name of the keystore that holds both, or "file".
    """

    secret: bytes = field(repr=False)
    signing: Ed25519PrivateKey = field(repr=False)
    where: str

    @property
    def public_key(self) -> str:
        """The signing key's public half for the council: 43 characters of unpadded base64url."""
        return base64.urlsafe_b64encode(self.signing.public_key().public_bytes_raw()).rstrip(b"=").decode()

    @property
    def warning(self) -> str:
        """What the user should know about where the secret lies; empty when all is well."""
        if self.where != "file":
            return ""
        return (
            "This computer offers no keystore, so its half of the key lies in a file beside the records. "
            "Only the passphrase and the disk's encryption protect them."
        )


def make(place: Path, store_id: str) -> Device:
    """A new device identity, kept for `load`. Raises OSError when the file cannot be written."""
    secret, signing = secrets.token_bytes(32), Ed25519PrivateKey.generate()
    text = json.dumps({"secret": secret.hex(), "signing": signing.private_bytes_raw().hex()})
    where = _keystore_name(store_id)
    if where:
        keyring.set_password(_service(store_id), _ITEM, text)
    else:
        where = "file"
        write_durably(place / FILE, text.encode())
    return Device(secret, signing, where)


def load(place: Path, store_id: str, where: str) -> Device:
    """The device identity of this vault, from where `make` put it.

    Raises DeviceSecretMissing when it is not there or cannot be read; nothing is made anew, since
    a new secret would never fit the old vault.
    """
    try:
        if where == "file":
            text: str | None = (place / FILE).read_text(encoding="utf-8")
        else:
            text = keyring.get_password(_service(store_id), _ITEM)
        parts = json.loads(text or "")
        secret = bytes.fromhex(parts["secret"])
        signing = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(parts["signing"]))
    except (OSError, KeyringError, ValueError, KeyError, TypeError) as error:
        raise DeviceSecretMissing from error
    if len(secret) != 32:
        raise DeviceSecretMissing
    return Device(secret, signing, where)


def _service(store_id: str) -> str:
    return f"tfworker/{store_id}"


def _keystore_name(store_id: str) -> str:
    """The keystore's name if it gives back what it is given; "" if there is none that does."""
    probe = os.urandom(8).hex()
    try:
        keyring.set_password(_service(store_id), _PROBE, probe)
        kept = keyring.get_password(_service(store_id), _PROBE) == probe
        keyring.delete_password(_service(store_id), _PROBE)
    except KeyringError:
        return ""
    # The null backend accepts everything and keeps nothing.
    return type(keyring.get_keyring()).__module__.rpartition(".")[2] if kept else ""
