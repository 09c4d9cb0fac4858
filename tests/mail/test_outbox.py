"""Letters are stored with their change, sealed, and nobody's name breaks one."""

import pytest
import sqlalchemy as sa
from jinja2 import UndefinedError

from mail import outbox
from models.storage.database import Database
from tests.mail.samples import SECRET, queue_sample
from tests.mailbox import letters


async def test_a_letter_as_it_arrives(configured: Database, template: None) -> None:
    await queue_sample()
    (letter,) = await letters()
    assert (letter.template, letter.to, letter.subject) == ("sample", "ada@example.org", "A link for Ada")
    assert letter.links == [f"https://turva.example.org/t/auth/verify/?token={SECRET}"]
    assert letter.text.startswith(f"Dear Ada,\n\nopen {letter.links[0]}\n\n--\nTurva\nhttps://turva.example.org/t\n")
    assert letter.message["From"] == "Turva <turva@localhost>"
    assert letter.message["Auto-Submitted"] == "auto-generated"
    assert letter.message["Message-ID"].endswith("@localhost>")
    assert letter.message["Date"].datetime.tzinfo is not None


async def test_only_with_the_change_that_it_tells_of(configured: Database, template: None) -> None:
    with pytest.raises(RuntimeError, match="inside the transaction"):
        await outbox.queue("trial", "ada@example.org")

    async def fail() -> None:
        async with configured.transaction():
            await outbox.queue("trial", "ada@example.org")
            raise ValueError("the change failed")

    with pytest.raises(ValueError, match="the change failed"):
        await fail()
    assert await letters() == []


async def test_the_database_knows_neither_reader_nor_link(configured: Database, template: None) -> None:
    await queue_sample()
    async with configured.connection() as connection:
        (row,) = (await connection.execute(sa.select(outbox.MESSAGES))).all()
    assert not [text for text in (SECRET, "ada@", "Ada", "verify") if text in str(row)]


@pytest.mark.parametrize(
    "name",
    ["Ada\r\nBcc: all@example.org", "Ada\nSubject: You won\n\nhttps://evil.example", "Ada\u2028\x0b\x85Bcc: x"],
)
async def test_a_name_adds_no_header_and_no_paragraph(configured: Database, template: None, name: str) -> None:
    await queue_sample(name)
    (letter,) = await letters()
    ours = {"From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted"}
    assert set(letter.message.keys()) == ours | {"Content-Type", "Content-Transfer-Encoding", "MIME-Version"}
    assert letter.subject == f"A link for {' '.join(name.split())}"
    assert len(letter.text.splitlines()) == 9


async def test_a_name_in_any_script(configured: Database, template: None) -> None:
    name = "Zoë Ñandú 李 🩺"
    await queue_sample(name)
    (letter,) = await letters()
    assert letter.subject == f"A link for {name}"
    assert f"Dear {name},\n" in letter.text
    assert letter.message.as_bytes().isascii()


@pytest.mark.parametrize("to", ["ada@example.org\r\nBcc: all@example.org", "ada@example.org, eve@example.org", ""])
async def test_an_address_is_one_address(configured: Database, template: None, to: str) -> None:
    with pytest.raises(ValueError, match="no address"):
        await queue_sample(to=to)
    assert await letters() == []


async def test_a_template_must_have_its_values_and_its_subject(configured: Database, template: None) -> None:
    async with configured.transaction():
        with pytest.raises(UndefinedError, match="'name' is undefined"):
            await outbox.queue("sample", "ada@example.org")
        with pytest.raises(ValueError, match=r"headless\.txt must begin with one line"):
            await outbox.queue("headless", "ada@example.org")


async def test_letters_of_one_reader(configured: Database, template: None) -> None:
    await queue_sample()
    await queue_sample(to="grace@example.org")
    assert [letter.to for letter in await letters()] == ["ada@example.org", "grace@example.org"]
    assert [letter.to for letter in await letters("grace@example.org")] == ["grace@example.org"]
