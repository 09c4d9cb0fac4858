"""The audit trail becomes hash chains: what is there is chained in the order in which it was written."""

import datetime as dt
import json
import uuid
from collections.abc import Iterator
from hashlib import sha256
from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

BATCH = 1000
ACCOUNTS = uuid.UUID(int=0)
JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")
TOLD = {
    "at": sa.DateTime(timezone=True),
    "user_id": sa.Uuid(),
    "session_id": sa.Uuid(),
    "request_id": sa.Text(),
    "action": sa.Text(),
    "entity": sa.Text(),
    "entity_id": sa.Uuid(),
    "entity_version": sa.Integer(),
    "before": JSON,
    "after": JSON,
    "reason": sa.Text(),
}
ENTRIES = sa.table(
    "audit_entries",
    sa.column("id", sa.BigInteger()),
    sa.column("project_id", sa.Uuid()),
    *(sa.column(name, type_) for name, type_ in TOLD.items()),
    sa.column("stream", sa.Uuid()),
    sa.column("seq", sa.BigInteger()),
    sa.column("hash", sa.LargeBinary()),
    sa.column("payload", sa.LargeBinary()),
)

UNGUARD = {
    "postgresql": ("DROP TRIGGER audit_entries_append_only ON audit_entries",),
    "sqlite": (
        "DROP TRIGGER audit_entries_no_update",
        "DROP TRIGGER audit_entries_no_delete",
        "DROP TRIGGER audit_entries_no_replace",
    ),
}
# As in the first migration; SQLite drops a table's triggers when it copies the table.
GUARD = {
    "postgresql": (
        """CREATE TRIGGER audit_entries_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_entries
           FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()""",
    ),
    "sqlite": (
        """CREATE TRIGGER audit_entries_no_update BEFORE UPDATE ON audit_entries
           BEGIN SELECT raise(ABORT, 'UPDATE on append-only table audit_entries'); END""",
        """CREATE TRIGGER audit_entries_no_delete BEFORE DELETE ON audit_entries
           BEGIN SELECT raise(ABORT, 'DELETE on append-only table audit_entries'); END""",
        """CREATE TRIGGER audit_entries_no_replace BEFORE INSERT ON audit_entries
           WHEN EXISTS (SELECT 1 FROM audit_entries WHERE id = new.id)
           BEGIN SELECT raise(ABORT, 'REPLACE on append-only table audit_entries'); END""",
    ),
}
# An entry continues its stream or is refused, and moves the head; a head goes nowhere else.
CHAIN = {
    "postgresql": (
        """CREATE FUNCTION continue_audit_streams() RETURNS trigger LANGUAGE plpgsql AS $$
           DECLARE
             wanted bigint;
             moved bigint;
           BEGIN
             SELECT count(DISTINCT stream) INTO wanted FROM added;
             UPDATE audit_heads AS head SET seq = entry.seq, hash = entry.hash
               FROM (SELECT stream, min(seq) AS first, max(seq) AS last, count(*) AS number
                     FROM added GROUP BY stream) AS part
               JOIN added AS entry ON entry.stream = part.stream AND entry.seq = part.last
               WHERE head.stream = part.stream
                 AND part.first = head.seq + 1 AND part.last = head.seq + part.number;
             GET DIAGNOSTICS moved = ROW_COUNT;
             IF moved <> wanted THEN
               RAISE EXCEPTION 'append-only table audit_entries: an entry follows the last one of its stream' USING ERRCODE = 'restrict_violation';
             END IF;
             RETURN NULL;
           END $$""",
        """CREATE TRIGGER audit_entries_continue AFTER INSERT ON audit_entries REFERENCING NEW TABLE AS added
           FOR EACH STATEMENT EXECUTE FUNCTION continue_audit_streams()""",
        """CREATE FUNCTION guard_audit_heads() RETURNS trigger LANGUAGE plpgsql AS $$
           BEGIN
             IF tg_op = 'INSERT' AND new.seq = 0 THEN
               RETURN new;
             ELSIF tg_op = 'UPDATE' AND new.stream = old.stream AND new.seq > old.seq AND EXISTS
               (SELECT FROM audit_entries WHERE stream = new.stream AND seq = new.seq AND hash = new.hash) THEN
               RETURN new;
             END IF;
             RAISE EXCEPTION 'append-only table audit_heads: a head moves with its entries only'
               USING ERRCODE = 'restrict_violation';
           END $$""",
        """CREATE TRIGGER audit_heads_forward BEFORE INSERT OR UPDATE ON audit_heads
           FOR EACH ROW EXECUTE FUNCTION guard_audit_heads()""",
        """CREATE TRIGGER audit_heads_stay BEFORE DELETE OR TRUNCATE ON audit_heads
           FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()""",
        # Room on the page for the versions of a row that every write of its project updates.
        "ALTER TABLE audit_heads SET (fillfactor = 50)",
    ),
    "sqlite": (
        """CREATE TRIGGER audit_entries_continue BEFORE INSERT ON audit_entries
           WHEN NOT EXISTS (SELECT 1 FROM audit_heads WHERE stream = new.stream AND seq = new.seq - 1)
           BEGIN SELECT raise(ABORT, 'append-only table audit_entries: an entry follows the last one of its stream'); END""",
        """CREATE TRIGGER audit_entries_move_head AFTER INSERT ON audit_entries
           BEGIN UPDATE audit_heads SET seq = new.seq, hash = new.hash WHERE stream = new.stream; END""",
        """CREATE TRIGGER audit_heads_begin BEFORE INSERT ON audit_heads
           WHEN new.seq <> 0 OR EXISTS (SELECT 1 FROM audit_heads WHERE stream = new.stream)
           BEGIN SELECT raise(ABORT, 'append-only table audit_heads: a head moves with its entries only'); END""",
        """CREATE TRIGGER audit_heads_forward BEFORE UPDATE ON audit_heads
           WHEN new.stream <> old.stream OR new.seq <= old.seq OR NOT EXISTS
             (SELECT 1 FROM audit_entries WHERE stream = new.stream AND seq = new.seq AND hash = new.hash)
           BEGIN SELECT raise(ABORT, 'append-only table audit_heads: a head moves with its entries only'); END""",
        """CREATE TRIGGER audit_heads_stay BEFORE DELETE ON audit_heads
           BEGIN SELECT raise(ABORT, 'DELETE on append-only table audit_heads'); END""",
    ),
}


