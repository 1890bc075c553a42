"""The files beside the database that say whose vault this is and how the master key is wrapped.

store.json          not secret: format, store id, where the device's half lies, public facts
slots.a.json        {v, store_id, gen, slots: [...], mac, sum}
slots.b.json        the same again: one of the two is always whole

A slot is {id, kind, kdf: {name, v, m, t, p, salt}, wrap, ct, created}. Kinds and members that this
version does not know are kept as they are. `mac` is over everything else, under a key that only
the master key gives: nobody can lower a cost, or swap slots between vaults, without it. `sum` is a
plain SHA-256 that tells an accident from a wrong passphrase before there is a key.
Layout: security.md 5.6.
"""

import hashlib
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tfworker.store.device import Device
from tfworker.store.files import write_durably
from tfworker.store.keys import (
    SALT_BYTES,
    Cost,
    keys_of,
    mac,
    password_key,
    same,
    unwrap,
    user_key,
    wrap,
)
from tfworker.store.problems import NoVault, VaultDamaged, VaultTooNew, WeakLock, WrongPassphrase

FORMAT = 1  # of store.json and of the slot files; raise it when an older version could do harm
STORE = "store.json"
SLOTS = ("slots.a.json", "slots.b.json")
USER = "user"

Slot = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Store:
    """Whose vault this is. keystore: where the device's half of the key lies ("file": beside it).

    facts: what may be known before unlock (the council's name, numbers to ring); never personal.
    """

    store_id: str
    keystore: str
    facts: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class SlotFile:
    """gen: rises with every writing. mac: as read; "" when not written yet."""

    store_id: str
    gen: int
    slots: tuple[Slot, ...]
    mac: str = ""

    def body(self) -> bytes:
        """What the MAC is over, the same on every machine."""
        body = {"v": FORMAT, "store_id": self.store_id, "gen": self.gen, "slots": self.slots}
        return json.dumps(body, sort_keys=True, separators=(",", ":")).encode()


def exists(place: Path) -> bool:
    """Whether a vault was set up here. store.json is written last, so half a set-up does not count."""
    return (place / STORE).exists()


def read_store(place: Path) -> Store:
    """Raises NoVault, VaultTooNew, VaultDamaged; OSError."""
    try:
        text = (place / STORE).read_bytes()
    except FileNotFoundError as error:
        raise NoVault from error
    found = _decode(text)
    try:
        return Store(str(found["store_id"]), str(found["keystore"]), dict(found["facts"]))
    except (KeyError, TypeError, ValueError) as error:
        raise VaultDamaged from error


def write_store(place: Path, store: Store) -> None:
    """Raises OSError."""
    found = {
        "format": FORMAT,
        "store_id": store.store_id,
        "keystore": store.keystore,
        "facts": dict(store.facts),
    }
    write_durably(place / STORE, json.dumps(found, indent=1, sort_keys=True).encode())


def new_slot(passphrase: str, device: Device, store_id: str, master: bytes, cost: Cost) -> Slot:
    """The master key wrapped for its user. Takes as long as the cost says."""
    # A new salt every time, so that the same passphrase never gives the same key twice.
    salt = secrets.token_bytes(SALT_BYTES)
    kek = user_key(password_key(passphrase, salt, cost), device.secret, store_id)
    return {
        "id": secrets.token_hex(8),
        "kind": USER,
        "kdf": {
            "name": "argon2id",
            "v": 19,
            "m": cost.memory,
            "t": cost.passes,
            "p": cost.lanes,
            "salt": salt.hex(),
        },
        "wrap": "A256KWP",
        "ct": wrap(kek, master).hex(),
        "created": datetime.now(UTC).isoformat(timespec="seconds"),
    }


def open_slot(slots: SlotFile, passphrase: str, device: Device) -> bytes:
    """The master key, from the user's slot; the MAC of the whole file is checked with it.

    Raises WrongPassphrase; WeakLock for a cost out of bounds, before any work; VaultDamaged when
    the file is not what the vault's owner wrote.
    """
    slot = next((s for s in slots.slots if s.get("kind") == USER), None)
    if slot is None:
        raise VaultDamaged
    try:
        kdf = slot["kdf"]
        if (kdf["name"], kdf["v"], slot["wrap"]) != ("argon2id", 19, "A256KWP"):
            # The MAC cannot vouch for it yet, and a method we do not know may be a weaker one.
            raise WeakLock
        cost = Cost(memory=int(kdf["m"]), passes=int(kdf["t"]), lanes=int(kdf["p"]))
        salt, wrapped = bytes.fromhex(kdf["salt"]), bytes.fromhex(slot["ct"])
    except (KeyError, TypeError, ValueError) as error:
        raise VaultDamaged from error
    if len(salt) != SALT_BYTES:
        raise VaultDamaged
    if not passphrase:
        raise WrongPassphrase
    kek = user_key(password_key(passphrase, salt, cost), device.secret, slots.store_id)
    master = unwrap(kek, wrapped)
    if not same(mac(keys_of(master).slot_mac, slots.body()), slots.mac):
        raise VaultDamaged
    return master


def with_user_slot(slots: SlotFile, slot: Slot) -> SlotFile:
    """The next generation, with this slot in place of the user's present one."""
    others = tuple(s for s in slots.slots if s.get("kind") != USER)
    return replace(slots, gen=slots.gen + 1, slots=(slot, *others), mac="")


def read_slots(place: Path) -> SlotFile:
    """The newest whole slot file. Raises VaultDamaged when neither is whole, VaultTooNew, OSError."""
    found = [slots for name in SLOTS if (slots := _read_one(place / name)) is not None]
    if not found:
        raise VaultDamaged
    return max(found, key=lambda slots: slots.gen)


def write_slots(place: Path, slots: SlotFile, master: bytes) -> None:
    """Write both files, the staler one first: after a kill between them the newest whole one counts,
    which opens with the new passphrase or, if not yet written, the old. Raises OSError."""
    code = mac(keys_of(master).slot_mac, slots.body())
    data = json.dumps(
        {**json.loads(slots.body()), "mac": code, "sum": _sum(slots.body(), code)}, indent=1, sort_keys=True
    ).encode()

    def generation(name: str) -> int:
        present = _read_one(place / name)
        return -1 if present is None else present.gen

    for name in sorted(SLOTS, key=generation):
        write_durably(place / name, data)


def mend_slots(place: Path, slots: SlotFile, master: bytes) -> None:
    """Make both files the same again after a kill or damage: an old passphrase must not live on in
    the staler one. `slots` must have been opened (its MAC checked). Raises OSError."""
    present = [_read_one(place / name) for name in SLOTS]
    if any(other is None or other != slots for other in present):
        write_slots(place, slots, master)


def _read_one(path: Path) -> SlotFile | None:
    """None when it is missing or not whole."""
    try:
        found = _decode(path.read_bytes(), "v")
        slots = SlotFile(found["store_id"], found["gen"], tuple(found["slots"]), found["mac"])
        return slots if same(_sum(slots.body(), slots.mac), found["sum"]) else None
    except (FileNotFoundError, VaultDamaged, KeyError, TypeError, AttributeError):
        return None


def _sum(body: bytes, code: str) -> str:
    return hashlib.sha256(body + code.encode()).hexdigest()


def _decode(text: bytes, version: str = "format") -> dict[str, Any]:
    """A JSON object whose format this version knows."""
    try:
        found = json.loads(text)
    except ValueError as error:
        raise VaultDamaged from error
    if not isinstance(found, dict) or type(found.get(version)) is not int:
        raise VaultDamaged
    if found[version] > FORMAT:
        raise VaultTooNew
    return found
