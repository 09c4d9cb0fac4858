"""Settings are complete or nothing starts: every problem at once, no secret repeated, every document true."""

from contextlib import suppress
from dataclasses import MISSING, Field, fields
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import config
from config import ConfigurationError, Settings, load_settings
from docs import settings

ROOT = Path(config.__file__).parent
KEY = "c0ffee5eed0123456789abcdef987654"
MAIL = {
    "SMTP_HOST": "smtp.example.org",
    "MAIL_FROM": "turva@example.org",
    "PUBLIC_URL": "https://turva.example.org",
}
"""What an installation that others can reach needs besides."""
OTHER_KEY = "9f8e7d6c5b4a39281706f5e4d3c2b1a0"
REQUIRED = {"DATABASE_URL": "sqlite:///var/turva.db", "SECRET_KEY": KEY}


def problems(**changed: str) -> tuple[str, ...]:
    with pytest.raises(ConfigurationError) as refused:
        load_settings(REQUIRED | changed)
    return refused.value.problems


@pytest.mark.parametrize(
    "place", ["s3://", "s3://key:secret@bucket/x", "file://", "file:///", "http://x/y", "s3://b/x?y", "file:///a/../b"]
)
def test_a_store_of_files_that_is_none(place: str) -> None:
    (problem,) = problems(EVIDENCE_STORE=place)
    assert "secret" not in problem


def test_a_bucket_is_reached_safely_and_with_both_parts_of_a_key() -> None:
    bucket = {"EVIDENCE_STORE": "s3://evidence/ward"}
    assert load_settings(REQUIRED | bucket).EVIDENCE_STORE == "s3://evidence/ward"
    assert len(problems(**bucket, EVIDENCE_S3_ACCESS_KEY_ID="x")) == 1
    assert len(problems(**bucket, EVIDENCE_S3_ENDPOINT="http://minio.example.org")) == 1
    assert "swordfish" not in repr(load_settings(REQUIRED | {"EVIDENCE_S3_SECRET_ACCESS_KEY": "swordfish"}))


def test_two_settings_are_enough() -> None:
    settings = load_settings(REQUIRED)
    assert settings.SECRET_KEY == (KEY,)
    assert settings.PORT == 8000
    assert settings.TEST_ENVIRONMENT is False
    assert settings.ALLOWED_HOSTS == ("localhost", "127.0.0.1", "[::1]")
    assert settings.TRUSTED_ORIGINS == ()


def test_every_problem_is_told_at_once_with_its_name_and_an_example() -> None:
    with pytest.raises(ConfigurationError) as refused:
        load_settings({"PORT": "70000", "WORKERS": "0", "NHS_LOGO": "perhaps", "API_PATH": "turva/"})
    told = str(refused.value).splitlines()[1:]
    assert [line.split()[1] for line in told] == [
        "DATABASE_URL",
        "SECRET_KEY",
        "PORT",
        "WORKERS",
        "API_PATH",
        "NHS_LOGO",
    ]
    assert "- DATABASE_URL is not set, for example DATABASE_URL=sqlite:///var/turva.db" in told
    assert "- PORT must be a whole number from 1 to 65535, for example PORT=8000" in told


def test_what_contradicts_is_told_together_with_what_cannot_be_read() -> None:
    told = problems(PORT="x", SESSION_IDLE_MINUTES="90", SESSION_ABSOLUTE_HOURS="1")
    assert [line.split()[0] for line in told] == ["PORT", "SESSION_IDLE_MINUTES"]


@pytest.mark.parametrize("empty", ["", "  "])
def test_an_empty_variable_is_not_set(empty: str) -> None:
    assert load_settings(REQUIRED | {"PORT": empty, "API_PATH": empty}).PORT == 8000
    assert problems(SECRET_KEY=empty)[0].startswith("SECRET_KEY is not set")


@pytest.mark.parametrize("name", [one.name for one in fields(Settings)])
def test_no_refusal_repeats_the_value(name: str) -> None:
    for told in problems(**{name: "ftp://hunter2@h:x/\n ,"}):
        assert "hunter2" not in told


