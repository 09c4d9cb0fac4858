"""A service that has a name, as passkeys need one."""

from tests.authentication.named import settings

__all__ = ["settings"]
