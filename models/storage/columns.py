"""Column types that behave alike on PostgreSQL and SQLite, and the fields that put them on Ormar models.

The factories return Any because Ormar reads the annotation of the attribute for the Python type.
"""

import datetime as dt
import itertools
import os
import re
import time
import uuid
from enum import StrEnum
from typing import Any, Literal, TypeVar, overload

import ormar
import sqlalchemy as sa
from ormar.fields import BaseField
from sqlalchemy.dialects import postgresql
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator, TypeEngine

Target = TypeVar("Target", bound=ormar.Model)

# Ormar wants a distinct name for the far side of every reference, also where it makes no attribute of it.
_far_sides = itertools.count()


# RFC 9562, 4.1 and 4.2: 7 in the four bits of the version, 10 in the first two of the variant.
VERSION_BITS, VERSION_7 = 0xF << 76 | 0b11 << 62, 0x7 << 76 | 0b10 << 62


def new_id() -> uuid.UUID:
    """A version 7 UUID (RFC 9562, 5.7): sorts by the millisecond it was made in, so indexes grow at one end."""
    value = (time.time_ns() // 1_000_000) << 80 | int.from_bytes(os.urandom(10), "big")
    return uuid.UUID(int=value & ~VERSION_BITS | VERSION_7)


def utc_now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


class UTCDateTimeType(TypeDecorator[dt.datetime]):
    """timestamptz on PostgreSQL, UTC text on SQLite; aware UTC in Python, and a naive value is refused."""

    impl = sa.DateTime
    cache_ok = True

    def __init__(self) -> None:
        super().__init__(timezone=True)

    def process_bind_param(self, value: dt.datetime | None, dialect: Dialect) -> dt.datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without its zone cannot be stored")
        value = value.astimezone(dt.UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: dt.datetime | None, dialect: Dialect) -> dt.datetime | None:  # noqa: ARG002
        if value is None:
            return None
        return value.replace(tzinfo=dt.UTC) if value.tzinfo is None else value.astimezone(dt.UTC)


def json_type() -> TypeEngine[Any]:
    """JSONB on PostgreSQL, JSON text on SQLite; None is the SQL NULL on both."""
    return sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")


def enum_type(members: type[StrEnum], name: str | None = None) -> sa.Enum:
    """Text whose values a named CHECK constraint holds to the list; values are stored, not Python names."""
    values = [member.value for member in members]
    return sa.Enum(
        members,
        values_callable=lambda _: values,
        native_enum=False,
        create_constraint=True,
        length=20,
        name=name or re.sub(r"(?<=[a-z])(?=[A-Z])", "_", members.__name__).lower(),
    )


def field(base: Any, column_type: TypeEngine[Any], *mixins: type, **options: Any) -> Any:
    """An Ormar field of the kind `base` with another column type; `mixins` go before Ormar's own field class."""
    members = {
        "get_column_type": classmethod(lambda _cls, **_options: column_type),
        "_bases": (*mixins, BaseField),
    }
    factory = type(base.__name__, (base,), members)
    # A default makes Ormar's column nullable unless told otherwise.
    options.setdefault("sql_nullable", options.get("nullable", False))
    return factory(**options)


# The factories below are named like the types of Ormar that they stand in for.


def UTCDateTime(**options: Any) -> Any:  # noqa: N802
    return field(ormar.DateTime, UTCDateTimeType(), **options)


def NativeUUID(**options: Any) -> Any:  # noqa: N802
    """Uuid on PostgreSQL, CHAR(32) on SQLite."""
    return field(ormar.UUID, sa.Uuid(), **options)


def JSONB(**options: Any) -> Any:  # noqa: N802
    return field(ormar.JSON, json_type(), **options)


def BigPK(**options: Any) -> Any:  # noqa: N802
    """A counted key: bigserial on PostgreSQL, the rowid on SQLite."""
    column_type = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    return field(ormar.BigInteger, column_type, primary_key=True, **options)


def EnumText(members: type[StrEnum], *, check: str | None = None, **options: Any) -> Any:  # noqa: N802
    """`check` names the constraint where one table has two columns of the same list."""
    return field(ormar.Enum, enum_type(members, check), enum_class=members, **options)


def primary_key() -> Any:
    return NativeUUID(primary_key=True, default=new_id)


@overload
def foreign_key(to: type[Target], name: str, *, nullable: Literal[False] = ..., index: bool = ...) -> Target: ...
@overload
def foreign_key(to: type[Target], name: str, *, nullable: Literal[True], index: bool = ...) -> Target | None: ...
def foreign_key(to: type[Target], name: str, *, nullable: bool = False, index: bool = True) -> Target | None:
    """A reference that keeps its target: nothing that matters is deleted. `name` is the column, such as user_id.

    No attribute appears on the target (`skip_reverse`): lists are read with SQLAlchemy Core.
    """
    return ormar.ForeignKey(
        to,
        name=name,
        nullable=nullable,
        index=index,
        ondelete=ormar.ReferentialAction.RESTRICT,
        related_name=f"unused_{next(_far_sides)}",
        skip_reverse=True,
    )
