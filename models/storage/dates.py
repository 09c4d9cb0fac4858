"""The two dates that every record carries: when it was created and when it was last written."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

import ormar
import sqlalchemy as sa
from ormar.fields import BaseField
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine.default import DefaultExecutionContext

from models.storage.columns import UTCDateTime, UTCDateTimeType, field, utc_now


def _as_created(context: DefaultExecutionContext) -> dt.datetime:
    """A new row was last written when it was created: the same instant, not a second look at the clock."""
    values: dict[str, Any] = context.get_current_parameters(isolate_multiinsert_groups=False)  # type: ignore[no-untyped-call]
    # In a statement with several rows the columns are numbered by row: created_date_m1 goes with updated_date_m1.
    key = str(context.current_column.key).replace("updated", "created")
    created: dt.datetime | None = values.get(key, values.get(f"{key}_m0"))
    return created or utc_now()


class _UpdatedDate(BaseField):  # type: ignore[misc]  # pydantic's FieldInfo is final for type checkers
    """Ormar's `on_update` knows Ormar's own statements only; on the column SQLAlchemy Core obeys it too."""

    def get_column(self, name: str) -> sa.Column[dt.datetime]:
        return sa.Column(name, UTCDateTimeType(), nullable=False, default=_as_created, onupdate=utc_now)


class DateFieldsMixins:
    """Stands before `ormar.Model` among the bases, so that both dates of a new record are one instant."""

    created_date: dt.datetime = UTCDateTime(default=utc_now)
    updated_date: dt.datetime = field(
        ormar.DateTime, UTCDateTimeType(), _UpdatedDate, default=utc_now, on_update=utc_now
    )

    def __init__(self, **values: Any) -> None:
        created = values.setdefault("created_date", utc_now())
        values.setdefault("updated_date", created)
        super().__init__(**values)


def upsert(
    dialect: str, table: sa.Table, rows: Sequence[Mapping[str, Any]], *, key: Sequence[str], change: Sequence[str]
) -> postgresql.Insert | sqlite.Insert:
    """Insert `rows`, or where `key` exists already write the columns `change`; keeps `updated_date`.

    SQLAlchemy leaves its own `onupdate` out of ON CONFLICT DO UPDATE, hence this function.
    """
    insert = postgresql.insert if dialect == "postgresql" else sqlite.insert
    statement = insert(table).values(list(rows))
    names = [*change, "updated_date"] if "updated_date" in table.c else change
    return statement.on_conflict_do_update(
        index_elements=list(key), set_={name: statement.excluded[name] for name in names}
    )
