"""Every setting of Turva, read once from the environment, so that a wrong one stops the start and not the work."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import Field, dataclass, field, fields
from functools import partial
from importlib.util import find_spec
from typing import Any, TypeVar, cast
from urllib.parse import urlsplit

from parsers import (
    parseAllowedHost,
    parseBoolean,
    parseChoice,
    parseDatabaseUrl,
    parseFileStore,
    parseHost,
    parseInteger,
    parseList,
    parseMailbox,
    parseNetwork,
    parseOptional,
    parseOrigin,
    parsePath,
    parsePublicUrl,
    parseSchema,
    parseSecret,
    parseStorage,
    parseString,
)

T = TypeVar("T")

# OWASP Password Storage Cheat Sheet, Argon2id: the least memory it accepts, and its work, 5 rounds over that memory.
LEAST_ARGON2_MEMORY_KIB = 7168
LEAST_ARGON2_WORK = 7168 * 5
THIS_MACHINE = frozenset({"localhost", "127.0.0.1", "::1", "[::1]"})


class ConfigurationError(Exception):
    """Says everything that is wrong with the settings; never repeats a value, as any may hold a secret."""

    def __init__(self, problems: list[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(["Turva cannot start with these settings.", *(f"- {line}" for line in problems)]))


def setting(
    parser: Callable[[str], T],
    description: str,
    default: str | None,
    example: str | None = None,
    *,
    secret: bool = False,
) -> T:
    """Declare a setting; `default` is the text that stands in when it is not set, and None makes it required."""
    metadata = {"parser": parser, "description": description, "default": default, "example": example or default}
    return cast("T", field(repr=not secret, metadata=metadata))


def integer(description: str, default: int, minimum: int, maximum: int) -> int:
    return setting(partial(parseInteger, minimum=minimum, maximum=maximum), description, str(default))


def boolean(description: str, default: str) -> bool:
    return setting(parseBoolean, description, default)


def several(item: Callable[[str], str], description: str, default: str, example: str | None = None) -> tuple[str, ...]:
    return setting(partial(parseList, item=item), description, default, example)


@dataclass(frozen=True, kw_only=True)
class Settings:
    """The settings by the names they have in the environment."""

    DATABASE_URL: str = setting(
        parseDatabaseUrl, "SQLite for one person, PostgreSQL for more.", None, "sqlite:///var/turva.db", secret=True
    )
    DATABASE_SCHEMA: str = setting(
        parseSchema, "The PostgreSQL schema of all tables, so that installations can share a database.", "", "turva"
    )
    SECRET_KEY: tuple[str, ...] = setting(
        partial(parseList, item=parseSecret),
        "Random texts of 32 characters or more, separated by commas: the first signs cookies, all are accepted.",
        None,
        "$(openssl rand -hex 32)",
        secret=True,
    )
    TEST_ENVIRONMENT: bool = boolean(
        "Says that nothing here is real, which permits cheap password hashes and any host name.", "false"
    )
    HOST: str = setting(parseHost, "The address to listen on.", "127.0.0.1")
    PORT: int = integer("The port to listen on.", 8000, 1, 65535)
    WORKERS: int = integer("How many server processes to run; on SQLite their writes wait for each other.", 1, 1, 128)
    API_PATH: str = setting(parsePath, "The path under which everything is mounted.", "", "/turva")
    ALLOWED_HOSTS: tuple[str, ...] = several(
        parseAllowedHost, "Names Turva may be called by; *.nhs.uk is any below it.", "localhost,127.0.0.1,[::1]"
    )
    TRUSTED_ORIGINS: tuple[str, ...] = several(
        parseOrigin,
        "Other sites whose pages may read and send for a signed-in user (CORS).",
        "",
        "https://safety.example.org",
    )
    TRUSTED_PROXIES: tuple[str, ...] = several(
        parseNetwork, "Proxies whose X-Forwarded-For and X-Forwarded-Proto are believed.", "", "10.0.0.0/8"
    )
    SESSION_IDLE_MINUTES: int = integer("Minutes without a request after which a session ends.", 30, 1, 1440)
    SESSION_ABSOLUTE_HOURS: int = integer("Hours after which a session ends whatever happens.", 12, 1, 720)
    SESSION_RETENTION_DAYS: int = integer(
        "Days that an ended session is kept; for 90 of them sign-in knows its address again.", 90, 1, 3650
    )
    SESSIONS_PER_USER: int = integer(
        "Browser sessions that one person may have at once; the oldest ends when there are more.", 10, 1, 1000
    )
    API_TOKEN_DAYS: int = integer("Days that the token of a program may be valid at most.", 365, 1, 3650)
    REGISTRATION: str = setting(
        partial(parseChoice, choices=("off", "invitation", "open")),
        "Who may make an account: nobody, who is invited by an administrator, or everyone (off, invitation or open).",
        "invitation",
    )
    ACCESS_LOG: bool = boolean("Logs a line for each request.", "true")
    LOG_LEVEL: str = setting(
        partial(parseChoice, choices=("debug", "info", "warning", "error", "critical")),
        "The least serious message that is logged.",
        "info",
    )
    RATE_LIMIT_ENABLED: bool = boolean(
        "Slows down guessing, and limits requests; false is for benchmarks and tests only.", "true"
    )
    RATE_LIMIT_READS_PER_MINUTE: int = integer(
        "Requests that read, a minute, for each session and token, and each address without one.", 600, 1, 1000000
    )
    RATE_LIMIT_WRITES_PER_MINUTE: int = integer("Requests that change something, the same.", 120, 1, 1000000)
    RATE_LIMIT_STORAGE: str = setting(
        parseStorage,
        "Where requests are counted: memory, by each process for itself, or redis://host:6379/0, for all together.",
        "memory",
        secret=True,
    )
    DATABASE_POOL_SIZE: int = integer("Database connections that each process keeps, beside 8 for checks.", 10, 1, 200)
    DATABASE_MAX_OVERFLOW: int = integer("Connections that each process may open beyond those.", 10, 0, 200)
    DATABASE_POOL_WAIT_SECONDS: int = integer("Seconds to wait for a free connection before answering 503.", 2, 1, 60)
    DATABASE_STATEMENT_TIMEOUT_SECONDS: int = integer("Seconds after which a statement is stopped.", 5, 1, 600)
    ARGON2_TIME_COST: int = integer("Rounds of Argon2id for each password.", 3, 1, 20)
    ARGON2_MEMORY_KIB: int = integer("KiB of memory that Argon2id uses for each password.", 65536, 8, 4194304)
    ARGON2_PARALLELISM: int = integer("Threads that Argon2id uses for each password.", 4, 1, 64)
    ARGON2_CONCURRENCY: int = integer("Passwords that each process checks at once.", 2, 1, 64)
    ARGON2_QUEUE: int = integer("Passwords that may wait for that; more are refused with 503.", 64, 1, 10000)
    UPLOAD_LIMIT_MEGABYTES: int = integer(
        "The largest log or picture, in megabytes of 1,000,000 bytes; requests without a file may hold 1 MiB.",
        25,
        1,
        25,
    )
    EVIDENCE_STORE: str = setting(
        parseFileStore,
        "Where files of evidence are kept: a folder, as file:///srv/turva/evidence, or s3://bucket/prefix.",
        "var/evidence",
        "s3://turva-evidence/ward-round",
    )
    EVIDENCE_MAX_BYTES: int = integer("The largest file of evidence, in bytes.", 25_000_000, 1000, 1_000_000_000)
    EVIDENCE_S3_REGION: str = setting(parseString, "The region of the bucket.", "", "eu-west-2")
    EVIDENCE_S3_ENDPOINT: str = setting(
        partial(parseOptional, parser=parseOrigin),
        "Where the bucket is served, when not by Amazon.",
        "",
        "https://minio.example.org:9000",
    )
    EVIDENCE_S3_ACCESS_KEY_ID: str = setting(
        parseString, "The key for it; without one, AWS_* variables or the role of the machine.", "", "AKIAEXAMPLE"
    )
    EVIDENCE_S3_SECRET_ACCESS_KEY: str = setting(
        parseString, "The secret of that key.", "", "something-long", secret=True
    )
    PUBLIC_URL: str = setting(
        partial(parseOptional, parser=parsePublicUrl),
        "Where people reach Turva, for links in letters and for passkeys; when not set, where it listens.",
        "",
        "https://turva.example.org",
    )
    MAIL_FROM: str = setting(
        parseMailbox, "The address that letters come from.", "turva@localhost", "turva@safety.example.org"
    )
    SMTP_HOST: str = setting(
        partial(parseOptional, parser=parseHost),
        "The mail server; without one, letters become files in MAIL_FOLDER and their links lines of the log.",
        "",
        "smtp.example.org",
    )
    SMTP_PORT: int = integer("The port of the mail server: 587 for starttls, 465 for tls.", 587, 1, 65535)
    SMTP_SECURITY: str = setting(
        partial(parseChoice, choices=("starttls", "tls", "none")), "How mail is encrypted on its way.", "starttls"
    )
    SMTP_USERNAME: str = setting(parseString, "The name to sign in to the mail server with, if it asks.", "", "turva")
    SMTP_PASSWORD: str = setting(parseString, "The password for it.", "", "something-long", secret=True)
    SMTP_TIMEOUT_SECONDS: int = integer("Seconds in which the mail server must have taken a letter.", 60, 1, 600)
    MAIL_FOLDER: str = setting(parseString, "Where letters go when there is no SMTP_HOST.", "var/mail")
    MAIL_RETENTION_DAYS: int = integer("Days that the record of a letter is kept, without its words.", 30, 1, 3650)
    BACKGROUND_WORK: bool = boolean("Sends mail and cleans up; one process of an installation must.", "true")
    NHS_LOGO: bool = boolean("Shows the NHS logo and typeface, which are for NHS organisations only.", "false")
    SERVICE_NAME: str = setting(partial(parseString, longest=60), "The name in the header of pages.", "Turva")

    @property
    def public_url(self) -> str:
        """The address of `/` without its slash; never taken from a request, whose Host header anyone can write."""
        host = f"[{self.HOST}]" if ":" in self.HOST else self.HOST
        return self.PUBLIC_URL or f"http://{host}:{self.PORT}{self.API_PATH}"


def load_settings(environment: Mapping[str, str]) -> Settings:
    """Read every setting; raises ConfigurationError with all problems at once."""
    values: dict[str, Any] = {}
    problems: list[str] = []
    for declared in fields(Settings):
        try:
            values[declared.name] = _read(declared, environment.get(declared.name, "").strip())
        except ValueError as error:
            problems.append(f"{declared.name} {error}, for example {declared.name}={declared.metadata['example']}")
            # What cannot be read stands in as its default, so that what contradicts the rest is reported too.
            values[declared.name] = None if declared.metadata["default"] is None else _read(declared, "")
    settings = Settings(**values)
    problems.extend(_contradictions(settings))
    if problems:
        raise ConfigurationError(problems)
    return settings


def _read(declared: Field[Any], text: str) -> object:
    if not text and declared.metadata["default"] is None:
        raise ValueError("is not set")
    try:
        return declared.metadata["parser"](text or declared.metadata["default"])
    except ValueError as error:
        raise ValueError(f"must {error}") from None


def _contradictions(settings: Settings) -> Iterator[str]:
    if settings.DATABASE_SCHEMA and (settings.DATABASE_URL or "").startswith("sqlite"):
        yield "DATABASE_SCHEMA must not be set with SQLite, which has no schemas"
    if settings.SESSION_IDLE_MINUTES > settings.SESSION_ABSOLUTE_HOURS * 60:
        yield "SESSION_IDLE_MINUTES must not be longer than SESSION_ABSOLUTE_HOURS"
    if settings.ARGON2_MEMORY_KIB < 8 * settings.ARGON2_PARALLELISM:  # RFC 9106, 3.1
        yield "ARGON2_MEMORY_KIB must be at least 8 times ARGON2_PARALLELISM"
    if settings.PUBLIC_URL and urlsplit(settings.PUBLIC_URL).path != settings.API_PATH:
        yield "PUBLIC_URL must end in API_PATH, and in nothing else"
    if settings.RATE_LIMIT_STORAGE != "memory" and find_spec("redis") is None:
        yield "RATE_LIMIT_STORAGE needs a package that is not installed (pip install 'redis>=5.2') to be a Redis"
    keys = {bool(settings.EVIDENCE_S3_ACCESS_KEY_ID), bool(settings.EVIDENCE_S3_SECRET_ACCESS_KEY)}
    if settings.EVIDENCE_STORE.startswith("s3://") and len(keys) > 1:
        yield "EVIDENCE_S3_ACCESS_KEY_ID and EVIDENCE_S3_SECRET_ACCESS_KEY must be set together"
    if not settings.TEST_ENVIRONMENT:
        yield from (f"{problem}, unless TEST_ENVIRONMENT is true" for problem in _unsafe(settings))


def _unsafe(settings: Settings) -> Iterator[str]:
    if settings.ARGON2_MEMORY_KIB < LEAST_ARGON2_MEMORY_KIB:
        yield f"ARGON2_MEMORY_KIB must be at least {LEAST_ARGON2_MEMORY_KIB}"
    if settings.ARGON2_MEMORY_KIB * settings.ARGON2_TIME_COST < LEAST_ARGON2_WORK:
        yield f"ARGON2_MEMORY_KIB times ARGON2_TIME_COST must be at least {LEAST_ARGON2_WORK}"
    if settings.EVIDENCE_S3_ENDPOINT.startswith("http://"):
        yield "EVIDENCE_S3_ENDPOINT must begin with https://"
    if "*" in settings.ALLOWED_HOSTS:
        yield "ALLOWED_HOSTS must name the hosts, as * permits any"
    yield from _unsafe_mail(settings)


def _unsafe_mail(settings: Settings) -> Iterator[str]:
    """Links in letters open accounts: whoever has one must have got it by mail, encrypted on its way."""
    if settings.SMTP_SECURITY == "none" and settings.SMTP_HOST not in THIS_MACHINE | {""}:
        yield "SMTP_SECURITY must be starttls or tls"
    if set(settings.ALLOWED_HOSTS) <= THIS_MACHINE | {"*"}:
        return  # nobody else can use it, so a letter that is only a file is no loss
    if not settings.SMTP_HOST:
        yield "SMTP_HOST must be set when ALLOWED_HOSTS names more than this machine"
    if not settings.PUBLIC_URL.startswith("https://"):
        yield "PUBLIC_URL must begin with https:// when ALLOWED_HOSTS names more than this machine"
    if settings.MAIL_FROM.endswith("@localhost"):
        yield "MAIL_FROM must be an address that mail can come from when ALLOWED_HOSTS names more than this machine"
