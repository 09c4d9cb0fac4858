"""Counts what is sent to the database, so that a test can say "refused before it was asked"."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

from sqlalchemy import event

from models.storage.database import database
from models.storage.lookups import DirectConnections, Lookup, Row


@contextmanager
def counted() -> Iterator[list[str]]:
    """Every statement that the application sends meanwhile, in order."""
    sent: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        sent.append(statement)

    find = DirectConnections.find

    async def noted(self: DirectConnections, lookup: Lookup, values: Mapping[str, Any]) -> Row | None:
        sent.append(lookup.text)
        return await find(self, lookup, values)

    engine = database.engine.sync_engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        with patch.object(DirectConnections, "find", noted):
            yield sent
    finally:
        event.remove(engine, "before_cursor_execute", note)
