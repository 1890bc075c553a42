"""From a passphrase to the vault's keys. Pure: no file, no keystore (see `device` and `slots`).

    passphrase --Argon2id--> K_pw        device secret (32 random bytes, `device`)
    KEK  = HKDF-SHA-512(K_pw || device secret, salt = store id)
    slot = AES-256-KWP(KEK, master key)  the master key is random and never changes with the passphrase
    database, blob, anchor and slot-MAC keys = HKDF-Expand(master key, info)

Two factors, because either alone has failed others: a stolen disk image without the keystore gives
nothing to guess against, and a keystore that opens for any program of the user gives no master key.
Source: security.md E5.1; RFC 9106 (Argon2id), RFC 5869 (HKDF), RFC 5649 (KWP).
"""

import hmac
import secrets
import time
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock

from cryptography.hazmat.primitives.hashes import SHA512
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from cryptography.hazmat.primitives.kdf.hkdf import HKDF, HKDFExpand
from cryptography.hazmat.primitives.keywrap import (
    InvalidUnwrap,
    aes_key_unwrap_with_padding,
    aes_key_wrap_with_padding,
)

from tfworker.settings import KDF_MEMORY, UNLOCK_TAKES
from tfworker.store.problems import WeakLock, WrongPassphrase

KEY_BYTES = 32
SALT_BYTES = 16


@dataclass(frozen=True, slots=True, order=True)
class Cost:
    """What one guess at a passphrase costs. memory: KiB; passes over it; lanes in parallel."""

    memory: int
    passes: int
    lanes: int


# RFC 9106's second recommended option. Nothing below it is ever accepted, whoever wrote the file.
FLOOR = Cost(memory=64 * 1024, passes=3, lanes=4)
# A hostile key file must not make the laptop compute or swap for an hour.
CEILING = Cost(memory=1024 * 1024, passes=10, lanes=16)
# OpenSSL's threads of two computations with several lanes wait for each other for ever (seen with
# cryptography 50.0.2: two threads, lanes=4). It also keeps the memory to one guess's.
_one_at_a_time = Lock()


def check_cost(cost: Cost) -> None:
    """Raises WeakLock unless every part of the cost lies between FLOOR and CEILING."""
    for part in ("memory", "passes", "lanes"):
        if not getattr(FLOOR, part) <= getattr(cost, part) <= getattr(CEILING, part):
            raise WeakLock


def calibrate(now: Callable[[], float] = time.perf_counter) -> Cost:
    """The largest cost that still takes about `UNLOCK_TAKES` on this machine; takes as long itself.

    Memory doubles from the floor, since time grows in step with it: memory is what a guessing
    machine cannot have a thousand times over.
    """
    most = min(KDF_MEMORY.value * 1024, CEILING.memory)
    cost = FLOOR
    while cost.memory * 2 <= most:
        started = now()
        password_key("calibration", bytes(SALT_BYTES), cost)
        if (now() - started) * 2 > UNLOCK_TAKES.value:
            break
        cost = Cost(cost.memory * 2, cost.passes, cost.lanes)
    return cost


def password_key(passphrase: str, salt: bytes, cost: Cost) -> bytes:
    """Turn a passphrase into 32 bytes. Slow on purpose.

    salt: 16 random bytes, stored in the clear beside the vault.
    Raises WeakLock for a cost out of bounds, before any work; ValueError for an empty passphrase or
        a salt of another length: mistakes in our code, since the screen refuses them first.
    """
    check_cost(cost)
    if not passphrase or len(salt) != SALT_BYTES:
        raise ValueError("a passphrase may not be empty, and its salt has 16 bytes")
    # The same letters typed on another keyboard must give the same bytes (NIST SP 800-63B, 5.1.1.2).
    text = unicodedata.normalize("NFKC", passphrase).encode()
    kdf = Argon2id(
        salt=salt, length=KEY_BYTES, iterations=cost.passes, lanes=cost.lanes, memory_cost=cost.memory
    )
    with _one_at_a_time:
        return kdf.derive(text)


def user_key(from_password: bytes, device_secret: bytes, store_id: str) -> bytes:
    """The key that wraps the master key: needs the passphrase and this device.

    Both parts have a fixed length, so their concatenation cannot be split another way.
    """
    if len(from_password) != KEY_BYTES or len(device_secret) != KEY_BYTES:
        raise ValueError("both halves of the key have 32 bytes")
    # The store id as salt: the same passphrase and device give another key for another vault.
    kdf = HKDF(SHA512(), KEY_BYTES, salt=store_id.encode(), info=b"tfworker/kek-user/v1")
    return kdf.derive(from_password + device_secret)


def new_master() -> bytes:
    """A vault's master key: 32 bytes from the system's random source, made once."""
    return secrets.token_bytes(KEY_BYTES)


def wrap(kek: bytes, master: bytes) -> bytes:
    """The master key as it may lie on disk (40 bytes). KWP needs no nonce, so none can repeat."""
    return aes_key_wrap_with_padding(kek, master)


def unwrap(kek: bytes, wrapped: bytes) -> bytes:
    """Raises WrongPassphrase when the key does not fit: a wrong passphrase, a wrong device or a
    changed slot look alike, and nothing is learnt about which."""
    try:
        master = aes_key_unwrap_with_padding(kek, wrapped)
    except (InvalidUnwrap, ValueError) as error:
        raise WrongPassphrase from error
    # KWP carries its own length; another one would mean a slot that we did not write.
    if len(master) != KEY_BYTES:
        raise WrongPassphrase
    return master


@dataclass(frozen=True, slots=True)
class Keys:
    """What the master key gives. Each purpose has its own key, so none can be misused for another.

    The version in each name is the rotation number: a new master key or purpose never reuses one.
    """

    database: bytes = field(repr=False)
    blob: bytes = field(repr=False)
    anchor: bytes = field(repr=False)
    slot_mac: bytes = field(repr=False)


def keys_of(master: bytes) -> Keys:
    """All keys below the master key. The master key itself need not be kept."""

    def expand(info: str) -> bytes:
        # Expand alone: the master key is already uniformly random, so there is nothing to extract.
        return HKDFExpand(SHA512(), KEY_BYTES, info=f"tfworker/{info}".encode()).derive(master)

    return Keys(expand("db/v1"), expand("blob/v1"), expand("anchor/v1"), expand("slot-mac/v1"))


def mac(key: bytes, data: bytes) -> str:
    """HMAC-SHA-256, 64 hex digits."""
    return hmac.digest(key, data, "sha256").hex()


def same(one: str, other: str) -> bool:
    """Whether two MACs are equal, in a time that does not tell where they differ."""
    return hmac.compare_digest(one.encode(), other.encode())
