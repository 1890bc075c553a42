"""Passwords: how they are kept, and which are refused.

Kept as Argon2id with RFC 9106's second recommended memory and passes: the council's server checks
many at once, so the first (2 GiB each) would let a handful of sign-ins fill its memory.
"""

import re
import secrets
import unicodedata
from collections.abc import Iterable
from functools import cache
from threading import BoundedSemaphore

import zxcvbn
from cryptography.exceptions import InvalidKey
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from tfworker.council.problems import WeakPassword

MEMORY_KIB = 64 * 1024
PASSES = 3
# One lane, not four: OpenSSL's threads of two computations with several lanes wait for each other
# for ever (seen with cryptography 50.0.2, two threads, lanes=4).
LANES = 1
SALT_BYTES = 16
TAG_BYTES = 32
SHORTEST = 12
LONGEST = 128
GOOD_ENOUGH = 3  # of zxcvbn's 0 to 4: "safely unguessable", 10^8 guesses or more
LOOKED_AT = 72  # zxcvbn's time grows with the cube of the length; the start says enough
_PARTS = re.compile(r"[\s@.]+")

# At most this many at once: each takes 64 MiB and a core.
_at_once = BoundedSemaphore(4)


def keep(password: str) -> str:
    """The password in the form it is kept: PHC text with cost, salt and tag."""
    kdf = Argon2id(
        salt=secrets.token_bytes(SALT_BYTES),
        length=TAG_BYTES,
        iterations=PASSES,
        lanes=LANES,
        memory_cost=MEMORY_KIB,
    )
    with _at_once:
        return kdf.derive_phc_encoded(_bytes(password))


@cache
def _nobody() -> str:
    """Nobody's password, so that checking an unknown login costs the same as a known one."""
    return keep(secrets.token_hex(16))


def is_right(password: str, kept: str | None) -> bool:
    """Whether the password is the kept one. Takes as long when there is none (None)."""
    against = kept or _nobody()
    with _at_once:
        try:
            Argon2id.verify_phc_encoded(_bytes(password[:LONGEST]), against)
        except InvalidKey:
            return False
    return kept is not None


def check_strength(password: str, about: Iterable[str | None]) -> None:
    """Refuse a password that is short, common or made from what others know about its owner.

    about: her name, staff number, e-mail and the council's name.
    Raises WeakPassword, whose advice never repeats the password.
    """
    if len(password) < SHORTEST:
        raise WeakPassword(advice=f"Use at least {SHORTEST} characters: three or four plain words will do.")
    if len(password) > LONGEST:
        raise WeakPassword("This password is too long", f"Use at most {LONGEST} characters.")
    known = [word.casefold() for text in about if text for word in (text, *_PARTS.split(text)) if word]
    if len(_without(password, known)) < SHORTEST // 2:
        raise WeakPassword(advice="It is made of what others know about you. Use words of your own.")
    found = zxcvbn.zxcvbn(_normal(password)[:LOOKED_AT], user_inputs=known)
    if found["score"] < GOOD_ENOUGH:
        hints = " ".join(found["feedback"]["suggestions"])
        raise WeakPassword(advice=hints or "Use three or four words that do not belong together.")


def _without(password: str, known: Iterable[str]) -> str:
    """What is left of a password once what others know is taken out."""
    rest = _normal(password).casefold()
    for word in sorted(known, key=len, reverse=True):
        if len(word) > 2:
            rest = rest.replace(word, "")
    return rest


def _normal(password: str) -> str:
    """The same text however the keyboard composed it (NIST SP 800-63B 5.1.1.2)."""
    return unicodedata.normalize("NFKC", password)


def _bytes(password: str) -> bytes:
    return _normal(password).encode("utf-8", "surrogatepass")
