"""A device with a passkey, in software: it signs as Web Authentication, level 3, says, and can be made to cheat."""

import hashlib
import json
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass, field
from typing import Any

import cbor2
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

PRESENT, VERIFIED, ATTESTED = 0x01, 0x04, 0x40
ORIGIN = "http://localhost"


def text(value: bytes) -> str:
    return urlsafe_b64encode(value).rstrip(b"=").decode()


def data(value: str) -> bytes:
    return urlsafe_b64decode(value + "==")


@dataclass
class Device:
    """One passkey; `flags` is what it says about its person, `count` how often it was used."""

    origin: str = ORIGIN
    rp: str = "localhost"
    flags: int = PRESENT | VERIFIED
    count: int = 0
    counts: bool = True
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    id: bytes = field(default_factory=lambda: secrets.token_bytes(16))
    handle: bytes = b""

    def create(self, options: dict[str, Any]) -> str:
        """What `navigator.credentials.create` gives, as JSON text."""
        self.handle = data(options["user"]["id"])
        numbers = self.key.public_key().public_numbers()
        public = {1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32, "big"), -3: numbers.y.to_bytes(32, "big")}
        credential = bytes(16) + len(self.id).to_bytes(2, "big") + self.id + cbor2.dumps(public)
        attestation = {"fmt": "none", "attStmt": {}, "authData": self._about(ATTESTED) + credential}
        client = self._client("webauthn.create", options["challenge"])
        return self._credential({"clientDataJSON": text(client), "attestationObject": text(cbor2.dumps(attestation))})

    def get(self, options: dict[str, Any]) -> str:
        """What `navigator.credentials.get` gives."""
        self.count += self.counts
        about, client = self._about(0), self._client("webauthn.get", options["challenge"])
        signature = self.key.sign(about + hashlib.sha256(client).digest(), ec.ECDSA(hashes.SHA256()))
        signed = {"authenticatorData": about, "clientDataJSON": client, "signature": signature}
        return self._credential(
            {name: text(value) for name, value in signed.items()} | {"userHandle": text(self.handle)}
        )

    def _about(self, flags: int) -> bytes:
        return hashlib.sha256(self.rp.encode()).digest() + bytes([self.flags | flags]) + self.count.to_bytes(4, "big")

    def _client(self, kind: str, challenge: str) -> bytes:
        return json.dumps({"type": kind, "challenge": challenge, "origin": self.origin}).encode()

    def _credential(self, response: dict[str, str]) -> str:
        return json.dumps({"id": text(self.id), "rawId": text(self.id), "type": "public-key", "response": response})
