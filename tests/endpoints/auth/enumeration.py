"""Whether two answers tell who has an account: everything a stranger sees of them is compared."""

import httpx

from models.users.throttles import Throttle
from tests.authentication.statements import counted
from tests.clients import PAGE

OF_ONE_REQUEST = {"x-request-id", "date"}
ENDS = {"RELEASE", "ROLLBACK"}
"""How a savepoint ends is the one difference there may be."""
THROTTLES = Throttle.ormar_config.table.name


Seen = tuple[int, list[tuple[str, str]], str]


def seen(answer: httpx.Response) -> Seen:
    """Status, headers in their order, body; without what is new in every answer."""
    headers = [pair for pair in answer.headers.multi_items() if pair[0] not in OF_ONE_REQUEST]
    return answer.status_code, headers, answer.text


async def told(client: httpx.AsyncClient, path: str, body: dict[str, str]) -> tuple[tuple[Seen, Seen], list[str]]:
    """What a program and a browser see, and the statements that the first of both cost."""
    with counted() as sent:
        program = await client.post(path, json=body)
    form = await client.post(path, data=body, headers=PAGE)
    work = [" ".join(statement.split()[:3]) for statement in sent if THROTTLES not in statement]
    return (seen(program), seen(form)), [words for words in work if words.split()[0] not in ENDS]