def upgrade() -> None:
    execute(UNGUARD)
    op.add_column("audit_entries", sa.Column("stream", sa.Uuid(), nullable=True))
    op.add_column("audit_entries", sa.Column("seq", sa.BigInteger(), nullable=True))
    op.add_column("audit_entries", sa.Column("hash", sa.LargeBinary(length=32), nullable=True))
    op.add_column("audit_entries", sa.Column("payload", sa.LargeBinary(length=2**30), nullable=True))
    heads = op.create_table(
        "audit_heads",
        sa.Column("stream", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.LargeBinary(length=32), nullable=False),
        sa.CheckConstraint("length(hash) = 32", name=op.f("ck_audit_heads_hash_length")),
        sa.PrimaryKeyConstraint("stream", name=op.f("pk_audit_heads")),
    )
    found = [{"stream": stream, "seq": seq, "hash": hash_} for stream, (seq, hash_) in chained().items()]
    if found:
        op.bulk_insert(heads, found)
    with op.batch_alter_table("audit_entries") as entries:
        for name in ("stream", "seq", "hash", "payload"):
            entries.alter_column(name, nullable=False)
        entries.create_unique_constraint(op.f("uc_audit_entries_stream_seq"), ["stream", "seq"])
        entries.create_check_constraint(
            op.f("ck_audit_entries_stream_of_project"), f"stream = coalesce(project_id, '{ACCOUNTS.hex}')"
        )
        entries.create_check_constraint(op.f("ck_audit_entries_hash_length"), "length(hash) = 32")
        # The entries of a project are found by their stream now.
        entries.drop_index("ix_audit_entries_project_id_id")
    execute(GUARD)
    execute(CHAIN)


def execute(statements: dict[str, tuple[str, ...]]) -> None:
    for statement in statements[op.get_bind().dialect.name]:
        op.execute(statement)


def chained() -> dict[uuid.UUID, tuple[int, bytes]]:
    """Number and chain every entry that is there; the last of each stream."""
    heads: dict[uuid.UUID, tuple[int, bytes]] = {}
    key = sa.bindparam("key")
    names = ("stream", "seq", "hash", "payload")
    update = sa.update(ENTRIES).where(ENTRIES.c.id == key).values({name: sa.bindparam(f"new_{name}") for name in names})
    for rows in entries_in_order():
        changes = []
        for row in rows:
            stream = row["project_id"] or ACCOUNTS
            payload = payload_of(row)
            seq, before = heads.get(stream, (0, sha256(b"turva-audit-v1-genesis\0" + stream.bytes).digest()))
            sizes = (seq + 1).to_bytes(8, "big") + len(payload).to_bytes(8, "big")
            after = sha256(b"turva-audit-v1\0" + before + stream.bytes + sizes + payload).digest()
            heads[stream] = (seq + 1, after)
            values = (stream, seq + 1, after, payload)
            changes.append({"key": row["id"]} | {f"new_{name}": value for name, value in zip(names, values)})
        op.get_bind().execute(update, changes)
    return heads


def entries_in_order() -> Iterator[list[Any]]:
    columns = [ENTRIES.c[name] for name in ("id", "project_id", *TOLD)]
    last = 0
    while True:
        query = sa.select(*columns).where(ENTRIES.c.id > last).order_by(ENTRIES.c.id).limit(BATCH)
        rows = op.get_bind().execute(query).mappings().all()
        if not rows:
            return
        yield list(rows)
        last = rows[-1]["id"]


def payload_of(row: Any) -> bytes:
    told = {name: str(value) if isinstance(value := row[name], uuid.UUID) else value for name in TOLD}
    at = row["at"].astimezone(dt.UTC).replace(tzinfo=None) if row["at"].tzinfo else row["at"]
    told |= {"v": 1, "at": at.isoformat(timespec="microseconds") + "Z"}
    return json.dumps(told, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def downgrade() -> None:
    """Entries that were chained stay; the chains themselves are lost, and a later upgrade begins new ones."""
    dialect = op.get_bind().dialect.name
    if dialect == "sqlite":
        for name in ("no_update", "no_delete", "no_replace", "continue", "move_head"):
            op.execute(f"DROP TRIGGER audit_entries_{name}")
    else:
        op.execute("DROP TRIGGER audit_entries_continue ON audit_entries")
        op.execute("DROP FUNCTION continue_audit_streams()")
    op.drop_table("audit_heads")
    if dialect == "postgresql":
        op.execute("DROP FUNCTION guard_audit_heads()")
    with op.batch_alter_table("audit_entries") as entries:
        entries.drop_constraint(op.f("ck_audit_entries_stream_of_project"), type_="check")
        entries.drop_constraint(op.f("ck_audit_entries_hash_length"), type_="check")
        entries.drop_constraint(op.f("uc_audit_entries_stream_seq"), type_="unique")
        for name in ("stream", "seq", "hash", "payload"):
            entries.drop_column(name)
        entries.create_index("ix_audit_entries_project_id_id", ["project_id", "id"], unique=False)
    if dialect == "sqlite":
        execute(GUARD)
