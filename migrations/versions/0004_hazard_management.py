"""What it takes to manage hazards: harms, evidence, acceptances, comments, search; and what the database itself refuses."""

import uuid
from collections.abc import Iterator

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from models.hazards.search_words import signed, words

revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None

NEW_TABLES = (
    "notices",
    "readings",
    "mentions",
    "comments",
    "drafts",
    "hazard_search",
    "evidence_links",
    "evidence",
    "risk_acceptances",
    "alarp_records",
    "raised_hazards",
    "control_targets",
    "harms",
    "hazard_links",
    "project_hazard_types",
)

# Rows of these tables are never deleted; of these columns nothing is ever changed, of all where none is named.
KEPT = {
    "projects": (),
    "hazards": (),
    "controls": (),
    "risk_assessments": (
        "hazard_id", "stage", "severity", "likelihood", "level", "recorded_level", "matrix_version", "justification",
        "severity_justification", "likelihood_justification", "assessed_by_id", "created_date",
    ),
    "risk_acceptances": (
        "hazard_id", "assessment_id", "level", "rationale", "alternatives", "judgement", "capacity", "accepted_by_id",
        "content", "content_hash", "created_date",
    ),
    "alarp_records": None,
    "comments": None,
    "mentions": None,
    "evidence": None,
}
# By what else than its key a row of them is found: REPLACE deletes whatever a unique index meets.
ALSO_ONE = {
    "hazards": "project_id = new.project_id AND number = new.number",
    "risk_assessments": """hazard_id = new.hazard_id AND stage = new.stage AND superseded_date IS NULL
                           AND new.superseded_date IS NULL""",
    "risk_acceptances": "hazard_id = new.hazard_id AND withdrawn_date IS NULL AND new.withdrawn_date IS NULL",
    "mentions": "comment_id = new.comment_id AND user_id = new.user_id",
}
# What has this date is over: it is never brought back, and no other day is put there.
OVER = {"risk_assessments": "superseded_date", "risk_acceptances": "withdrawn_date"}
# A row stays what it is: UPDATE OR REPLACE would take away the row whose key or number another one is given.
SAME = {"hazards": ("id", "project_id", "number"), "controls": ("id", "project_id")}
# What belongs to a hazard and stays as it is while the hazard is closed.
HELD = ("causes", "harms", "hazard_types", "hazard_controls", "risk_assessments", "alarp_records", "hazard_links")
CONTENT = (
    "project_id", "number", "name", "description", "effect", "harm", "condition", "source", "owner", "owner_id",
    "review_date", "copied_from", "recorded_number", "recorded", "identified_date", "created_date",
)
# What a closed hazard rested on stays as it is; only the question of clause 6.1.2 is about other hazards.
CONTROL = (
    "project_id", "description", "evidence", "kind", "preference", "stage", "state", "state_justification", "responsible",
    "organisation", "owner_id", "due_date", "created_date",
)
CLOSED = "closed hazard: reopen it first"
MINE = "{row}.hazard_id"
OF_TARGET = "SELECT hazard_id FROM hazard_controls WHERE id = {row}.hazard_control_id"
OF_ASSESSMENT = "SELECT {row}.hazard_id UNION ALL SELECT hazard_id FROM risk_assessments WHERE id = {row}.assessment_id"
OF_CONTROL = "SELECT hazard_id FROM hazard_controls WHERE control_id = {row}.control_id"
OF_EVIDENCE = f"{OF_ASSESSMENT} UNION ALL {OF_CONTROL}"
# Evidence may be added to a control while one of its hazards is worked on, but never taken off.
OF_NEW_EVIDENCE = f"""{OF_EVIDENCE} AND NOT EXISTS (
                        SELECT 1 FROM hazard_controls AS serving JOIN hazards AS served ON served.id = serving.hazard_id
                        WHERE serving.control_id = {{row}}.control_id AND served.status <> 'closed')"""
# To which hazards a row belongs: what is added, and what is changed or taken away.
BELONGS = {
    **dict.fromkeys(HELD, (MINE, MINE)), "control_targets": (OF_TARGET, OF_TARGET),
    "evidence_links": (OF_NEW_EVIDENCE, OF_EVIDENCE),
}
SAME |= {table: ("id",) for table in {**KEPT, **BELONGS} if table not in SAME and KEPT.get(table, ()) is not None}


