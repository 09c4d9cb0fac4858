"""The secret of a session: what the browser carries, and what of it the database may know.

The browser holds 32 random bytes in a signed cookie, so garbage is refused before the database is asked. The database
holds only an HMAC of them under a key it does not have: a stolen database opens no session, and a row inserted into it
forges none (OWASP ASVS 5.0, 7.2.3).
"""

import hmac
import re
import secrets
from collections.abc import Sequence
from hashlib import sha256

from itsdangerous import BadSignature, Signer
from itsdangerous.encoding import base64_decode, base64_encode
from itsdangerous.signer import SigningAlgorithm

TOKEN_BYTES = 32
# 32 bytes in base64url are 43 characters, the last of which carries 4 bits; decoders would let more spellings through.
SPELT = r"[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]"
COOKIE = re.compile(rf"{SPELT}\.{SPELT}")
"""Secret and signature (HMAC-SHA256), each in the one form in which we write it."""


def signing_key(secret_key: str) -> bytes:
    """The key of cookies, derived once and not for every cookie."""
    return Signer(secret_key, salt="turva session cookie", key_derivation="hmac", digest_method=sha256).derive_key()


class HMACSHA256(SigningAlgorithm):
    """What itsdangerous does by default, in one call of OpenSSL in place of three objects for every cookie."""

    def get_signature(self, key: bytes, value: bytes) -> bytes:
        return hmac.digest(key, value, "sha256")


class Tokens:
    """Makes and reads session secrets; `secret_keys` as in SECRET_KEY: the first signs, all are accepted."""

    def __init__(self, secret_keys: Sequence[str]) -> None:
        oldest_first = [signing_key(key) for key in reversed(secret_keys)]  # itsdangerous signs with the last
        self._signer = Signer(oldest_first, key_derivation="none", algorithm=HMACSHA256())
        self._hash_keys = [hmac.digest(key.encode(), b"turva session hash", "sha256") for key in secret_keys]
        self._pseudonym_key = hmac.digest(secret_keys[0].encode(), b"turva pseudonym", "sha256")

    def new(self) -> bytes:
        return secrets.token_bytes(TOKEN_BYTES)

    def cookie(self, token: bytes) -> str:
        return self._signer.sign(base64_encode(token)).decode("ascii")

    def read(self, cookie: str) -> bytes | None:
        """The secret inside a cookie value, or None when we did not sign it."""
        if not COOKIE.fullmatch(cookie):
            return None
        try:
            return base64_decode(self._signer.unsign(cookie))
        except BadSignature:
            return None

    def pseudonym(self, text: str) -> str:
        """Stands in a table for a text that must not be read there; another one when the key changes."""
        return hmac.digest(self._pseudonym_key, text.encode(errors="surrogatepass"), "sha256").hex()

    def hash(self, token: bytes) -> bytes:
        """What the database stores for a new session."""
        return hmac.digest(self._hash_keys[0], token, "sha256")

    def hashes(self, token: bytes) -> list[bytes]:
        """What the database may hold for this secret: one hash a key, newest first."""
        return [hmac.digest(key, token, "sha256") for key in self._hash_keys]
