"""Only the names that the operator gave are answered to, in our shape of error."""

import pytest

from errors import BadRequest
from middleware.allowed_hosts import AllowedHosts
from tests.clients import PAGE, connect
from tests.middleware.requests import ask, fine, http
from tests.trees import Grow, endpoint

HOSTS = ["localhost", "safety.example.org", "*.nhs.uk", "[::1]"]


@pytest.mark.parametrize(
    "host",
    [
        "localhost",
        "LOCALHOST",
        "localhost:8000",
        "safety.example.org",
        "a.nhs.uk",
        "a.b.nhs.uk:443",
        "[::1]",
        "[::1]:8000",
    ],
)
async def test_a_name_of_ours_is_answered(host: str) -> None:
    assert (await ask(AllowedHosts(fine, HOSTS), headers={"Host": host})).text == "fine"


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "localhost.evil.example",
        "evil.example:80",
        "evillocalhost",
        "nhs.uk",
        "evilnhs.uk",
        "www.safety.example.org",
        "localhost@evil.example",
        "localhost evil.example",
        "localhost/evil",
        "localhost,evil.example",
        "localhost:evil",
        "[::2]",
        "",
    ],
)
async def test_any_other_is_refused(host: str) -> None:
    with pytest.raises(BadRequest):
        await ask(AllowedHosts(fine, HOSTS), headers={"Host": host})


async def test_no_host_at_all_is_refused() -> None:
    with pytest.raises(BadRequest):
        await AllowedHosts(fine, HOSTS)({**http(), "headers": []}, None, None)  # type: ignore[arg-type]


async def test_every_host_is_fine_where_a_test_says_so() -> None:
    assert (await ask(AllowedHosts(fine, ["*"]), headers={"Host": "evil.example"})).text == "fine"


@pytest.mark.parametrize("face", [{}, PAGE])
async def test_the_refusal_has_our_shape_and_repeats_nothing(grow: Grow, face: dict[str, str]) -> None:
    async with connect(grow({"x.py": endpoint()})) as client:
        answer = await client.get("/x/", headers={"Host": "evil.example", **face})
    assert answer.status_code == 400
    assert "ALLOWED_HOSTS" in answer.text
    assert "evil.example" not in answer.text
    assert face or answer.json()["code"] == "BAD_REQUEST"


async def test_what_is_no_request_passes_through() -> None:
    passed = []

    async def app(scope: object, *_: object) -> None:
        passed.append(scope)

    await AllowedHosts(app, HOSTS)({"type": "lifespan"}, None, None)  # type: ignore[arg-type]
    assert passed == [{"type": "lifespan"}]
