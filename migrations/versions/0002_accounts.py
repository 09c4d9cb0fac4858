"""What accounts grow: profiles, factors, secrets that work once, waiting mail, throttles."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('factor_requirements',
    sa.Column('created_date', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_date', sa.DateTime(timezone=True), nullable=False),
    sa.Column('role', sa.Enum('administrator', 'cso', 'everyone', name='factor_role', native_enum=False, create_constraint=True, length=20), nullable=False),
    sa.PrimaryKeyConstraint('role', name=op.f('pk_factor_requirements'))
    )
    op.create_table('mail_messages',
    sa.Column('created_date', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_date', sa.DateTime(timezone=True), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('template', sa.String(length=100), nullable=False),
    sa.Column('sealed', sa.LargeBinary(length=1000000), nullable=False),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('next_attempt_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('sent_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('failed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('problem', sa.Text(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_mail_messages'))
    )
    op.create_index(op.f('ix_mail_messages_next_attempt_at'), 'mail_messages', ['next_attempt_at'], unique=False)

    op.create_table('scheduled_runs',
    sa.Column('created_date', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_date', sa.DateTime(timezone=True), nullable=False),
    sa.Column('name', sa.String(length=50), nullable=False),
    sa.Column('claimed_until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('finished_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('outcome', sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), 'postgresql'), nullable=True),
    sa.PrimaryKeyConstraint('name', name=op.f('pk_scheduled_runs'))
    )
    op.create_table('throttles',
    sa.Column('created_date', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_date', sa.DateTime(timezone=True), nullable=False),
    sa.Column('subject', sa.String(length=200), nullable=False),
    sa.Column('failures', sa.Integer(), nullable=False),
    sa.Column('last_failure', sa.DateTime(timezone=True), nullable=False),
    sa.Column('blocked_until', sa.DateTime(timezone=True), nullable=True),
    sa.PrimaryKeyConstraint('subject', name=op.f('pk_throttles'))
    )
    op.create_index(op.f('ix_throttles_last_failure'), 'throttles', ['last_failure'], unique=False)

    op.create_table('passkeys',
    sa.Column('created_date', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_date', sa.DateTime(timezone=True), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('user_id', sa.Uuid(), nullable=False),
    sa.Column('credential_id', sa.LargeBinary(length=1023), nullable=False),
    sa.Column('public_key', sa.LargeBinary(length=2000), nullable=False),
    sa.Column('sign_count', sa.BigInteger(), nullable=False),
    sa.Column('name', sa.String(length=300), nullable=False),
    sa.Column('last_used', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name='fk_passkeys_users_id_user', ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_passkeys')),
    sa.UniqueConstraint('credential_id', name=op.f('uc_passkeys_credential_id'))
    )
    op.create_index(op.f('ix_passkeys_user_id'), 'passkeys', ['user_id'], unique=False)

    op.create_table('recovery_codes',
    sa.Column('created_date', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_date', sa.DateTime(timezone=True), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('user_id', sa.Uuid(), nullable=False),
    sa.Column('code_hash', sa.String(length=255), nullable=False),
    sa.Column('used_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name='fk_recovery_codes_users_id_user', ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_recovery_codes'))
    )
    op.create_index(op.f('ix_recovery_codes_user_id'), 'recovery_codes', ['user_id'], unique=False)

    op.create_table('single_use_tokens',
    sa.Column('created_date', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_date', sa.DateTime(timezone=True), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('token_hash', sa.LargeBinary(length=32), nullable=False),
    sa.Column('purpose', sa.Enum('verify_email', 'change_email', 'reset_password', 'invitation', 'second_factor', 'passkey', name='purpose', native_enum=False, create_constraint=True, length=20), nullable=False),
    sa.Column('user_id', sa.Uuid(), nullable=True),
    sa.Column('email_address', sa.String(length=254), nullable=True),
    sa.Column('auth_epoch', sa.Integer(), nullable=False),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('data', sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), 'postgresql'), nullable=True),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('used_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint('length(token_hash) = 32', name=op.f('ck_single_use_tokens_token_hash_length')),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name='fk_single_use_tokens_users_id_user', ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_single_use_tokens')),
    sa.UniqueConstraint('token_hash', name=op.f('uc_single_use_tokens_token_hash'))
    )
    op.create_index(op.f('ix_single_use_tokens_expires_at'), 'single_use_tokens', ['expires_at'], unique=False)
    op.create_index(op.f('ix_single_use_tokens_user_id'), 'single_use_tokens', ['user_id'], unique=False)

    op.create_table('totp_secrets',
    sa.Column('created_date', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_date', sa.DateTime(timezone=True), nullable=False),
    sa.Column('user_id', sa.Uuid(), nullable=False),
    sa.Column('sealed', sa.LargeBinary(length=1000), nullable=False),
    sa.Column('last_step', sa.BigInteger(), nullable=False),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_totp_secrets_users_id_user_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('user_id', name=op.f('pk_totp_secrets'))
    )
    op.create_table('user_pictures',
    sa.Column('created_date', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_date', sa.DateTime(timezone=True), nullable=False),
    sa.Column('user_id', sa.Uuid(), nullable=False),
    sa.Column('content', sa.LargeBinary(length=1000000), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.CheckConstraint('length(sha256) = 64', name=op.f('ck_user_pictures_sha256_length')),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_user_pictures_users_id_user_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('user_id', name=op.f('pk_user_pictures'))
    )
    alter_sessions()
    alter_users()


def alter_sessions() -> None:
    """A session that is alive began with a password, when it was created."""
    factors = ("password", "password_totp", "password_recovery", "password_passkey", "passkey")
    kind = sa.Enum(*factors, name="factors", native_enum=False, create_constraint=True, length=20)
    with op.batch_alter_table("sessions") as batch:
        batch.add_column(sa.Column("label", sa.Text(), nullable=False, server_default=""))
        batch.add_column(sa.Column("scopes", sa.Text(), nullable=False, server_default=""))
        batch.add_column(sa.Column("factors", kind, nullable=False, server_default="password"))
        batch.add_column(sa.Column("authenticated_at", sa.DateTime(timezone=True), nullable=True))
    op.execute("UPDATE sessions SET authenticated_at = created_date")
    with op.batch_alter_table("sessions") as batch:
        batch.alter_column("authenticated_at", nullable=False)
        for name in ("label", "scopes", "factors"):
            batch.alter_column(name, server_default=None)


def alter_users() -> None:
    values = ("nobody", "members", "signed_in", "everyone")
    name_to, email_to = (
        sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=20)
        for name in ("name_shown_to", "email_shown_to")
    )
    added = {
        "needs_second_factor": (sa.Boolean(), sa.false()),
        "name_shown_to": (name_to, "signed_in"),
        "email_shown_to": (email_to, "members"),
        "profession": (sa.String(length=300), ""),
        "registration_body": (sa.String(length=300), ""),
        "registration_number": (sa.String(length=300), ""),
        "training": (sa.Text(), ""),
    }
    with op.batch_alter_table("users") as batch:
        batch.add_column(sa.Column("username", sa.String(length=64), nullable=True))
        batch.add_column(sa.Column("registration_valid_until", sa.Date(), nullable=True))
        for name, (kind, default) in added.items():
            batch.add_column(sa.Column(name, kind, nullable=False, server_default=default))
        batch.create_unique_constraint(op.f("uc_users_username"), ["username"])
        batch.create_check_constraint(op.f("ck_users_username_lower_case"), "username = lower(username)")
    with op.batch_alter_table("users") as batch:
        for name in added:
            batch.alter_column(name, server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("users") as batch:
        batch.drop_constraint(op.f("ck_users_username_lower_case"), type_="check")
        batch.drop_constraint(op.f("uc_users_username"), type_="unique")
        batch.drop_constraint(op.f("ck_users_name_shown_to"), type_="check")
        batch.drop_constraint(op.f("ck_users_email_shown_to"), type_="check")
        for name in (
            "training",
            "registration_number",
            "registration_body",
            "profession",
            "email_shown_to",
            "name_shown_to",
            "needs_second_factor",
            "registration_valid_until",
            "username",
        ):
            batch.drop_column(name)
    with op.batch_alter_table("sessions") as batch:
        batch.drop_constraint(op.f("ck_sessions_factors"), type_="check")
        for name in ("authenticated_at", "factors", "scopes", "label"):
            batch.drop_column(name)
    for table in (
        "user_pictures",
        "totp_secrets",
        "single_use_tokens",
        "recovery_codes",
        "passkeys",
        "throttles",
        "scheduled_runs",
        "mail_messages",
        "factor_requirements",
    ):
        op.drop_table(table)