def kept_postgresql() -> Iterator[str]:
    yield """CREATE FUNCTION refuse_to_forget() RETURNS trigger LANGUAGE plpgsql AS $$
             BEGIN
               RAISE EXCEPTION '% on %: what was recorded stays', tg_op, tg_table_name
                 USING ERRCODE = 'restrict_violation';
             END $$"""
    for table, columns in KEPT.items():
        yield f"""CREATE TRIGGER {table}_stay BEFORE DELETE OR TRUNCATE ON {table}
                  FOR EACH STATEMENT EXECUTE FUNCTION refuse_to_forget()"""
        if columns != ():
            of = f" OF {', '.join(columns)}" if columns else ""
            yield f"""CREATE TRIGGER {table}_unchanged BEFORE UPDATE{of} ON {table}
                      FOR EACH STATEMENT EXECUTE FUNCTION refuse_to_forget()"""
    for table, column in OVER.items():
        yield f"""CREATE TRIGGER {table}_over BEFORE UPDATE ON {table} FOR EACH ROW
                  WHEN (old.{column} IS NOT NULL) EXECUTE FUNCTION refuse_to_forget()"""
    for table, columns in SAME.items():
        other = " OR ".join(f"new.{column} <> old.{column}" for column in columns)
        yield f"""CREATE TRIGGER {table}_same BEFORE UPDATE OF {', '.join(columns)} ON {table} FOR EACH ROW
                  WHEN ({other}) EXECUTE FUNCTION refuse_to_forget()"""
    for table in BELONGS.keys() - KEPT.keys():
        yield f"""CREATE TRIGGER {table}_stay BEFORE TRUNCATE ON {table}
                  FOR EACH STATEMENT EXECUTE FUNCTION refuse_to_forget()"""


def kept_sqlite() -> Iterator[str]:
    for table, columns in KEPT.items():
        said = f"SELECT raise(ABORT, '%s on {table}: what was recorded stays');"
        yield f"CREATE TRIGGER {table}_stay BEFORE DELETE ON {table} BEGIN {said % 'DELETE'} END"
        # INSERT OR REPLACE deletes without asking the trigger for DELETE.
        other = f" OR ({ALSO_ONE[table]})" if table in ALSO_ONE else ""
        yield f"""CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table}
                  WHEN EXISTS (SELECT 1 FROM {table} WHERE id = new.id{other}) BEGIN {said % 'REPLACE'} END"""
        if columns != ():
            of = f" OF {', '.join(columns)}" if columns else ""
            yield f"CREATE TRIGGER {table}_unchanged BEFORE UPDATE{of} ON {table} BEGIN {said % 'UPDATE'} END"
    for table, column in OVER.items():
        yield f"""CREATE TRIGGER {table}_over BEFORE UPDATE ON {table} WHEN old.{column} IS NOT NULL
                  BEGIN SELECT raise(ABORT, 'UPDATE on {table}: what was recorded stays'); END"""
    for table, columns in SAME.items():
        other = " OR ".join(f"new.{column} <> old.{column}" for column in columns)
        yield f"""CREATE TRIGGER {table}_same BEFORE UPDATE OF {', '.join(columns)} ON {table} WHEN {other}
                  BEGIN SELECT raise(ABORT, 'UPDATE on {table}: what was recorded stays'); END"""


FUNCTIONS = {
    "hold_closed": MINE, "hold_closed_targets": OF_TARGET, "hold_closed_evidence": OF_EVIDENCE,
    "hold_closed_new_evidence": OF_NEW_EVIDENCE,
}


