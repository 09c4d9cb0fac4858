"""The cookie's name and attributes, and how one is found among others that strangers planted."""

import httpx
import pytest
from fastapi import FastAPI
from starlette.types import Scope
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from authentication import cookies
from tests.clients import PASSWORD, Person, connect

ATTRIBUTES = {"HttpOnly", "Path=/", "SameSite=lax"}


def scope(*headers: str | bytes, scheme: str = "http") -> Scope:
    raw = [one.encode("latin-1") if isinstance(one, str) else one for one in headers]
    return {"type": "http", "scheme": scheme, "headers": [(b"host", b"x"), *((b"cookie", one) for one in raw)]}


@pytest.mark.parametrize(
    ("headers", "found"),
    [
        ([], None),
        (["turva_session=abc"], "abc"),
        (["a=b; turva_session=abc; c=d"], "abc"),
        (["a=b;turva_session = abc ;c"], "abc"),
        (["a=b", "turva_session=abc"], "abc"),
        (["turva_session=a=b"], "a=b"),
        (["turva_session="], ""),
        (["turva_session"], ""),
        (["turva_session=abc; turva_session=abc"], None),
        (["turva_session=abc", "turva_session=def"], None),
        (["TURVA_SESSION=abc"], None),
        (["turva_session2=abc; xturva_session=def"], None),
        (["=turva_session=abc"], None),
        (["__Host-turva_session=abc"], None),
        (["a=turva_session=abc"], None),
    ],
)
def test_it_is_found_when_there_is_exactly_one(headers: list[str], found: str | None) -> None:
    assert cookies.value(scope(*headers)) == found


@pytest.mark.parametrize("space", [b"\x85", b"\xa0", b"\xc2\xa0", b"\xe2\x80\x80", b"\x0b", b"\x0c", b"\x1c", b"\x1f"])
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_name_that_only_resembles_it_is_another_name(space: bytes, scheme: str) -> None:
    """Browsers let any page of a sister host set a cookie whose name does not begin with `__Host-` byte for byte."""
    ours = cookies.name({"scheme": scheme}).encode()
    planted = space + ours + b"=planted"
    assert cookies.value(scope(planted, scheme=scheme)) is None
    assert cookies.value(scope(planted + b"; " + ours + b"=abc", scheme=scheme)) == "abc"


def test_over_https_the_plain_cookie_does_not_count() -> None:
    """Any page of the same host over http could have set it."""
    both = "turva_session=planted; __Host-turva_session=abc"
    assert cookies.value(scope(both, scheme="https")) == "abc"
    assert cookies.value(scope("turva_session=planted", scheme="https")) is None


def attributes(answer: httpx.Response) -> tuple[str, set[str]]:
    """The name of the one cookie that an answer sets, and what stands behind its value."""
    (line,) = answer.headers.get_list("set-cookie")
    first, *rest = line.split("; ")
    return first.partition("=")[0], set(rest)


async def sign_in(client: httpx.AsyncClient, person: Person, **headers: str) -> httpx.Response:
    body = {"email_address": person.email_address, "password": PASSWORD}
    answer = await client.post("/auth/login/", json=body, headers=headers)
    assert answer.status_code == 200
    return answer


async def test_on_plain_http(client: httpx.AsyncClient, owner: Person) -> None:
    """Without Max-Age or Expires it ends with the browser."""
    assert attributes(await sign_in(client, owner)) == ("turva_session", ATTRIBUTES)


async def test_on_https(app: FastAPI, owner: Person) -> None:
    async with connect(app) as client:
        client.base_url = httpx.URL("https://localhost")
        assert attributes(await sign_in(client, owner)) == ("__Host-turva_session", ATTRIBUTES | {"Secure"})
        assert (await client.get("/account/")).status_code == 200


@pytest.mark.parametrize(("base_url", "secure"), [("http://localhost", set()), ("https://localhost", {"Secure"})])
async def test_signing_out_takes_it_back(app: FastAPI, owner: Person, base_url: str, secure: set[str]) -> None:
    """A browser deletes a `__Host-` cookie only with the attributes that it was set with."""
    async with connect(app) as client:
        client.base_url = httpx.URL(base_url)
        await sign_in(client, owner)
        name, rest = attributes(await client.post("/auth/logout/"))
        expired = {one for one in rest if one.startswith(("Max-Age=0", "expires="))}
        assert name == cookies.name({"scheme": base_url.partition(":")[0]})
        assert (rest - expired, len(expired)) == (ATTRIBUTES | secure, 2)
        assert not client.cookies


@pytest.mark.parametrize(
    ("proxy", "said", "name"),
    [
        ("10.1.2.3", "https", "__Host-turva_session"),
        ("10.1.2.3", "http", "turva_session"),
        ("192.0.2.7", "https", "turva_session"),
    ],
)
async def test_https_at_a_trusted_proxy_counts(app: FastAPI, owner: Person, proxy: str, said: str, name: str) -> None:
    """As uvicorn does with TRUSTED_PROXIES=10.0.0.0/8; tests/test_behind_a_proxy.py starts the real one."""
    behind = ProxyHeadersMiddleware(app, trusted_hosts=["10.0.0.0/8"])  # type: ignore[arg-type]
    transport = httpx.ASGITransport(behind, client=(proxy, 50_000))  # type: ignore[arg-type]
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
        answer = await sign_in(client, owner, **{"X-Forwarded-Proto": said})
    assert attributes(answer)[0] == name
    assert ("strict-transport-security" in answer.headers) is name.startswith("__Host-")
