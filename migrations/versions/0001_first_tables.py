"""The first tables: people, sessions, projects, hazards and the audit trail."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


# Ormar's joins with a limit ask for the least key of a group, which PostgreSQL cannot tell of UUIDs.
MIN_UUID = (
    """CREATE FUNCTION uuid_smaller(uuid, uuid) RETURNS uuid
       LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE RETURN least($1, $2)""",
    """CREATE AGGREGATE min(uuid) (
       SFUNC = uuid_smaller, STYPE = uuid, COMBINEFUNC = uuid_smaller, PARALLEL = SAFE, SORTOP = OPERATOR(<))""",
)

# What is written in the audit trail stays as it was written, whoever asks.
APPEND_ONLY = {
    "postgresql": (
        """CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
           BEGIN
             RAISE EXCEPTION '% on append-only table %', tg_op, tg_table_name USING ERRCODE = 'restrict_violation';
           END $$""",
        """CREATE TRIGGER audit_entries_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_entries
           FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()""",
    ),
    "sqlite": (
        """CREATE TRIGGER audit_entries_no_update BEFORE UPDATE ON audit_entries
           BEGIN SELECT raise(ABORT, 'UPDATE on append-only table audit_entries'); END""",
        """CREATE TRIGGER audit_entries_no_delete BEFORE DELETE ON audit_entries
           BEGIN SELECT raise(ABORT, 'DELETE on append-only table audit_entries'); END""",
        # INSERT OR REPLACE deletes without asking the trigger for DELETE.
        """CREATE TRIGGER audit_entries_no_replace BEFORE INSERT ON audit_entries
           WHEN EXISTS (SELECT 1 FROM audit_entries WHERE id = new.id)
           BEGIN SELECT raise(ABORT, 'REPLACE on append-only table audit_entries'); END""",
    ),
}


def upgrade() -> None:
    create_tables()
    dialect = op.get_bind().dialect.name
    # One statement each: asyncpg and sqlite3 refuse several.
    for statement in APPEND_ONLY[dialect] + (MIN_UUID if dialect == "postgresql" else ()):
        op.execute(statement)


def create_tables() -> None:
    op.create_table(
        "audit_entries",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=True),
        sa.Column("user_id", sa.Uuid(), nullable=True),
        sa.Column("session_id", sa.Uuid(), nullable=True),
        sa.Column("request_id", sa.Text(), nullable=True),
        sa.Column("action", sa.String(length=100), nullable=False),
        sa.Column("entity", sa.String(length=100), nullable=False),
        sa.Column("entity_id", sa.Uuid(), nullable=True),
        sa.Column("entity_version", sa.Integer(), nullable=True),
        sa.Column(
            "before",
            sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"),
            nullable=True,
        ),
        sa.Column(
            "after",
            sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"),
            nullable=True,
        ),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_entries")),
    )
    op.create_index("ix_audit_entries_entity_id_id", "audit_entries", ["entity_id", "id"], unique=False)
    op.create_index("ix_audit_entries_project_id_id", "audit_entries", ["project_id", "id"], unique=False)
    op.create_table(
        "users",
        sa.Column("created_date", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_date", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("email_address", sa.String(length=254), nullable=False),
        sa.Column("first_name", sa.String(length=150), nullable=False),
        sa.Column("last_name", sa.String(length=150), nullable=False),
        sa.Column("password_hash", sa.String(length=255), nullable=False),
        sa.Column("is_verified", sa.Boolean(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("is_administrator", sa.Boolean(), nullable=False),
        sa.Column("is_cso", sa.Boolean(), nullable=False),
        sa.Column("auth_epoch", sa.Integer(), nullable=False),
        sa.CheckConstraint("email_address = lower(email_address)", name=op.f("ck_users_email_address_lower_case")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_users")),
        sa.UniqueConstraint("email_address", name=op.f("uc_users_email_address")),
    )
    op.create_table(
        "projects",
        sa.Column("created_date", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_date", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column(
            "standard",
            sa.Enum("DCB0129", "DCB0160", name="standard", native_enum=False, create_constraint=True, length=20),
            nullable=False,
        ),
        sa.Column(
            "visibility",
            sa.Enum("private", "public", name="visibility", native_enum=False, create_constraint=True, length=20),
            nullable=False,
        ),
        sa.Column("matrix_version", sa.String(length=50), nullable=False),
        sa.Column("next_hazard_number", sa.Integer(), nullable=False),
        sa.Column("created_by_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["users.id"], name="fk_projects_users_id_created_by", ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_projects")),
    )
    op.create_index("ix_projects_created_by_id", "projects", ["created_by_id"], unique=False)
    op.create_table(
        "sessions",
        sa.Column("created_date", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_date", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("auth_epoch", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "browser", "token", "grant", name="session_kind", native_enum=False, create_constraint=True, length=20
            ),
            nullable=False,
        ),
        sa.Column("device", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("absolute_expiry", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_by_id", sa.Uuid(), nullable=True),
        sa.Column("revoked_reason", sa.Text(), nullable=True),
        sa.CheckConstraint("length(token_hash) = 32", name=op.f("ck_sessions_token_hash_length")),
        sa.ForeignKeyConstraint(
            ["revoked_by_id"], ["users.id"], name="fk_sessions_users_id_revoked_by", ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_sessions_users_id_user", ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sessions")),
        sa.UniqueConstraint("token_hash", name=op.f("uc_sessions_token_hash")),
    )
    op.create_index("ix_sessions_revoked_by_id", "sessions", ["revoked_by_id"], unique=False)
    op.create_index("ix_sessions_user_id_revoked_at", "sessions", ["user_id", "revoked_at"], unique=False)
    op.create_table(
        "controls",
        sa.Column("created_date", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_date", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "design",
                "test",
                "training",
                "business_process",
                name="control_kind",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=True,
        ),
        sa.Column(
            "stage",
            sa.Enum(
                "existing", "additional", name="control_stage", native_enum=False, create_constraint=True, length=20
            ),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum(
                "proposed",
                "agreed",
                "implemented",
                "verified",
                "withdrawn",
                name="control_state",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["project_id"], ["projects.id"], name="fk_controls_projects_id_project", ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_controls")),
    )
    op.create_index("ix_controls_project_id", "controls", ["project_id"], unique=False)
    op.create_table(
        "hazards",
        sa.Column("created_date", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_date", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("effect", sa.Text(), nullable=False),
        sa.Column("harm", sa.Text(), nullable=False),
        sa.Column(
            "condition",
            sa.Enum("normal", "fault", name="condition", native_enum=False, create_constraint=True, length=20),
            nullable=True,
        ),
        sa.Column(
            "status",
            sa.Enum(
                "open",
                "transferred",
                "closed",
                name="hazard_status",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("status_justification", sa.Text(), nullable=True),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("recorded_number", sa.Text(), nullable=True),
        sa.Column(
            "recorded",
            sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"),
            nullable=True,
        ),
        sa.Column("identified_date", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["project_id"], ["projects.id"], name="fk_hazards_projects_id_project", ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hazards")),
        sa.UniqueConstraint("project_id", "number", name="uc_hazards_project_id_number"),
    )
    op.create_index("ix_hazards_project_id_status_number", "hazards", ["project_id", "status", "number"], unique=False)
    op.create_table(
        "imports",
        sa.Column("created_date", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_date", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("layout", sa.String(length=100), nullable=False),
        sa.Column("imported", sa.Integer(), nullable=False),
        sa.Column("skipped", sa.Integer(), nullable=False),
        sa.Column(
            "report",
            sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.Column("created_by_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("length(sha256) = 64", name=op.f("ck_imports_sha256_length")),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["users.id"], name="fk_imports_users_id_created_by", ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["project_id"], ["projects.id"], name="fk_imports_projects_id_project", ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_imports")),
    )
    op.create_index("ix_imports_created_by_id", "imports", ["created_by_id"], unique=False)
    op.create_index("ix_imports_project_id", "imports", ["project_id"], unique=False)
    op.create_table(
        "project_members",
        sa.Column("created_date", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_date", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "owner",
                "cso",
                "contributor",
                "reviewer",
                "viewer",
                name="role",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["project_id"], ["projects.id"], name="fk_project_members_projects_id_project", ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name="fk_project_members_users_id_user", ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_project_members")),
        sa.UniqueConstraint("project_id", "user_id", name="uc_project_members_project_id_user_id"),
    )
    op.create_index("ix_project_members_user_id", "project_members", ["user_id"], unique=False)
    op.create_table(
        "session_activity",
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("last_seen", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["session_id"],
            ["sessions.id"],
            name=op.f("fk_session_activity_sessions_id_session_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("session_id", name=op.f("pk_session_activity")),
    )
    op.create_table(
        "causes",
        sa.Column("created_date", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_date", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("hazard_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["hazard_id"], ["hazards.id"], name="fk_causes_hazards_id_hazard", ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_causes")),
    )
    op.create_index("ix_causes_hazard_id", "causes", ["hazard_id"], unique=False)
    op.create_table(
        "hazard_controls",
        sa.Column("created_date", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_date", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("hazard_id", sa.Uuid(), nullable=False),
        sa.Column("control_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["control_id"], ["controls.id"], name="fk_hazard_controls_controls_id_control", ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["hazard_id"], ["hazards.id"], name="fk_hazard_controls_hazards_id_hazard", ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hazard_controls")),
        sa.UniqueConstraint("hazard_id", "control_id", name="uc_hazard_controls_hazard_id_control_id"),
    )
    op.create_index("ix_hazard_controls_control_id", "hazard_controls", ["control_id"], unique=False)
    op.create_table(
        "hazard_types",
        sa.Column("created_date", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_date", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("hazard_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["hazard_id"], ["hazards.id"], name="fk_hazard_types_hazards_id_hazard", ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hazard_types")),
        sa.UniqueConstraint("hazard_id", "name", name="uc_hazard_types_hazard_id_name"),
    )
    op.create_table(
        "risk_assessments",
        sa.Column("created_date", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_date", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("hazard_id", sa.Uuid(), nullable=False),
        sa.Column(
            "stage",
            sa.Enum("initial", "residual", name="stage", native_enum=False, create_constraint=True, length=20),
            nullable=False,
        ),
        sa.Column(
            "severity",
            sa.Enum(
                "minor",
                "significant",
                "considerable",
                "major",
                "catastrophic",
                name="severity",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column(
            "likelihood",
            sa.Enum(
                "very_low",
                "low",
                "medium",
                "high",
                "very_high",
                name="likelihood",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("level", sa.SmallInteger(), nullable=False),
        sa.Column("recorded_level", sa.SmallInteger(), nullable=True),
        sa.Column("matrix_version", sa.String(length=50), nullable=False),
        sa.Column("justification", sa.Text(), nullable=False),
        sa.Column("severity_justification", sa.Text(), nullable=False),
        sa.Column("likelihood_justification", sa.Text(), nullable=False),
        sa.Column("assessed_by_id", sa.Uuid(), nullable=True),
        sa.Column("superseded_date", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("level BETWEEN 1 AND 5", name=op.f("ck_risk_assessments_level")),
        sa.ForeignKeyConstraint(
            ["assessed_by_id"], ["users.id"], name="fk_risk_assessments_users_id_assessed_by", ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["hazard_id"], ["hazards.id"], name="fk_risk_assessments_hazards_id_hazard", ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_risk_assessments")),
    )
    op.create_index("ix_risk_assessments_assessed_by_id", "risk_assessments", ["assessed_by_id"], unique=False)
    op.create_index(
        "ix_risk_assessments_current",
        "risk_assessments",
        ["hazard_id", "stage"],
        unique=True,
        postgresql_where=sa.text("superseded_date IS NULL"),
        sqlite_where=sa.text("superseded_date IS NULL"),
    )
    op.create_index("ix_risk_assessments_hazard_id", "risk_assessments", ["hazard_id"], unique=False)


def downgrade() -> None:
    op.drop_table("risk_assessments")
    op.drop_table("hazard_types")
    op.drop_table("hazard_controls")
    op.drop_table("causes")
    op.drop_table("session_activity")
    op.drop_table("project_members")
    op.drop_table("imports")
    op.drop_table("hazards")
    op.drop_table("controls")
    op.drop_table("sessions")
    op.drop_table("projects")
    op.drop_table("users")
    op.drop_table("audit_entries")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION refuse_change()")
        op.execute("DROP AGGREGATE min(uuid)")
        op.execute("DROP FUNCTION uuid_smaller(uuid, uuid)")