def test_secrets_do_not_show_in_repr() -> None:
    mail = {"SMTP_PASSWORD": "hunter3"}
    settings = load_settings(REQUIRED | mail | {"DATABASE_URL": "postgresql://turva:hunter2@db/turva"})
    assert "hunter2" not in repr(settings)
    assert "hunter3" not in repr(settings)
    assert KEY not in repr(settings)
    assert "PORT=8000" in repr(settings)


def test_the_first_of_several_keys_signs() -> None:
    assert load_settings(REQUIRED | {"SECRET_KEY": f"{KEY}, {OTHER_KEY}"}).SECRET_KEY == (KEY, OTHER_KEY)


@pytest.mark.parametrize(
    ("key", "reason"),
    [
        (KEY[:31], "at least 32 characters"),
        (f"{KEY},short", "at least 32 characters"),
        (f"{KEY},", "at least 32 characters"),
        (",", "at least 32 characters"),
        (f"{KEY},{KEY}", "not name the same thing twice"),
    ],
)
def test_a_weak_key_is_refused(key: str, reason: str) -> None:
    assert reason in problems(SECRET_KEY=key)[0]


@pytest.mark.parametrize(
    "url",
    [
        "sqlite:///var/turva.db",
        "sqlite:////srv/turva/turva.db",
        "postgresql://turva:p%40ss@db.example.org:5432/turva",
        "postgresql://turva@/turva?host=/run/postgresql",
        "postgresql:///turva",
    ],
)
def test_a_database_of_either_kind_is_accepted(url: str) -> None:
    assert load_settings(REQUIRED | {"DATABASE_URL": url}).DATABASE_URL == url


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("mysql://db/turva", "begin with sqlite:/// or postgresql://"),
        ("postgresql+asyncpg://db/turva", "begin with sqlite:/// or postgresql://"),
        ("postgresql://db:port/turva", "begin with sqlite:/// or postgresql://"),
        ("turva.db", "begin with sqlite:/// or postgresql://"),
        ("postgresql://db", "name the database after the host"),
        ("sqlite://turva.db", "name a file after sqlite:///"),
        ("sqlite:///", "name a file after sqlite:///"),
        ("sqlite:////", "name a file after sqlite:///"),
        ("sqlite:///:memory:", "name a file after sqlite:///"),
        ("sqlite:///turva.db?mode=ro", "name a file after sqlite:///"),
    ],
)
def test_a_database_that_cannot_work_is_refused(url: str, reason: str) -> None:
    assert reason in problems(DATABASE_URL=url)[0]


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("DATABASE_URL", "postgresql:///turva", "postgresql:///turva"),
        ("TEST_ENVIRONMENT", "TRUE", True),
        ("TEST_ENVIRONMENT", "0", False),
        ("HOST", "::", "::"),
        ("HOST", "0.0.0.0", "0.0.0.0"),  # noqa: S104 - read, not listened on
        ("API_PATH", "/safety/turva", "/safety/turva"),
        ("ALLOWED_HOSTS", "Safety.Example.org, *.nhs.uk,[::1]", ("safety.example.org", "*.nhs.uk", "[::1]")),
        ("TRUSTED_ORIGINS", "https://a.example.org:8443", ("https://a.example.org:8443",)),
        ("TRUSTED_PROXIES", "10.0.0.0/8,::1", ("10.0.0.0/8", "::1")),
        ("LOG_LEVEL", "WARNING", "warning"),
        ("SERVICE_NAME", "Sicherheit für alle", "Sicherheit für alle"),
        ("PUBLIC_URL", "https://Safety.example.org:8443/", "https://Safety.example.org:8443"),
        ("PUBLIC_URL", "http://[::1]:8000", "http://[::1]:8000"),
        ("MAIL_FROM", "no-reply+turva@example.org", "no-reply+turva@example.org"),
        ("SMTP_SECURITY", "TLS", "tls"),
    ],
)
def test_what_is_right_is_read(name: str, text: str, value: object) -> None:
    besides = MAIL if name == "ALLOWED_HOSTS" else {}
    assert getattr(load_settings(REQUIRED | besides | {name: text}), name) == value


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("PORT", "0"),
        ("PORT", "65536"),
        ("PORT", "8e3"),
        ("PORT", "1_000"),
        ("PORT", "\u0663"),
        ("PORT", "1" * 5000),
        ("WORKERS", "0"),
        ("WORKERS", "-1"),
        ("DATABASE_MAX_OVERFLOW", "-1"),
        ("ACCESS_LOG", "ja"),
        ("LOG_LEVEL", "loud"),
        ("HOST", "http://localhost"),
        ("HOST", "localhost:8000"),
        ("HOST", "*.example.org"),
        ("ALLOWED_HOSTS", "https://example.org"),
        ("ALLOWED_HOSTS", "example.org:8000"),
        ("ALLOWED_HOSTS", "::1"),
        ("ALLOWED_HOSTS", "example.org,,other.org"),
        ("ALLOWED_HOSTS", "*example.org"),
        ("ALLOWED_HOSTS", "*"),
        ("TRUSTED_ORIGINS", "null"),
        ("TRUSTED_ORIGINS", "*"),
        ("TRUSTED_ORIGINS", "https://*.example.org"),
        ("TRUSTED_ORIGINS", "https://example.org/"),
        ("TRUSTED_ORIGINS", "https://user@example.org"),
        ("TRUSTED_PROXIES", "*"),
        ("TRUSTED_PROXIES", "proxy.example.org"),
        ("TRUSTED_PROXIES", "10.0.0.1/8"),
        ("API_PATH", "/turva/"),
        ("API_PATH", "turva"),
        ("API_PATH", "/a//b"),
        ("API_PATH", "/{id}"),
        ("DATABASE_SCHEMA", "pg_turva"),
        ("DATABASE_SCHEMA", "Turva"),
        ("DATABASE_SCHEMA", "a;drop"),
        ("DATABASE_SCHEMA", "a" * 64),
        ("SERVICE_NAME", "two\nlines"),
        ("SERVICE_NAME", "x" * 61),
        ("PUBLIC_URL", "turva.example.org"),
        ("PUBLIC_URL", "ftp://turva.example.org"),
        ("PUBLIC_URL", "https://ada:secret@turva.example.org"),
        ("PUBLIC_URL", "https://turva.example.org?a=b"),
        ("PUBLIC_URL", "https://turva.example.org/#top"),
        ("PUBLIC_URL", "https://turva.example.org/turva"),
        ("MAIL_FROM", "Turva <turva@example.org>"),
        ("MAIL_FROM", "turva@example.org\nBcc: all@example.org"),
        ("MAIL_FROM", "turva"),
        ("SMTP_HOST", "smtp.example.org:587"),
        ("SMTP_SECURITY", "ssl"),
        ("SMTP_PASSWORD", "two\nlines"),
    ],
)
def test_what_cannot_work_is_refused(name: str, text: str) -> None:
    told = problems(DATABASE_URL="postgresql:///turva", **{name: text})
    assert [line.split()[0] for line in told] == [name]


