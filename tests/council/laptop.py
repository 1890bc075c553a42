"""What a laptop does at the council's door, without the rest of the laptop: its key, and what it signs."""

import base64
import hashlib
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from sync.ports import Clock
from tests.council.county import PASSWORD
from tfworker.council.devices import NewDevice
from tfworker.council.enrolment import Enrolled, Proof, SignIn
from tfworker.council.service import Council
from tfworker.council.sessions import Tokens, signed_text

ADDRESS = "192.0.2.7"


@dataclass
class Laptop:
    """A laptop with a key of its own."""

    clock: Clock
    key: Ed25519PrivateKey = field(default_factory=Ed25519PrivateKey.generate)

    @property
    def public_key(self) -> bytes:
        return self.key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)

    @property
    def now_ms(self) -> int:
        return int(self.clock.now().timestamp() * 1000)

    def as_new(self, replaces: str | None = None) -> NewDevice:
        return NewDevice(self.public_key, "laptop", "0.1.0", replaces)

    def enrol(
        self, council: Council, login: str, code: str, password: str = PASSWORD, replaces: str | None = None
    ) -> Enrolled:
        return council.enrolment.enrol(SignIn(login, password, ADDRESS), code, self.as_new(replaces))

    def refresh(self, council: Council, token: str) -> Tokens:
        return council.sessions.refresh(token, self.now_ms, self.signature_of_refresh(token))

    def signature_of_refresh(self, token: str) -> bytes:
        spoken = hashlib.sha256(token.encode()).hexdigest()
        return self.key.sign(signed_text("refresh", spoken, self.now_ms))

    def proof(self, device_id: str) -> Proof:
        text = signed_text("sign-in", device_id, self.now_ms)
        return Proof(device_id, self.now_ms, self.key.sign(text))

    def enrol_message(self, login: str, code: str, password: str = PASSWORD) -> dict[str, Any]:
        key = base64.b64encode(self.public_key).decode()
        who = {"login": login, "password": password, "code": code}
        return who | {"device_public_key": key, "device_name": "laptop", "app_version": "0.1.0"}

    def refresh_message(self, token: str) -> dict[str, Any]:
        signature = base64.b64encode(self.signature_of_refresh(token)).decode()
        return {"kind": "refresh", "refresh_token": token, "time_ms": self.now_ms, "signature": signature}

    def sign_in_message(self, login: str, device_id: str, password: str = PASSWORD) -> dict[str, Any]:
        proof = self.proof(device_id)
        signature = base64.b64encode(proof.signature).decode()
        who = {"kind": "sign_in", "login": login, "password": password, "device_id": device_id}
        return who | {"time_ms": proof.time_ms, "signature": signature}
