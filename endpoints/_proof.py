"""What somebody sends to prove who they are besides a password, as every form that asks for it names it."""

from typing import Annotated, Self

from pydantic import Field, StringConstraints, model_validator

from authentication.second_factor import Given
from authentication.sessions import LiveSession
from endpoints import _fields
from models.enumerations import Factors

Code = Annotated[str, StringConstraints(max_length=100)]


Passkey = Annotated[str, StringConstraints(max_length=20_000)]


class Proof(_fields.Request):
    """At most one of these counts."""

    code: Code = Field("", description="The six digits that the authenticator app shows now")
    recovery_code: Code = ""
    passkey: Passkey = Field("", description="What `navigator.credentials.get` gave, as JSON text")

    @model_validator(mode="after")
    def one_kind(self) -> Self:
        if [bool(value) for value in (self.code, self.recovery_code, self.passkey)].count(True) > 1:
            message = "Send only one: a code of the app, a recovery code or a passkey"
            raise ValueError(message)
        return self

    @property
    def given(self) -> Given:
        return Given(self.code, self.recovery_code, self.passkey)


def with_factor(session: LiveSession, factors: Factors) -> Factors:
    """What a session stands for that began with a password and has now shown a second factor too."""
    return factors if session.factors is Factors.PASSWORD else session.factors
