"""The encrypted vault on the laptop: `Vault` is the door, `problems` what the world can do to it.

Beside it: `drafts` (what is being written), `search` (full text), `facts` (this laptop's place in
the world), `selfcheck` (is the installation fit). Below: `keys`, `device`, `slots` (from passphrase
to key), `connection` (SQLCipher and SQLAlchemy), `migrations`, `files`.
"""

from tfworker.store.problems import (
    AttachmentDamaged,
    DeviceSecretMissing,
    DiskFull,
    DiskTrouble,
    NoVault,
    UnfitInstallation,
    VaultDamaged,
    VaultInUse,
    VaultThere,
    VaultTooNew,
    WeakLock,
    WrongPassphrase,
)
from tfworker.store.vault import Vault, device_of, exists, public_facts

__all__ = [
    "AttachmentDamaged",
    "DeviceSecretMissing",
    "DiskFull",
    "DiskTrouble",
    "NoVault",
    "UnfitInstallation",
    "Vault",
    "VaultDamaged",
    "VaultInUse",
    "VaultThere",
    "VaultTooNew",
    "WeakLock",
    "WrongPassphrase",
    "device_of",
    "exists",
    "public_facts",
]
