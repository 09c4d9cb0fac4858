"""What somebody has set up, and who is sent to set it up."""

import httpx

from tests.authentication import stored
from tests.authentication.factors import Clock, with_app, with_codes
from tests.clients import PAGE, Person

OVERVIEW = "/account/second_factor/"


async def test_it_tells_what_is_set_up(owner: Person, clock: Clock) -> None:
    nothing = {"app": False, "recovery_codes_left": 0, "required": False, "missing": False}
    assert nothing.items() <= (await owner.client.get(OVERVIEW)).json().items()
    await with_app(owner, clock)
    await with_codes(owner)
    has = (await owner.client.get(OVERVIEW)).json()
    assert (has["app"], has["recovery_codes_left"]) == (True, 10)
    page = (await owner.client.get(OVERVIEW, headers=PAGE)).text
    assert "10 of your codes can still be used" in page
    assert 'action="/account/second_factor/app/remove/"' in page


async def test_who_lacks_a_required_factor_is_led_here_and_can_do_nothing_else(owner: Person, clock: Clock) -> None:
    """OWASP ASVS 5.0, 6.3.3: the session that began with a password alone holds no rights from this moment on."""
    await stored.set_user(owner.id, needs_second_factor=True)
    for place in ("/projects/", "/account/", "/account/sessions/"):
        refused = await owner.client.get(place)
        assert (refused.status_code, refused.json()["code"]) == (403, "SECOND_FACTOR_REQUIRED")
        led = await owner.client.get(place, headers=PAGE)
        assert (led.status_code, led.headers["location"]) == (303, OVERVIEW)
    assert "Your role requires a second factor" in (await owner.client.get(OVERVIEW, headers=PAGE)).text
    await with_app(owner, clock)
    assert (await owner.client.get("/projects/")).status_code == 200
    assert (await owner.client.get(OVERVIEW)).json()["missing"] is False


async def test_nobody_else_sees_it(client: httpx.AsyncClient) -> None:
    assert (await client.get(OVERVIEW)).status_code == 401
