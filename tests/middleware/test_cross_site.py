"""The whole matrix of Go 1.25's CrossOriginProtection: what another site makes a browser send is refused."""

import httpx
import pytest

from errors import CrossSiteRefused
from middleware.cross_site import CrossSite
from tests.clients import PAGE, connect
from tests.middleware.requests import ask, fine, http
from tests.trees import Grow, endpoint

TRUSTED = "https://trusted.example"
HOST = "https://localhost"  # the scheme is not compared, as in Go: the Host header has none

# Sec-Fetch-Site, Origin, and whether an unsafe request passes; None is a header that is absent.
MATRIX = [
    # net/http/csrf_test.go, TestCrossOriginProtectionSecFetchSite
    ("same-origin", None, True),
    ("none", None, True),
    ("cross-site", None, False),
    ("same-site", None, False),
    (None, None, True),
    (None, HOST, True),
    (None, "http://localhost", True),
    (None, "https://attacker.example", False),
    (None, "null", False),
    # ... its header decides before Origin
    ("same-origin", "https://attacker.example", True),
    ("none", "https://attacker.example", True),
    ("cross-site", HOST, False),
    ("same-site", HOST, False),
    # ... what it never says is no permission
    ("invalid", None, False),
    ("SAME-ORIGIN", None, False),
    ("same-origin, none", None, False),
    # TestCrossOriginProtectionTrustedOriginBypass
    ("cross-site", TRUSTED, True),
    ("same-site", TRUSTED, True),
    (None, TRUSTED, True),
    (None, f"{TRUSTED}:8443", False),
    (None, "http://trusted.example", False),
    (None, f"{TRUSTED}.attacker.example", False),
    # An empty header is as good as none
    ("", None, True),
    ("", "https://attacker.example", False),
    (None, "", True),
    # Origins that no browser sends
    (None, "localhost", False),
    (None, "//localhost", True),
    (None, "https://localhost@attacker.example", False),
    (None, "https://localhost:8000", False),
    (None, "https://[attacker", False),
    (None, "https://[::1", False),
    (None, "https://", False),
    (None, "file://", False),
    (None, "\xff", False),
]


def headers_of(site: str | None, origin: str | None) -> dict[str, str]:
    return {name: value for name, value in (("Sec-Fetch-Site", site), ("Origin", origin)) if value is not None}


async def passes(method: str, headers: dict[str, str]) -> bool:
    encoded = [(name.encode(), value.encode("latin-1")) for name, value in headers.items()]
    try:
        answer: httpx.Response = await ask(CrossSite(fine, [TRUSTED]), method, headers=encoded)
    except CrossSiteRefused:
        return False
    return answer.text == "fine"


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "TRACE", "PROPFIND"])
@pytest.mark.parametrize(("site", "origin", "expected"), MATRIX)
async def test_an_unsafe_request(site: str | None, origin: str | None, expected: bool, method: str) -> None:
    assert await passes(method, headers_of(site, origin)) is expected


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
@pytest.mark.parametrize(("site", "origin", "expected"), MATRIX)
async def test_a_safe_request_always_passes(site: str | None, origin: str | None, expected: bool, method: str) -> None:
    assert await passes(method, headers_of(site, origin)) or method == "HEAD"


async def test_an_origin_is_not_the_same_as_no_host() -> None:
    for origin in (b"null", b"https://", b"x"):
        scope = {**http("POST"), "headers": [(b"host", b""), (b"origin", origin)]}
        with pytest.raises(CrossSiteRefused):
            await CrossSite(fine, [])(scope, None, None)  # type: ignore[arg-type]
    with pytest.raises(CrossSiteRefused):
        await CrossSite(fine, [])({**http("POST"), "headers": [(b"origin", b"null")]}, None, None)  # type: ignore[arg-type]


async def test_the_port_is_part_of_the_origin() -> None:
    assert await passes("POST", {"Host": "localhost:8000", "Origin": "http://localhost:8000"})
    assert not await passes("POST", {"Host": "localhost:8000", "Origin": "http://localhost:9000"})
    assert not await passes("POST", {"Host": "localhost:8000", "Origin": "http://localhost"})


@pytest.mark.parametrize("face", [{}, PAGE])
async def test_the_refusal_says_what_to_do(grow: Grow, face: dict[str, str]) -> None:
    code = "@router.post('/')\n@requires(public)\nasync def post() -> str:\n    return 'done'\n"
    async with connect(grow({"x.py": endpoint(code)}, TRUSTED_ORIGINS=TRUSTED)) as client:
        refused = await client.post("/x/", headers={"Sec-Fetch-Site": "cross-site", "Origin": "null", **face})
        trusted = await client.post("/x/", headers={"Sec-Fetch-Site": "cross-site", "Origin": TRUSTED, **face})
    assert refused.status_code == 403
    assert "Open the page here and try again" in refused.text
    assert trusted.json() == "done"


async def test_websockets_are_not_judged_here() -> None:
    passed = []

    async def app(scope: object, *_: object) -> None:
        passed.append(scope)

    await CrossSite(app, [])({"type": "websocket"}, None, None)  # type: ignore[arg-type]
    assert passed == [{"type": "websocket"}]
