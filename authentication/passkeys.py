"""Passkeys (Web Authentication, level 3): the person shows their device that it is them, and the device signs for us.

Each is made with user verification and a credential that is found without a name, so one alone is two factors
(OWASP ASVS 5.0, 6.3.3): what somebody has, opened by what they know or are.
"""

import ipaddress
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import sqlalchemy as sa
import webauthn
from webauthn.helpers import options_to_json_dict, parse_authentication_credential_json, parse_client_data_json
from webauthn.helpers import parse_registration_credential_json as parse_registration
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from authentication import challenges
from authentication.tokens import Tokens
from config import Settings
from errors import Conflict
from models.storage.columns import utc_now
from models.storage.database import database
from models.users.factors import Passkey
from models.users.users import User

PASSKEYS = Passkey.ormar_config.table
USERS = User.ormar_config.table
TIMEOUT = int(challenges.LIFETIME.total_seconds() * 1000)
VERIFIED = UserVerificationRequirement.REQUIRED


@dataclass(frozen=True, slots=True)
class Ceremony:
    """One exchange with a device: who we are to browsers, and what it is for."""

    id: str
    origin: str
    name: str
    tokens: Tokens
    binding: str

    @property
    def challenge(self) -> bytes:
        return challenges.make(self.tokens, self.binding)


def ceremony(settings: Settings, tokens: Tokens, binding: str) -> Ceremony | None:
    """By PUBLIC_URL; None where people reach us by a number, which browsers take for no name of a site."""
    url = urlsplit(settings.public_url)
    name = url.hostname or ""
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return Ceremony(name, f"{url.scheme}://{url.netloc}", settings.SERVICE_NAME, tokens, binding)
    return None


async def to_get(about: Ceremony | None, user_id: UUID | None = None) -> dict[str, Any] | None:
    """Options for `navigator.credentials.get`: any passkey of ours, or one of this person; None if they have none."""
    known = await _descriptors(user_id) if user_id else []
    if about is None or (user_id and not known):
        return None
    options = webauthn.generate_authentication_options(
        rp_id=about.id,
        challenge=about.challenge,
        timeout=TIMEOUT,
        allow_credentials=known,
        user_verification=VERIFIED,
    )
    return dict(options_to_json_dict(options))


async def to_create(about: Ceremony, user_id: UUID, name: str) -> dict[str, Any]:
    """Options for `navigator.credentials.create`; a device that has one already offers no second."""
    wanted = AuthenticatorSelectionCriteria(resident_key=ResidentKeyRequirement.REQUIRED, user_verification=VERIFIED)
    options = webauthn.generate_registration_options(
        rp_id=about.id,
        rp_name=about.name,
        user_id=user_id.bytes,
        user_name=name,
        challenge=about.challenge,
        timeout=TIMEOUT,
        authenticator_selection=wanted,
        exclude_credentials=await _descriptors(user_id),
    )
    return dict(options_to_json_dict(options))


async def _descriptors(user_id: UUID) -> list[PublicKeyCredentialDescriptor]:
    mine = sa.select(PASSKEYS.c.credential_id).where(PASSKEYS.c.user_id == user_id)
    async with database.connection() as connection:
        found = (await connection.execute(mine.order_by(PASSKEYS.c.id))).scalars()
        return [PublicKeyCredentialDescriptor(id=one) for one in found]


@dataclass(frozen=True, slots=True)
class Made:
    """A new passkey that the device has shown to have."""

    credential_id: bytes
    public_key: bytes
    sign_count: int
    challenge: bytes


def made(about: Ceremony, text: str) -> Made | None:
    """What the browser sent for a passkey that was just made; None when anything about it is not right."""
    try:
        credential = parse_registration(text)
        challenge = parse_client_data_json(credential.response.client_data_json).challenge
        if not challenges.is_ours(about.tokens, challenge, about.binding):
            return None
        found = webauthn.verify_registration_response(
            credential=credential,
            expected_challenge=challenge,
            expected_rp_id=about.id,
            expected_origin=about.origin,
            require_user_verification=True,
        )
    except Exception:  # noqa: BLE001 - whatever becomes of the bytes of a stranger in parsers, they prove nothing
        return None
    return Made(found.credential_id, found.credential_public_key, found.sign_count, challenge)