def held_postgresql() -> Iterator[str]:
    raised = f"RAISE EXCEPTION '{CLOSED}' USING ERRCODE = 'restrict_violation';"
    yield f"""CREATE FUNCTION refuse_closed() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {raised} END $$"""
    yield f"""CREATE TRIGGER hazards_held BEFORE UPDATE ON hazards FOR EACH ROW
              WHEN (old.status = 'closed' AND new.status = 'closed') EXECUTE FUNCTION refuse_closed()"""
    yield f"""CREATE TRIGGER hazards_reopen BEFORE UPDATE OF {', '.join(CONTENT)} ON hazards FOR EACH ROW
              WHEN (old.status = 'closed') EXECUTE FUNCTION refuse_closed()"""
    for name, belongs in FUNCTIONS.items():
        found = f"SELECT {MINE}" if belongs == MINE else belongs
        # Each hazard by its key: the plan is kept, and one that reads all of a small table is slow when it has grown.
        yield f"""CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql SET enable_seqscan = off AS $$
                  BEGIN
                    IF EXISTS (SELECT FROM touched CROSS JOIN LATERAL ({found.format(row='touched')}) AS about (id)
                               WHERE (SELECT status FROM hazards WHERE hazards.id = about.id) = 'closed') THEN {raised} END IF;
                    RETURN NULL;
                  END $$"""
    for table, (added, changed) in BELONGS.items():
        # Once for a statement, so that an import of thousands is not asked thousands of times. A row can move, too.
        for event, rows, belongs, name in (
            ("INSERT", "NEW", added, "insert"), ("UPDATE", "OLD", changed, "update"),
            ("UPDATE", "NEW", changed, "move"), ("DELETE", "OLD", changed, "delete"),
        ):
            function = next(one for one, text in FUNCTIONS.items() if text == belongs)
            yield f"""CREATE TRIGGER {table}_held_{name} AFTER {event} ON {table}
                      REFERENCING {rows} TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION {function}()"""
    yield f"""CREATE FUNCTION hold_closed_controls() RETURNS trigger LANGUAGE plpgsql AS $$
              BEGIN
                IF EXISTS (SELECT FROM hazard_controls JOIN hazards ON hazards.id = hazard_controls.hazard_id
                           WHERE hazard_controls.control_id = old.id AND hazards.status = 'closed') THEN {raised} END IF;
                RETURN new;
              END $$"""
    yield f"""CREATE TRIGGER controls_held BEFORE UPDATE OF {', '.join(CONTROL)} ON controls
              FOR EACH ROW EXECUTE FUNCTION hold_closed_controls()"""
    # An acceptance goes stale while the hazard is closed, so only a new one is refused, and ending the one that is there.
    yield """CREATE TRIGGER risk_acceptances_held_insert AFTER INSERT ON risk_acceptances
             REFERENCING NEW TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION hold_closed()"""
    yield f"""CREATE FUNCTION hold_closed_acceptance() RETURNS trigger LANGUAGE plpgsql AS $$
              BEGIN
                IF EXISTS (SELECT FROM hazards WHERE id = old.hazard_id AND status = 'closed') THEN {raised} END IF;
                RETURN new;
              END $$"""
    yield """CREATE TRIGGER risk_acceptances_held_withdraw BEFORE UPDATE OF withdrawn_date ON risk_acceptances
             FOR EACH ROW EXECUTE FUNCTION hold_closed_acceptance()"""


def held_sqlite() -> Iterator[str]:
    raised = f"SELECT raise(ABORT, '{CLOSED}');"
    yield f"""CREATE TRIGGER hazards_held BEFORE UPDATE ON hazards
              WHEN old.status = 'closed' AND new.status = 'closed' BEGIN {raised} END"""
    yield f"""CREATE TRIGGER hazards_reopen BEFORE UPDATE OF {', '.join(CONTENT)} ON hazards
              WHEN old.status = 'closed' BEGIN {raised} END"""
    there = "EXISTS (SELECT 1 FROM hazards WHERE status = 'closed' AND id IN ({of}))"
    for table, (added, changed) in BELONGS.items():
        # REPLACE takes away a row without asking the trigger for DELETE.
        replaced = f"EXISTS (SELECT 1 FROM {table} AS gone WHERE gone.id = new.id AND {there.format(of=changed.format(row='gone'))})"
        old, new = (there.format(of=changed.format(row=row)) for row in ("old", "new"))
        added = there.format(of=added.format(row="new"))
        for event, condition in (("INSERT", f"{added} OR {replaced}"), ("UPDATE", f"{old} OR {new}"), ("DELETE", old)):
            yield f"""CREATE TRIGGER {table}_held_{event.lower()} BEFORE {event} ON {table}
                      WHEN {condition} BEGIN {raised} END"""
    yield f"""CREATE TRIGGER controls_held BEFORE UPDATE OF {', '.join(CONTROL)} ON controls
              WHEN {there.format(of=OF_CONTROL.format(row='old').replace('old.control_id', 'old.id'))} BEGIN {raised} END"""
    yield f"""CREATE TRIGGER risk_acceptances_held_insert BEFORE INSERT ON risk_acceptances
              WHEN {there.format(of=MINE.format(row='new'))} BEGIN {raised} END"""
    yield f"""CREATE TRIGGER risk_acceptances_held_withdraw BEFORE UPDATE OF withdrawn_date ON risk_acceptances
              WHEN {there.format(of=MINE.format(row='old'))} BEGIN {raised} END"""


