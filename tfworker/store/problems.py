"""What the world can do to a vault, and the one place where SQLite's errors become ours.

Problem
├── WrongPassphrase         try again; trying is safe
├── NoVault                 there is no vault in this place
├── VaultThere              there already is one
├── VaultInUse              another copy of the program has it open
├── VaultTooNew             a newer version of the program wrote it
├── VaultDamaged            its bytes are not what we wrote
├── AttachmentDamaged       the bytes of one attachment are not what we wrote
├── WeakLock                the key file asks for less, or absurdly more, work than we allow
├── DeviceSecretMissing     the other half of the key is gone from this computer's keystore
├── UnfitInstallation       the program itself is not what it should be
├── DiskFull                nothing was saved: the text stays with the caller
└── DiskTrouble             as DiskFull, for any other failing of the disk
"""

import errno
from collections.abc import Iterator
from contextlib import contextmanager

from sqlcipher3 import dbapi2

from sync.ports import FileDamaged
from tfworker.errors import Problem


class WrongPassphrase(Problem):
    """The vault did not open with this passphrase. Trying another one is safe."""

    title = "That passphrase did not open it"
    advice = "Check Caps Lock and try again."


class NoVault(Problem):
    """Nobody has set up the program in this place yet."""

    title = "This laptop has not been set up yet"
    advice = "Set it up with the code from your office."


class VaultThere(Problem):
    """A vault already lies here and is never overwritten."""

    title = "This laptop has already been set up"
    advice = "Unlock it with its passphrase."


class VaultInUse(Problem):
    """Another process holds the vault's lock. Two writers would damage it."""

    title = "The program is already open"
    advice = "Look for its other window. If there is none, restart the laptop."


class VaultTooNew(Problem):
    """A newer version of the program wrote this vault. Opening it here could lose data."""

    title = "A newer version of the program wrote these records"
    advice = "Nothing was changed. Ask IT to update the program on this laptop."


class VaultDamaged(Problem):
    """Bytes of the vault are not what we wrote. Nothing is deleted: unsent work may be in it."""

    title = "The records on this laptop are damaged"
    advice = "Nothing was deleted. Do not set the laptop up again; ring IT, who can rescue unsent work."


class AttachmentDamaged(Problem, FileDamaged):
    """One attachment cannot be read from this laptop. Its record, and all others, are well."""

    title = "This file is damaged on this laptop"
    advice = "If the council has received it, it is fetched again with the next contact."


class WeakLock(VaultDamaged):
    """The key file names a cost below our floor or above our ceiling: somebody changed it."""

    title = "The lock on this laptop's records has been tampered with"


class DeviceSecretMissing(Problem):
    """The keystore has lost the device's half of the key (new user profile, changed keystore)."""

    title = "This computer no longer has its half of the key"
    advice = "Nothing was deleted. Ring IT before you do anything else: the records can be recovered."


class UnfitInstallation(Problem):
    """A part of the program is too old, or built in a way that cannot protect records."""

    title = "This installation cannot protect records"
    advice = "Ask IT to install the program again."


class DiskFull(Problem):
    """No room left. The transaction was undone; what was to be saved is still with the caller."""

    title = "The disk is full"
    advice = "Your text is still on the screen. Free some space, then save again."


class DiskTrouble(Problem):
    """The disk failed to read or write. The transaction was undone."""

    title = "The disk could not be read or written"
    advice = "Your text is still on the screen. Try to save again; if it goes on, ring IT."


READONLY = 8

# SQLite's primary result codes, and what they mean to a person. Others are faults of ours.
BY_CODE: dict[int, type[Problem]] = {
    5: VaultInUse,  # BUSY: only another process can cause it, ours wait for each other
    READONLY: DiskTrouble,
    10: DiskTrouble,  # IOERR
    11: VaultDamaged,  # CORRUPT
    13: DiskFull,  # FULL
    14: DiskTrouble,  # CANTOPEN
    26: VaultDamaged,  # NOTADB: after a key that was right, a page of rubbish
}


def problem_of(error: BaseException, ours: frozenset[int] = frozenset()) -> Problem | None:
    """What an error of SQLite is to a person; None when it is a fault of ours.

    ours: codes that are faults of ours on this connection.
    """
    extended = getattr(error, "sqlite_errorcode", None)
    if not isinstance(extended, int):
        return None
    code = extended & 0xFF  # the rest tells what exactly failed
    kind = None if code in ours else BY_CODE.get(code)
    return kind() if kind is not None else None


@contextmanager
def told_plainly() -> Iterator[None]:
    """Turn what SQLite or the disk raises inside into a Problem."""
    try:
        yield
    except dbapi2.Error as error:
        if (problem := problem_of(error)) is not None:
            raise problem from error
        raise
    except OSError as error:
        raise disk_problem(error) from error


def disk_problem(error: OSError) -> Problem:
    """What a failing file operation is to a person."""
    return DiskFull() if error.errno in (errno.ENOSPC, errno.EDQUOT) else DiskTrouble()