@pytest.mark.parametrize(
    ("changed", "name"),
    [
        ({"DATABASE_SCHEMA": "turva"}, "DATABASE_SCHEMA"),
        ({"SESSION_IDLE_MINUTES": "61", "SESSION_ABSOLUTE_HOURS": "1"}, "SESSION_IDLE_MINUTES"),
        ({"ARGON2_MEMORY_KIB": "63", "ARGON2_PARALLELISM": "8", "TEST_ENVIRONMENT": "true"}, "ARGON2_MEMORY_KIB"),
        ({"ARGON2_MEMORY_KIB": "7168", "ARGON2_TIME_COST": "4"}, "ARGON2_MEMORY_KIB"),
        ({"ARGON2_MEMORY_KIB": "7167", "ARGON2_TIME_COST": "20"}, "ARGON2_MEMORY_KIB"),
        ({"PUBLIC_URL": "https://turva.example.org", "API_PATH": "/turva"}, "PUBLIC_URL"),
        ({"SMTP_HOST": "smtp.example.org", "SMTP_SECURITY": "none"}, "SMTP_SECURITY"),
        ({**MAIL, "ALLOWED_HOSTS": "turva.example.org", "SMTP_HOST": ""}, "SMTP_HOST"),
        ({**MAIL, "ALLOWED_HOSTS": "turva.example.org", "PUBLIC_URL": ""}, "PUBLIC_URL"),
        ({**MAIL, "ALLOWED_HOSTS": "turva.example.org", "PUBLIC_URL": "http://turva.example.org"}, "PUBLIC_URL"),
        ({**MAIL, "ALLOWED_HOSTS": "turva.example.org", "MAIL_FROM": ""}, "MAIL_FROM"),
    ],
)
def test_settings_that_contradict_each_other_are_refused(changed: dict[str, str], name: str) -> None:
    assert [line.split()[0] for line in problems(**changed)] == [name]


