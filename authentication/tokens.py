"""The secret of a session: what the browser carries, and what of it the database may know.

The browser holds 32 random bytes in a signed cookie, so garbage is refused before the database is asked. The database
holds only an HMAC of them under a key it does not have: a stolen database opens no session, and a row inserted into it
forges none (OWASP ASVS 5.0, 7.2.3).
"""

import hmac
import secrets
from collections.abc import Sequence
from hashlib import sha256

from itsdangerous import BadSignature, Signer
from itsdangerous.encoding import base64_decode, base64_encode
from itsdangerous.exc import BadData

TOKEN_BYTES = 32
LONGEST_COOKIE = 200
"""Characters; a cookie of ours has 87, and nothing longer is worth a hash."""


class Tokens:
    """Makes and reads session secrets; `secret_keys` as in SECRET_KEY: the first signs, all are accepted."""

    def __init__(self, secret_keys: Sequence[str]) -> None:
        oldest_first = [key.encode() for key in reversed(secret_keys)]  # itsdangerous signs with the last
        self._signer = Signer(oldest_first, salt="turva session cookie", key_derivation="hmac", digest_method=sha256)
        self._hash_keys = [hmac.digest(key.encode(), b"turva session hash", "sha256") for key in secret_keys]

    def new(self) -> bytes:
        return secrets.token_bytes(TOKEN_BYTES)

    def cookie(self, token: bytes) -> str:
        return self._signer.sign(base64_encode(token)).decode("ascii")

    def read(self, cookie: str) -> bytes | None:
        """The secret inside a cookie value, or None when we did not sign it."""
        if len(cookie) > LONGEST_COOKIE:
            return None
        try:
            token = base64_decode(self._signer.unsign(cookie.encode("latin-1")))
        except (BadSignature, BadData, UnicodeEncodeError):
            return None
        return token if len(token) == TOKEN_BYTES else None

    def hash(self, token: bytes) -> bytes:
        """What the database stores for a new session."""
        return hmac.digest(self._hash_keys[0], token, "sha256")

    def hashes(self, token: bytes) -> list[bytes]:
        """What the database may hold for this secret: one hash a key, newest first."""
        return [hmac.digest(key, token, "sha256") for key in self._hash_keys]