SEARCH = {
    # No parser in between: both databases index the very words that the application stored.
    "postgresql": (
        """CREATE INDEX ix_hazard_search_words ON hazard_search
           USING gin (array_to_tsvector(string_to_array(words, ' ')))""",
    ),
    # Takes everything beyond ASCII for a part of a word, as the words stored are separated by spaces alone.
    "sqlite": (
        """CREATE VIRTUAL TABLE hazard_words USING fts5(words, content='hazard_search', content_rowid='id',
           tokenize='ascii', detail='none')""",
        # None for INSERT: FTS5 writes its index out at every statement, so models/hazards/hazard_search.py adds many at once.
        """CREATE TRIGGER hazard_search_removed AFTER DELETE ON hazard_search BEGIN
             INSERT INTO hazard_words (hazard_words, rowid, words) VALUES ('delete', old.id, old.words); END""",
        """CREATE TRIGGER hazard_search_changed AFTER UPDATE ON hazard_search BEGIN
             INSERT INTO hazard_words (hazard_words, rowid, words) VALUES ('delete', old.id, old.words);
             INSERT INTO hazard_words (rowid, words) VALUES (new.id, new.words); END""",
    ),
}


def upgrade() -> None:
    create_tables()
    extend_tables()
    dialect = op.get_bind().dialect.name
    guards = (kept_postgresql, held_postgresql) if dialect == "postgresql" else (kept_sqlite, held_sqlite)
    fill_search()
    for statement in (*guards[0](), *guards[1](), *SEARCH[dialect]):
        op.execute(statement)
    if dialect == "sqlite":
        op.execute("INSERT INTO hazard_words (rowid, words) SELECT id, words FROM hazard_search")


def fill_search() -> None:
    """The words of the hazards that are there, some hundreds at a time; they have no harms and comments yet."""
    texts = "string_agg({}, ' ')" if op.get_bind().dialect.name == "postgresql" else "group_concat({}, ' ')"
    causes = f"SELECT {texts.format('description')} FROM causes WHERE causes.hazard_id = hazards.id"
    controls = f"""SELECT {texts.format("description || ' ' || evidence")} FROM controls
                   JOIN hazard_controls ON hazard_controls.control_id = controls.id
                   WHERE hazard_controls.hazard_id = hazards.id"""
    query = sa.text(
        f"""SELECT id, project_id, recorded, name, description, effect, harm, recorded_number,
                   ({causes}) AS causes, ({controls}) AS controls
            FROM hazards WHERE id > :last ORDER BY id LIMIT 500"""
    ).bindparams(sa.bindparam("last", type_=sa.Uuid()))
    query = query.columns(id=sa.Uuid(), project_id=sa.Uuid(), recorded=sa.JSON())
    search = sa.table("hazard_search", sa.column("hazard_id", sa.Uuid()), sa.column("words"))
    last = uuid.UUID(int=0)
    while rows := op.get_bind().execute(query, {"last": last}).all():
        found = [(row[0], row[1], words(" ".join(filter(None, [*row[3:], *(row[2] or {}).values()])))) for row in rows]
        kept = [{"hazard_id": key, "words": " ".join(signed(project, some))} for key, project, some in found]
        op.bulk_insert(search, kept)
        last = rows[-1][0]