@pytest.mark.parametrize(
    "changed",
    [
        {"ALLOWED_HOSTS": "*", "TEST_ENVIRONMENT": "true"},
        {"ARGON2_MEMORY_KIB": "8", "ARGON2_TIME_COST": "1", "ARGON2_PARALLELISM": "1", "TEST_ENVIRONMENT": "true"},
        {"ARGON2_MEMORY_KIB": "7168", "ARGON2_TIME_COST": "5"},
        {"SESSION_IDLE_MINUTES": "60", "SESSION_ABSOLUTE_HOURS": "1"},
        {"PUBLIC_URL": "https://turva.example.org/turva", "API_PATH": "/turva"},
        {"SMTP_HOST": "localhost", "SMTP_SECURITY": "none"},
        {"ALLOWED_HOSTS": "turva.example.org", **MAIL},
        {"ALLOWED_HOSTS": "turva.example.org", "TEST_ENVIRONMENT": "true"},
    ],
)
def test_settings_at_the_edge_are_accepted(changed: dict[str, str]) -> None:
    load_settings(REQUIRED | changed)


@given(st.dictionaries(st.sampled_from([one.name for one in fields(Settings)]), st.text()))
def test_any_environment_is_settings_or_a_refusal(environment: dict[str, str]) -> None:
    with suppress(ConfigurationError):
        assert load_settings(environment).SECRET_KEY


@pytest.mark.parametrize("declared", fields(Settings), ids=lambda declared: declared.name)
def test_every_setting_has_a_sentence_and_an_example_that_works(declared: Field[object]) -> None:
    assert declared.metadata["description"].endswith(".")
    name, example = declared.name, declared.metadata["example"]
    if name == "SECRET_KEY":
        # Copied unread it must not become the key of an installation.
        assert problems(SECRET_KEY=example)
    else:
        database = {} if name == "DATABASE_URL" else {"DATABASE_URL": "postgresql:///turva"}
        load_settings(REQUIRED | database | {name: example})


@pytest.mark.parametrize(
    ("changed", "url"),
    [
        ({}, "http://127.0.0.1:8000"),
        ({"HOST": "::1", "PORT": "80", "API_PATH": "/turva"}, "http://[::1]:80/turva"),
        ({"PUBLIC_URL": "https://turva.example.org/"}, "https://turva.example.org"),
    ],
)
def test_where_people_reach_it(changed: dict[str, str], url: str) -> None:
    assert load_settings(REQUIRED | changed).public_url == url


def test_a_setting_cannot_be_changed_afterwards() -> None:
    settings = load_settings(REQUIRED)
    with pytest.raises(AttributeError):
        settings.PORT = 1  # type: ignore[misc]


def test_every_setting_is_declared_with_a_parser() -> None:
    assert all(declared.default is MISSING and "parser" in declared.metadata for declared in fields(Settings))


@pytest.mark.parametrize(
    ("file", "text", "command"),
    [(".env.example", settings.example_file, "example"), ("docs/settings.md", settings.documentation, "docs")],
)
def test_the_documents_are_up_to_date(file: str, text: object, command: str) -> None:
    assert callable(text)
    assert (ROOT / file).read_text("utf-8") == text(), f"run: python -m docs.settings {command} > {file}"
