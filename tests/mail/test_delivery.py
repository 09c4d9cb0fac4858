"""Letters go over real SMTP, encrypted as the settings say, or not at all."""

import asyncio
import logging
from collections.abc import Callable
from pathlib import Path

import pytest

from config import Settings, load_settings
from mail import delivery
from mail.delivery import Refused, Undelivered, delivery_of
from mail.writing import sender_of, write
from tests.clients import environment
from tests.mail.mail_server import NAME, PASSWORD, certificate, check, mail_server
from tests.servers import free_port

DATABASE = "sqlite:///unused.db"


def settings(**changes: str) -> Settings:
    return load_settings(environment(DATABASE, **changes))


def content(to: str = "ada@example.org") -> bytes:
    return write(sender_of(settings()), "trial", to, {}).as_bytes()


@pytest.fixture
def trusted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[], object]:
    """The context of a server whose certificate this process trusts, as an operator has it trusted."""

    def make() -> object:
        path, context = certificate(tmp_path)
        monkeypatch.setenv("SSL_CERT_FILE", str(path))
        return context

    return make


async def test_in_the_clear() -> None:
    letter = content()
    with mail_server() as post:
        await delivery_of(settings(**post.settings(MAIL_FROM="turva@safety.example.org")))(letter)
    assert [letter.to for letter in post.taken] == ["ada@example.org"]
    (envelope,) = post.envelopes
    assert (envelope.mail_from, envelope.rcpt_tos) == ("turva@safety.example.org", ["ada@example.org"])
    assert envelope.content == letter


@pytest.mark.parametrize("security", ["starttls", "tls"])
async def test_encrypted_and_signed_in(security: str, trusted: Callable[[], object]) -> None:
    context = trusted()
    listens = {"ssl_context": context} if security == "tls" else {"tls_context": context, "require_starttls": True}
    # aiosmtpd takes a connection that was encrypted from the first byte for one in the clear.
    with mail_server(**listens, authenticator=check, auth_require_tls=security == "starttls") as post:
        signed = {"SMTP_USERNAME": NAME, "SMTP_PASSWORD": PASSWORD}
        chosen = post.settings(SMTP_SECURITY=security, SMTP_HOST="localhost", **signed)
        await delivery_of(settings(**chosen))(content())
    (session,) = post.sessions
    assert session.authenticated
    assert session.ssl is not None or security == "tls"


@pytest.mark.parametrize("security", ["starttls", "tls"])
async def test_a_certificate_that_nobody_vouches_for(security: str, tmp_path: Path) -> None:
    _, context = certificate(tmp_path)
    listens = {"ssl_context": context} if security == "tls" else {"tls_context": context}
    with mail_server(**listens) as post:
        with pytest.raises(Undelivered, match=r"cannot be used \(SSLCertVerificationError\)"):
            await delivery_of(settings(**post.settings(SMTP_SECURITY=security)))(content())
        assert post.taken == []


async def test_a_certificate_of_another_server(trusted: Callable[[], object]) -> None:
    with mail_server(tls_context=trusted()) as post:
        chosen = post.settings(SMTP_SECURITY="starttls", SMTP_HOST="127.0.0.2")
        with pytest.raises(Undelivered, match="cannot be used"):
            await delivery_of(settings(**chosen))(content())
        assert post.taken == []


async def test_never_in_the_clear_to_a_server_that_cannot_encrypt() -> None:
    with mail_server() as post:
        with pytest.raises(Undelivered, match="cannot be used"):
            await delivery_of(settings(**post.settings(SMTP_SECURITY="starttls")))(content())
        assert post.taken == []


@pytest.mark.parametrize(
    "answer", ["451 try again", "421 closing", "552 5.2.2 full", "554 5.7.1 ada@example.org is spam"]
)
async def test_what_it_says_of_the_letter(answer: str) -> None:
    with mail_server() as post:
        post.answers.append(answer)
        with pytest.raises(Undelivered) as refused:
            await delivery_of(settings(**post.settings()))(content())
    assert str(refused.value) == f"the mail server refused the content ({answer[:3]})"
    assert isinstance(refused.value, Refused) is answer.startswith("5")


@pytest.mark.parametrize("answer", ["450 4.2.1 greylisted", "550 5.1.1 no ada@example.org here"])
async def test_what_it_says_of_the_reader(answer: str) -> None:
    with mail_server() as post:
        post.refused_readers["ada@example.org"] = answer
        with pytest.raises(Undelivered) as refused:
            await delivery_of(settings(**post.settings()))(content())
    assert str(refused.value) == f"the mail server refused the recipient ({answer[:3]})"
    assert isinstance(refused.value, Refused) is answer.startswith("5")


async def test_what_it_says_of_us_is_never_final(trusted: Callable[[], object]) -> None:
    needs = {"tls_context": trusted(), "authenticator": check, "auth_required": True}
    with mail_server(**needs) as post:
        signed = {"SMTP_USERNAME": NAME, "SMTP_PASSWORD": "another password"}
        chosen = post.settings(SMTP_SECURITY="starttls", SMTP_HOST="localhost", **signed)
        with pytest.raises(Undelivered) as refused:
            await delivery_of(settings(**chosen))(content())
    assert str(refused.value) == "the mail server refused the name and password (535)"
    assert not isinstance(refused.value, Refused)


async def test_the_server_is_away() -> None:
    away = settings(SMTP_HOST="127.0.0.1", SMTP_PORT=str(free_port()), SMTP_SECURITY="none")
    with pytest.raises(Undelivered, match=r"cannot be used \(ConnectionRefusedError\)"):
        await delivery_of(away)(content())


async def test_the_server_never_answers() -> None:
    gone = asyncio.Event()

    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()
        await writer.wait_closed()
        gone.set()

    async with await asyncio.start_server(silent, "127.0.0.1", 0) as server:
        port = str(server.sockets[0].getsockname()[1])
        hung = settings(SMTP_HOST="127.0.0.1", SMTP_PORT=port, SMTP_SECURITY="none", SMTP_TIMEOUT_SECONDS="1")
        with pytest.raises(Undelivered, match=r"cannot be used \(.*Timeout.*\)"):
            await delivery_of(hung)(content())
        await gone.wait()


async def test_without_a_server_a_file_and_a_line_of_the_log(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    folder = tmp_path / "var" / "mail"
    with caplog.at_level(logging.INFO, delivery.__name__):
        await delivery_of(settings(MAIL_FOLDER=str(folder)))(content())
    (path,) = folder.iterdir()
    assert path.suffix == ".eml"
    assert b"To: ada@example.org\r\n" in path.read_bytes()
    assert (folder.stat().st_mode & 0o777, path.stat().st_mode & 0o777) == (0o700, 0o600)
    assert str(path) in caplog.text
    assert "http://127.0.0.1:8000" in caplog.text


async def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "mail").write_text("a file of that name")
    with pytest.raises(Undelivered, match=r"MAIL_FOLDER cannot be written \(FileExistsError\)"):
        await delivery_of(settings(MAIL_FOLDER=str(tmp_path / "mail")))(content())