def extend_tables() -> None:
    """A control that is there has version 1; nobody has been asked yet what it brings (DCB0129 6.1.2)."""
    added = {
        "causes": {
            "status": (sa.Enum("open", "closed", name="cause_status", native_enum=False, create_constraint=True, length=20), "open"),
            "status_justification": (sa.Text(), None),
        },
        "controls": {
            "preference": (sa.SmallInteger(), None),
            "state_justification": (sa.Text(), None),
            "responsible": (sa.Enum("manufacturer", "deployer", name="party", native_enum=False, create_constraint=True, length=20), None),
            "organisation": (sa.String(length=300), ""),
            "owner_id": (sa.Uuid(), None),
            "due_date": (sa.Date(), None),
            "brings_hazards": (sa.Boolean(), None),
            "brings_hazards_reason": (sa.Text(), ""),
            "version": (sa.Integer(), "1"),
        },
        "hazards": {
            "source": (sa.Enum(*SOURCES, name="identification_source", native_enum=False, create_constraint=True, length=20), None),
            "owner_id": (sa.Uuid(), None),
            "review_date": (sa.Date(), None),
            "copied_from": (sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"), None),
        },
        "project_members": {"is_executive": (sa.Boolean(), sa.false())},
        "projects": {"archived_date": (sa.DateTime(timezone=True), None), "version": (sa.Integer(), "1")},
        "users": {
            "notices_by_mail": (sa.Enum("never", "at_once", "daily", name="notices_by_mail", native_enum=False, create_constraint=True, length=20), "at_once"),
        },
    }
    for table, columns in added.items():
        with op.batch_alter_table(table) as batch:
            for name, (kind, default) in columns.items():
                batch.add_column(sa.Column(name, kind, nullable=default is None, server_default=default))
            if "owner_id" in columns:
                batch.create_foreign_key(f"fk_{table}_users_id_owned_by", "users", ["owner_id"], ["id"], ondelete="RESTRICT")
            if table == "controls":
                batch.create_check_constraint(op.f("ck_controls_preference"), "preference BETWEEN 1 AND 5")
        with op.batch_alter_table(table) as batch:
            for name, (_, default) in columns.items():
                if default is not None:
                    batch.alter_column(name, server_default=None)
    op.create_index(op.f("ix_controls_owner_id"), "controls", ["owner_id"])
    op.create_index("ix_hazards_owner_id_status", "hazards", ["owner_id", "status"])


SOURCES = ("workshop", "similar_system", "incident", "misuse", "failure_mode", "change", "control", "other")


def create_tables() -> None:
    op.create_table('drafts',
    sa.Column('created_date', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_date', sa.DateTime(timezone=True), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('user_id', sa.Uuid(), nullable=False),
    sa.Column('path', sa.String(length=500), nullable=False),
    sa.Column('sealed', sa.LargeBinary(length=2000000), nullable=False),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name='fk_drafts_users_id_user', ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_drafts')),
    sa.UniqueConstraint('user_id', 'path', name='uc_drafts_user_id_path')
    )
    op.create_table('evidence',
    sa.Column('created_date', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_date', sa.DateTime(timezone=True), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('project_id', sa.Uuid(), nullable=False),
    sa.Column('kind', sa.Enum('file', 'link', name='evidence_kind', native_enum=False, create_constraint=True, length=20), nullable=False),
    sa.Column('title', sa.String(length=300), nullable=False),
    sa.Column('description', sa.Text(), nullable=False),
    sa.Column('url', sa.Text(), nullable=True),
    sa.Column('file_name', sa.String(length=300), nullable=True),
    sa.Column('media_type', sa.String(length=100), nullable=True),
    sa.Column('size', sa.BigInteger(), nullable=True),
    sa.Column('sha256', sa.String(length=64), nullable=True),
    sa.Column('created_by_id', sa.Uuid(), nullable=False),
    sa.CheckConstraint('(sha256 IS NULL) = (url IS NOT NULL)', name=op.f('ck_evidence_file_or_link')),
    sa.CheckConstraint('length(sha256) = 64', name=op.f('ck_evidence_sha256_length')),
    sa.ForeignKeyConstraint(['created_by_id'], ['users.id'], name='fk_evidence_users_id_created_by', ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['project_id'], ['projects.id'], name='fk_evidence_projects_id_project', ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_evidence'))
    )
    op.create_index(op.f('ix_evidence_created_by_id'), 'evidence', ['created_by_id'])
    op.create_index(op.f('ix_evidence_project_id'), 'evidence', ['project_id'])
    op.create_index(op.f('ix_evidence_sha256'), 'evidence', ['sha256'])
    op.create_table('project_hazard_types',
    sa.Column('created_date', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_date', sa.DateTime(timezone=True), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('project_id', sa.Uuid(), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.ForeignKeyConstraint(['project_id'], ['projects.id'], name='fk_project_hazard_types_projects_id_project', ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_project_hazard_types')),
    sa.UniqueConstraint('project_id', 'name', name='uc_project_hazard_types_project_id_name')
    )
    op.create_table('alarp_records',
    sa.Column('created_date', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_date', sa.DateTime(timezone=True), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('hazard_id', sa.Uuid(), nullable=False),
    sa.Column('option', sa.Text(), nullable=False),
    sa.Column('impracticality', sa.Text(), nullable=False),
    sa.Column('judgement', sa.Text(), nullable=False),
    sa.Column('recorded_by_id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['hazard_id'], ['hazards.id'], name='fk_alarp_records_hazards_id_hazard', ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['recorded_by_id'], ['users.id'], name='fk_alarp_records_users_id_recorded_by', ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_alarp_records'))
    )
    op.create_index(op.f('ix_alarp_records_hazard_id'), 'alarp_records', ['hazard_id'])
    op.create_index(op.f('ix_alarp_records_recorded_by_id'), 'alarp_records', ['recorded_by_id'])
    op.create_table('comments',
    sa.Column('created_date', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_date', sa.DateTime(timezone=True), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('hazard_id', sa.Uuid(), nullable=False),
    sa.Column('written_by_id', sa.Uuid(), nullable=False),
    sa.Column('body', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['hazard_id'], ['hazards.id'], name='fk_comments_hazards_id_hazard', ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['written_by_id'], ['users.id'], name='fk_comments_users_id_written_by', ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_comments'))
    )
    op.create_index(op.f('ix_comments_hazard_id'), 'comments', ['hazard_id'])
    op.create_index(op.f('ix_comments_written_by_id'), 'comments', ['written_by_id'])
    op.create_table('harms',
    sa.Column('created_date', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_date', sa.DateTime(timezone=True), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('hazard_id', sa.Uuid(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('description', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['hazard_id'], ['hazards.id'], name='fk_harms_hazards_id_hazard', ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_harms'))
    )
    op.create_index(op.f('ix_harms_hazard_id'), 'harms', ['hazard_id'])
    op.create_table('hazard_links',
    sa.Column('created_date', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_date', sa.DateTime(timezone=True), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('hazard_id', sa.Uuid(), nullable=False),
    sa.Column('other_id', sa.Uuid(), nullable=False),
    sa.Column('kind', sa.Enum('related', 'duplicate', name='hazard_link_kind', native_enum=False, create_constraint=True, length=20), nullable=False),
    sa.CheckConstraint('hazard_id <> other_id', name=op.f('ck_hazard_links_two_hazards')),
    sa.ForeignKeyConstraint(['hazard_id'], ['hazards.id'], name='fk_hazard_links_hazards_id_hazard', ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['other_id'], ['hazards.id'], name='fk_hazard_links_hazards_id_other', ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_hazard_links')),
    sa.UniqueConstraint('hazard_id', 'other_id', name='uc_hazard_links_hazard_id_other_id')
    )
    op.create_index(op.f('ix_hazard_links_other_id'), 'hazard_links', ['other_id'])
    op.create_table('hazard_search',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.Column('hazard_id', sa.Uuid(), nullable=False),
    sa.Column('words', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['hazard_id'], ['hazards.id'], name='fk_hazard_search_hazards_id_hazard', ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_hazard_search')),
    sa.UniqueConstraint('hazard_id', name='uc_hazard_search_hazard_id')
    )
    op.create_table('raised_hazards',
    sa.Column('created_date', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_date', sa.DateTime(timezone=True), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('control_id', sa.Uuid(), nullable=False),
    sa.Column('hazard_id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['control_id'], ['controls.id'], name='fk_raised_hazards_controls_id_control', ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['hazard_id'], ['hazards.id'], name='fk_raised_hazards_hazards_id_hazard', ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_raised_hazards')),
    sa.UniqueConstraint('control_id', 'hazard_id', name='uc_raised_hazards_control_id_hazard_id')
    )
    op.create_index(op.f('ix_raised_hazards_hazard_id'), 'raised_hazards', ['hazard_id'])
    op.create_table('readings',
    sa.Column('created_date', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_date', sa.DateTime(timezone=True), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('user_id', sa.Uuid(), nullable=False),
    sa.Column('hazard_id', sa.Uuid(), nullable=False),
    sa.Column('read_date', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['hazard_id'], ['hazards.id'], name='fk_readings_hazards_id_hazard', ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name='fk_readings_users_id_user', ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_readings')),
    sa.UniqueConstraint('user_id', 'hazard_id', name='uc_readings_user_id_hazard_id')
    )
    op.create_index(op.f('ix_readings_hazard_id'), 'readings', ['hazard_id'])
    op.create_table('control_targets',
    sa.Column('created_date', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_date', sa.DateTime(timezone=True), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('hazard_control_id', sa.Uuid(), nullable=False),
    sa.Column('cause_id', sa.Uuid(), nullable=True),
    sa.Column('harm_id', sa.Uuid(), nullable=True),
    sa.CheckConstraint('(cause_id IS NULL) <> (harm_id IS NULL)', name=op.f('ck_control_targets_cause_or_harm')),
    sa.ForeignKeyConstraint(['cause_id'], ['causes.id'], name='fk_control_targets_causes_id_cause', ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['harm_id'], ['harms.id'], name='fk_control_targets_harms_id_harm', ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['hazard_control_id'], ['hazard_controls.id'], name='fk_control_targets_hazard_controls_id_hazard_control', ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_control_targets'))
    )
    op.create_index(op.f('ix_control_targets_cause_id'), 'control_targets', ['cause_id'])
    op.create_index(op.f('ix_control_targets_harm_id'), 'control_targets', ['harm_id'])
    op.create_index('ix_control_targets_link_cause', 'control_targets', ['hazard_control_id', 'cause_id'], unique=True)
    op.create_index('ix_control_targets_link_harm', 'control_targets', ['hazard_control_id', 'harm_id'], unique=True)
    op.create_table('evidence_links',
    sa.Column('created_date', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_date', sa.DateTime(timezone=True), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('evidence_id', sa.Uuid(), nullable=False),
    sa.Column('purpose', sa.Enum('implementation', 'effectiveness', 'support', name='evidence_purpose', native_enum=False, create_constraint=True, length=20), nullable=False),
    sa.Column('hazard_id', sa.Uuid(), nullable=True),
    sa.Column('control_id', sa.Uuid(), nullable=True),
    sa.Column('assessment_id', sa.Uuid(), nullable=True),
    sa.CheckConstraint('(CASE WHEN hazard_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN control_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN assessment_id IS NULL THEN 0 ELSE 1 END) = 1', name=op.f('ck_evidence_links_one_target')),
    sa.ForeignKeyConstraint(['assessment_id'], ['risk_assessments.id'], name='fk_evidence_links_risk_assessments_id_assessment', ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['control_id'], ['controls.id'], name='fk_evidence_links_controls_id_control', ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['evidence_id'], ['evidence.id'], name='fk_evidence_links_evidence_id_evidence', ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['hazard_id'], ['hazards.id'], name='fk_evidence_links_hazards_id_hazard', ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_evidence_links'))
    )
    op.create_index(op.f('ix_evidence_links_assessment_id'), 'evidence_links', ['assessment_id'])
    op.create_index(op.f('ix_evidence_links_control_id'), 'evidence_links', ['control_id'])
    op.create_index(op.f('ix_evidence_links_evidence_id'), 'evidence_links', ['evidence_id'])
    op.create_index(op.f('ix_evidence_links_hazard_id'), 'evidence_links', ['hazard_id'])
    op.create_table('mentions',
    sa.Column('created_date', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_date', sa.DateTime(timezone=True), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('comment_id', sa.Uuid(), nullable=False),
    sa.Column('user_id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['comment_id'], ['comments.id'], name='fk_mentions_comments_id_comment', ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name='fk_mentions_users_id_user', ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_mentions')),
    sa.UniqueConstraint('comment_id', 'user_id', name='uc_mentions_comment_id_user_id')
    )
    op.create_index(op.f('ix_mentions_user_id'), 'mentions', ['user_id'])
    op.create_table('notices',
    sa.Column('created_date', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_date', sa.DateTime(timezone=True), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('user_id', sa.Uuid(), nullable=False),
    sa.Column('project_id', sa.Uuid(), nullable=False),
    sa.Column('hazard_id', sa.Uuid(), nullable=False),
    sa.Column('comment_id', sa.Uuid(), nullable=True),
    sa.Column('kind', sa.Enum('mention', 'comment', 'owner', 'stale', name='notice_kind', native_enum=False, create_constraint=True, length=20), nullable=False),
    sa.Column('read_date', sa.DateTime(timezone=True), nullable=True),
    sa.Column('mailed_date', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['comment_id'], ['comments.id'], name='fk_notices_comments_id_comment', ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['hazard_id'], ['hazards.id'], name='fk_notices_hazards_id_hazard', ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['project_id'], ['projects.id'], name='fk_notices_projects_id_project', ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name='fk_notices_users_id_user', ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_notices'))
    )
    op.create_index(op.f('ix_notices_comment_id'), 'notices', ['comment_id'])
    op.create_index(op.f('ix_notices_hazard_id'), 'notices', ['hazard_id'])
    op.create_index(op.f('ix_notices_project_id'), 'notices', ['project_id'])
    op.create_index('ix_notices_user_id_read_date', 'notices', ['user_id', 'read_date', 'created_date'])
    op.create_table('risk_acceptances',
    sa.Column('created_date', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_date', sa.DateTime(timezone=True), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('hazard_id', sa.Uuid(), nullable=False),
    sa.Column('assessment_id', sa.Uuid(), nullable=False),
    sa.Column('level', sa.SmallInteger(), nullable=False),
    sa.Column('rationale', sa.Text(), nullable=False),
    sa.Column('alternatives', sa.Text(), nullable=False),
    sa.Column('judgement', sa.Text(), nullable=False),
    sa.Column('capacity', sa.Enum('cso', 'executive', name='capacity', native_enum=False, create_constraint=True, length=20), nullable=False),
    sa.Column('accepted_by_id', sa.Uuid(), nullable=False),
    sa.Column('content', sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), 'postgresql'), nullable=False),
    sa.Column('content_hash', sa.String(length=64), nullable=False),
    sa.Column('stale_date', sa.DateTime(timezone=True), nullable=True),
    sa.Column('withdrawn_date', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint('length(content_hash) = 64', name=op.f('ck_risk_acceptances_content_hash_length')),
    sa.CheckConstraint('level BETWEEN 1 AND 3', name=op.f('ck_risk_acceptances_level')),
    sa.ForeignKeyConstraint(['accepted_by_id'], ['users.id'], name='fk_risk_acceptances_users_id_accepted_by', ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['assessment_id'], ['risk_assessments.id'], name='fk_risk_acceptances_risk_assessments_id_assessment', ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['hazard_id'], ['hazards.id'], name='fk_risk_acceptances_hazards_id_hazard', ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_risk_acceptances'))
    )
    op.create_index(op.f('ix_risk_acceptances_accepted_by_id'), 'risk_acceptances', ['accepted_by_id'])
    op.create_index(op.f('ix_risk_acceptances_assessment_id'), 'risk_acceptances', ['assessment_id'])
    op.create_index(op.f('ix_risk_acceptances_hazard_id'), 'risk_acceptances', ['hazard_id'])
    op.create_index('ix_risk_acceptances_in_force', 'risk_acceptances', ['hazard_id'], unique=True, postgresql_where=sa.text('withdrawn_date IS NULL'), sqlite_where=sa.text('withdrawn_date IS NULL'))


def downgrade() -> None:
    """What was recorded in the new tables is lost; hazards, causes, controls and assessments stay."""
    if op.get_bind().dialect.name == "postgresql":
        for function in ("refuse_to_forget", "refuse_closed", *FUNCTIONS, "hold_closed_controls", "hold_closed_acceptance"):
            op.execute(f"DROP FUNCTION {function}() CASCADE")
    else:
        op.execute("DROP TABLE hazard_words")
        for trigger in triggers_sqlite():
            op.execute(f"DROP TRIGGER {trigger}")
    for table in NEW_TABLES:
        op.drop_table(table)
    op.drop_index("ix_hazards_owner_id_status", "hazards")
    op.drop_index("ix_controls_owner_id", "controls")
    dropped = {
        "users": (("ck_users_notices_by_mail",), ("notices_by_mail",)),
        "projects": ((), ("version", "archived_date")),
        "project_members": ((), ("is_executive",)),
        "hazards": (("ck_hazards_identification_source",), ("copied_from", "review_date", "owner_id", "source")),
        "controls": (
            ("ck_controls_party", "ck_controls_preference"),
            (
                "version", "brings_hazards_reason", "brings_hazards", "due_date", "owner_id", "organisation", "responsible",
                "state_justification", "preference",
            ),
        ),
        "causes": (("ck_causes_cause_status",), ("status_justification", "status")),
    }
    for table, (checks, columns) in dropped.items():
        with op.batch_alter_table(table) as batch:
            if "owner_id" in columns:
                batch.drop_constraint(f"fk_{table}_users_id_owned_by", type_="foreignkey")
            for check in checks:
                batch.drop_constraint(op.f(check), type_="check")
            for name in columns:
                batch.drop_column(name)


def triggers_sqlite() -> Iterator[str]:
    ours = "name LIKE '%@_stay' ESCAPE '@' OR name LIKE '%@_over' ESCAPE '@' OR name LIKE '%@_no@_replace' ESCAPE '@' OR name LIKE '%@_unchanged' ESCAPE '@' OR name LIKE '%@_same' ESCAPE '@'"
    held = "name LIKE '%@_held%' ESCAPE '@' OR name = 'hazards_reopen' OR name LIKE 'hazard@_search@_%' ESCAPE '@'"
    query = f"SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name NOT LIKE 'audit%' AND ({ours} OR {held})"
    return iter(op.get_bind().execute(sa.text(query)).scalars().all())
