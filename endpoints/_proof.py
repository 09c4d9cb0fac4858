"""What somebody sends to prove who they are besides a password, as every form that asks for it names it."""

from typing import Annotated, Self

from pydantic import Field, StringConstraints, model_validator

from authentication.second_factor import Given
from endpoints import _fields

Code = Annotated[str, StringConstraints(max_length=100)]


class Proof(_fields.Request):
    """At most one of these counts."""

    code: Code = Field("", description="The six digits that the authenticator app shows now")
    recovery_code: Code = ""

    @model_validator(mode="after")
    def one_kind(self) -> Self:
        if [bool(self.code), bool(self.recovery_code)].count(True) > 1:
            message = "Send only one: a code of the app or a recovery code"
            raise ValueError(message)
        return self

    @property
    def given(self) -> Given:
        return Given(self.code, self.recovery_code)
