"""What a person can prove besides a password; the one place where it is checked, so that all guessing meets there."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa

from authentication import passkeys, recovery_codes, totp
from authentication.passkeys import PASSKEYS, Ceremony
from authentication.passwords import Passwords
from authentication.throttles import Guess, Guesser
from errors import WrongProof
from models.enumerations import Factors
from models.storage.database import database
from models.users import accounts


@dataclass(frozen=True, slots=True)
class Held:
    """What a person has set up; recovery codes stand in for a factor and are none."""

    app: bool
    passkeys: int
    recovery_codes: int

    @property
    def any(self) -> bool:
        return self.app or self.passkeys > 0


async def held(user_id: UUID) -> Held:
    def count(table: sa.Table, *conditions: sa.ColumnElement[bool]) -> sa.ScalarSelect[int]:
        mine = sa.select(sa.func.count()).select_from(table).where(table.c.user_id == user_id, *conditions)
        return mine.scalar_subquery()

    unused = count(recovery_codes.CODES, recovery_codes.CODES.c.used_at.is_(None))
    async with database.connection() as connection:
        found = await connection.execute(sa.select(count(totp.SECRETS), count(PASSKEYS), unused))
    app, passkeys, codes = found.one()
    return Held(bool(app), passkeys, codes)


@dataclass(frozen=True, slots=True)
class Given:
    """What somebody sent as proof: one of these."""

    code: str = ""
    recovery_code: str = ""
    passkey: str = ""


NOTHING = Given()


@dataclass(frozen=True, slots=True)
class Proof:
    """Right as far as can be seen; `spend` decides, as each proof counts once."""

    user_id: UUID
    factors: Factors
    use: Callable[[], Awaitable[bool]]

    async def spend(self) -> bool:
        """Use it up in the caller's transaction; False when somebody was faster.

        The account is locked first, as every change of its factors does, so that the two never wait for each other.
        """
        await accounts.lock(self.user_id)
        return await self.use()


async def check(passwords: Passwords, guesser: Guesser, about: Ceremony | None, user_id: UUID, given: Given) -> Proof:
    """The proof that was given for this person (OWASP ASVS 5.0, 6.3.3).

    WrongProof when it is wrong, TooMany after too many that were.
    """
    async with guesser.trying(Guess.CODE, str(user_id), user_id):
        if (proof := await _right(passwords, about, user_id, given)) is None:
            raise WrongProof
    return proof


async def _right(passwords: Passwords, about: Ceremony | None, user_id: UUID, given: Given) -> Proof | None:
    if given.code and (step := await totp.matching(user_id, given.code)) is not None:
        return Proof(user_id, Factors.PASSWORD_TOTP, lambda: totp.spend(user_id, step))
    if given.recovery_code and (code_id := await recovery_codes.matching(passwords, user_id, given.recovery_code)):
        return Proof(user_id, Factors.PASSWORD_RECOVERY, lambda: recovery_codes.spend(code_id))
    if given.passkey and (passkey := await passkeys.shown(about, given.passkey)) and passkey.user_id == user_id:
        return Proof(user_id, Factors.PASSWORD_PASSKEY, lambda: passkeys.spend(passkey))
    return None
