"""What pages that ask for a password share: the limits of a new one, and the one that its owner types once more."""

from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import Depends
from pydantic import BaseModel, SecretStr

from authentication.credentials import check_again
from authentication.password_rules import LONGEST_PASSWORD, SHORTEST_PASSWORD
from authentication.passwords import Passwords
from authentication.throttles import Guesser
from endpoints._depends import CurrentGuesser, CurrentPasswords, CurrentSession
from errors import FieldProblem, Invalid, InvalidCredentials
from models.users.users import User

WRONG = "The password is not right. Enter the password that you sign in with"


class PasswordLimits(BaseModel):
    """Characters of a new password."""

    shortest_password: int = SHORTEST_PASSWORD
    longest_password: int = LONGEST_PASSWORD


@dataclass(frozen=True)
class Owner:
    """Who is signed in, and may have to type their password again."""

    user_id: UUID
    passwords: Passwords
    guesser: Guesser

    async def account(self, password: SecretStr, field: str) -> User:
        """Their account; Invalid when the password is not theirs, TooMany after too many wrong ones."""
        try:
            return await check_again(self.passwords, self.guesser, self.user_id, password.get_secret_value())
        except InvalidCredentials:
            raise wrong(field) from None


async def owner(session: CurrentSession, passwords: CurrentPasswords, guesser: CurrentGuesser) -> Owner:
    return Owner(session.user.id, passwords, guesser)


CurrentOwner = Annotated[Owner, Depends(owner)]


def wrong(field: str) -> Invalid:
    return Invalid(f"{WRONG}. Nothing was changed.", problems=[FieldProblem(field, WRONG)])
