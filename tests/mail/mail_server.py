"""A real mail server: aiosmtpd in a thread, which keeps what it takes and refuses what a test wants refused."""

import asyncio
import datetime as dt
import ipaddress
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.mailbox import Letter, read

ACCEPTED = "250 OK"
NAME, PASSWORD = "turva", "the password of the mail server"


@dataclass
class Post:
    """What arrived, and what to answer; safe to use from another thread."""

    taken: list[Letter] = field(default_factory=list)
    envelopes: list[Envelope] = field(default_factory=list)
    sessions: list[Session] = field(default_factory=list)
    answers: list[str] = field(default_factory=list)
    """To the next letters, one each, before ACCEPTED to all others."""
    refused_readers: dict[str, str] = field(default_factory=dict)
    changed: threading.Condition = field(default_factory=threading.Condition)
    port: int = 0

    async def handle_RCPT(  # noqa: N802 - the names and arguments are aiosmtpd's
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if address not in self.refused_readers:
            envelope.rcpt_tos.append(address)
        return self.refused_readers.get(address, ACCEPTED)

    async def handle_DATA(self, _server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        answer = self.answers.pop(0) if self.answers else ACCEPTED
        if answer == ACCEPTED:
            assert isinstance(envelope.content, bytes)
            with self.changed:
                self.envelopes.append(envelope)
                self.sessions.append(session)
                self.taken.append(read("", envelope.content))
                self.changed.notify_all()
        return answer

    def settings(self, **changes: str) -> dict[str, str]:
        """By which Turva sends its letters here."""
        here = {"SMTP_HOST": "127.0.0.1", "SMTP_PORT": str(self.port), "SMTP_SECURITY": "none"}
        return here | {"BACKGROUND_WORK": "true"} | changes

    def wait(self, count: int) -> None:
        """Until so many letters arrived."""
        with self.changed:
            assert self.changed.wait_for(lambda: len(self.taken) >= count, 60), f"only {len(self.taken)} arrived"


def check(_server: object, _session: object, _envelope: object, _mechanism: str, given: object) -> AuthResult:
    assert isinstance(given, LoginPassword)
    right = (given.login, given.password) == (NAME.encode(), PASSWORD.encode())
    return AuthResult(success=right, handled=right)  # not handled: the server says what is said then


class AnyPort(Controller):
    """Listens on whatever port is free."""

    def _trigger_server(self) -> None:
        assert isinstance(self.server, asyncio.Server)
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()  # type: ignore[no-untyped-call]

    def stop(self, no_assert: bool = False) -> None:
        """Connections that are still open go with it; aiosmtpd leaves them to the garbage collector."""
        asyncio.run_coroutine_threadsafe(self._hang_up(), self.loop).result(30)
        super().stop(no_assert)

    async def _hang_up(self) -> None:
        talking = asyncio.all_tasks() - {asyncio.current_task()}
        for task in talking:
            task.cancel()
        await asyncio.gather(*talking, return_exceptions=True)
        await asyncio.sleep(0)


@contextmanager
def mail_server(**options: Any) -> Iterator[Post]:
    """It listens on a port of its own; `ssl_context` speaks TLS from the first byte, `tls_context` after STARTTLS."""
    post = Post()
    controller = AnyPort(post, hostname="127.0.0.1", port=0, ready_timeout=60, **options)
    controller.start()
    try:
        post.port = controller.port
        yield post
    finally:
        controller.stop()


def certificate(folder: Path) -> tuple[Path, ssl.SSLContext]:
    """A certificate for this machine, as a file to trust, and the context of a server that has it."""
    key, now = ec.generate_private_key(ec.SECP256R1()), dt.datetime.now(dt.UTC)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    names = x509.SubjectAlternativeName([x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    builder = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    builder = builder.not_valid_before(now - dt.timedelta(days=1)).not_valid_after(now + dt.timedelta(days=1))
    builder = builder.add_extension(names, critical=False)
    builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
    made = builder.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)
    path, private = folder / "certificate.pem", folder / "key.pem"
    path.write_bytes(made)
    unprotected = serialization.NoEncryption()
    private.write_bytes(key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, unprotected))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path, private)
    return path, context