async def store(user_id: UUID, passkey: Made, name: str) -> None:
    """Keep it, in the caller's transaction. Conflict when the challenge was used, or somebody has this passkey."""
    if not await challenges.spend(passkey.challenge):
        raise Conflict("This passkey was sent before. Start again.")
    row = {"credential_id": passkey.credential_id, "public_key": passkey.public_key, "sign_count": passkey.sign_count}
    try:
        async with database.transaction():
            await Passkey.objects.create(user=user_id, name=name, **row)
    except sa.exc.IntegrityError as error:
        raise Conflict("This passkey is known already. Nothing was changed.") from error


async def remove(user_id: UUID, passkey_id: UUID | None = None) -> bool:
    """Forget one of this person, or all; whether there was any."""
    mine = [PASSKEYS.c.user_id == user_id, *([PASSKEYS.c.id == passkey_id] if passkey_id else [])]
    async with database.connection() as connection:
        return (await connection.execute(sa.delete(PASSKEYS).where(*mine))).rowcount > 0


async def listed(user_id: UUID) -> list[dict[str, Any]]:
    columns = [PASSKEYS.c[name] for name in ("id", "name", "created_date", "last_used")]
    query = sa.select(*columns).where(PASSKEYS.c.user_id == user_id).order_by(PASSKEYS.c.id)
    async with database.connection() as connection:
        return [dict(row) for row in (await connection.execute(query)).mappings()]


@dataclass(frozen=True, slots=True)
class Shown:
    """A passkey that signed our challenge; `spend` says whether that still counts."""

    id: UUID
    user_id: UUID
    auth_epoch: int
    count_before: int
    count: int
    challenge: bytes


async def shown(about: Ceremony | None, text: str) -> Shown | None:
    """Whose passkey signed, of an active account; None when anything about it is not right.

    A counter that does not grow is a copy, except where both are 0: passkeys that devices share count nothing.
    """
    if about is None:
        return None
    try:
        credential = parse_authentication_credential_json(text)
        challenge = parse_client_data_json(credential.response.client_data_json).challenge
        handle = credential.response.user_handle
        row = await _row(credential.raw_id)
        ours = (
            row and handle in {None, row.user_id.bytes} and challenges.is_ours(about.tokens, challenge, about.binding)
        )
        if row is None or not ours:
            return None
        found = webauthn.verify_authentication_response(
            credential=credential,
            expected_challenge=challenge,
            expected_rp_id=about.id,
            expected_origin=about.origin,
            credential_public_key=row.public_key,
            credential_current_sign_count=row.sign_count,
            require_user_verification=True,
        )
    except Exception:  # noqa: BLE001 - as above
        return None
    return Shown(row.id, row.user_id, row.auth_epoch, row.sign_count, found.new_sign_count, challenge)


async def _row(credential_id: bytes) -> Any:
    columns = [PASSKEYS.c[name] for name in ("id", "user_id", "public_key", "sign_count")]
    of_user = PASSKEYS.join(USERS, USERS.c.id == PASSKEYS.c.user_id)
    query = sa.select(*columns, USERS.c.auth_epoch).select_from(of_user)
    async with database.connection() as connection:
        found = await connection.execute(query.where(PASSKEYS.c.credential_id == credential_id, USERS.c.is_active))
        return found.one_or_none()


async def spend(passkey: Shown) -> bool:
    """Use the challenge up and note the count, in the caller's transaction; False when somebody was faster."""
    if not await challenges.spend(passkey.challenge):
        return False
    same = (PASSKEYS.c.id == passkey.id) & (PASSKEYS.c.sign_count == passkey.count_before)
    noted = sa.update(PASSKEYS).where(same).values(sign_count=passkey.count, last_used=utc_now())
    async with database.connection() as connection:
        return (await connection.execute(noted)).rowcount == 1
