"""Seals what the database must keep but must not know: a stolen copy of it opens nothing."""

import hmac
from base64 import urlsafe_b64encode
from collections.abc import Sequence

from cryptography.fernet import Fernet, MultiFernet


class Seal:
    """Authenticated encryption (Fernet) under SECRET_KEY; bound to the settings when the database is opened."""

    def __init__(self) -> None:
        self._keys: MultiFernet | None = None

    def configure(self, secret_keys: Sequence[str]) -> None:
        """`secret_keys` as in SECRET_KEY: the first seals, all open."""
        derived = [hmac.digest(key.encode(), b"turva sealed column", "sha256") for key in secret_keys]
        self._keys = MultiFernet([Fernet(urlsafe_b64encode(key)) for key in derived])

    def close(self, plain: bytes) -> bytes:
        return self._configured().encrypt(plain)

    def open(self, sealed: bytes) -> bytes:
        """cryptography.fernet.InvalidToken for what was sealed by a key that SECRET_KEY no longer names."""
        return self._configured().decrypt(sealed)

    def renewed(self, sealed: bytes) -> bytes:
        """The same under the first key, so that an old one can be taken away."""
        return self._configured().rotate(sealed)

    def _configured(self) -> MultiFernet:
        if self._keys is None:
            raise RuntimeError("nothing can be sealed before the database is opened with its settings")
        return self._keys


seal = Seal()
