"""The profile page: what it takes, what it refuses, and that it says so beside the box."""

from typing import Any

import pytest

from tests.authentication import stored
from tests.clients import PAGE, Person

HERE = "/account/profile/"
REGISTRATION = {
    "registration_body": "Nursing and Midwifery Council",
    "registration_number": "12A3456E",
    "registration_valid_until": "2027-03-31",
}


async def profile_of(person: Person) -> dict[str, Any]:
    answer = await person.client.get(HERE)
    assert answer.status_code == 200
    found: dict[str, Any] = answer.json()
    return found


async def test_a_profile_is_kept(owner: Person) -> None:
    body = {"first_name": "Ada", "last_name": "O'Example", "username": " Ada.O-1_x ", "profession": "Nurse"}
    answer = await owner.client.post(HERE, json={**body, "training": "Foundation\n2026", **REGISTRATION})
    assert answer.status_code == 204, answer.text
    assert {**body, **REGISTRATION, "username": "ada.o-1_x", "training": "Foundation\n2026"}.items() <= (
        await profile_of(owner)
    ).items()
    assert (await owner.client.get("/account/")).json()["last_name"] == "O'Example"
    (entry,) = await stored.history("user:profile")
    assert (entry["user_id"], entry["entity_id"], entry["before"]["username"]) == (owner.id, owner.id, None)


async def test_what_is_left_out_stays(owner: Person) -> None:
    await owner.client.post(HERE, json={"username": "owner.1", **REGISTRATION})
    await owner.client.post(HERE, json={"profession": "Nurse"})
    assert {"profession": "Nurse", "username": "owner.1", **REGISTRATION}.items() <= (await profile_of(owner)).items()
    await owner.client.post(HERE, json={"username": None, "registration_valid_until": None})
    assert {"username": None, "registration_valid_until": None}.items() <= (await profile_of(owner)).items()


@pytest.mark.parametrize(
    "name", ["ab", "a" * 65, "ada@example.org", "ada b", "ad\N{LATIN SMALL LETTER E WITH ACUTE}", "a/b", ".ada", "ada-"]
)
async def test_what_is_no_username(owner: Person, name: str) -> None:
    answer = await owner.client.post(HERE, json={"username": name})
    assert answer.status_code == 422
    assert [problem["field"] for problem in answer.json()["errors"]] == ["username"]
    assert (await profile_of(owner))["username"] is None


async def test_a_taken_username(owner: Person, stranger: Person) -> None:
    await owner.client.post(HERE, json={"username": "first"})
    answer = await stranger.client.post(HERE, json={"username": "FIRST", "profession": "Nurse"})
    assert answer.json()["errors"] == [{"field": "username", "message": "This username is taken. Choose another"}]
    assert (await profile_of(stranger))["profession"] == ""


@pytest.mark.parametrize("name", ["", " ", "a" * 151, "Ada\u202e", "Ada\nB", "A\0"])
@pytest.mark.parametrize("field", ["first_name", "last_name"])
async def test_what_is_no_name(owner: Person, field: str, name: str) -> None:
    answer = await owner.client.post(HERE, json={field: name})
    assert answer.status_code == 422
    assert [problem["field"] for problem in answer.json()["errors"]] == [field]


async def test_nobody_makes_themselves_a_cso(owner: Person) -> None:
    answer = await owner.client.post(HERE, json={"is_cso": True})
    assert answer.status_code == 422
    assert (await profile_of(owner))["is_cso"] is False


def form(**changes: str) -> dict[str, str]:
    until = {
        f"registration_valid_until-{part}": value
        for part, value in zip(("day", "month", "year"), ("31", "3", "2027"), strict=True)
    }
    whole = {"first_name": "Ada", "last_name": "Example", "username": "", "profession": "", "training": ""}
    return {**whole, **until, "registration_body": "Other body", "registration_number": "1", **changes}


async def test_the_form(owner: Person) -> None:
    answer = await owner.client.post(HERE, data=form(), headers=PAGE)
    assert (answer.status_code, answer.headers["location"]) == (303, "/account/?after=profile")
    found = await profile_of(owner)
    assert (found["registration_valid_until"], found["registration_body"]) == ("2027-03-31", "Other body")
    page = (await owner.client.get(HERE, headers=PAGE)).text
    for box in ('name="registration_valid_until-day" type="text" value="31"', 'value="3"', 'value="2027"'):
        assert box in page
    assert '<option value="General Medical Council">' in page
    emptied = {f"registration_valid_until-{part}": "" for part in ("day", "month", "year")}
    await owner.client.post(HERE, data=form(**emptied), headers=PAGE)
    assert (await profile_of(owner))["registration_valid_until"] is None


@pytest.mark.parametrize(
    ("day", "month", "year", "said"),
    [
        ("30", "2", "2027", "Registration valid until must be a real date"),
        ("", "2", "2027", "Registration valid until must include a day"),
        ("1", "", "", "Registration valid until must include a month and a year"),
        ("1", "2", "27", "Registration valid until must be a date such as"),
        ("one", "2", "2027", "Registration valid until must be a date such as"),
        ("1", "2-3", "2027", "Registration valid until must be a date such as"),
    ],
)
async def test_a_day_that_is_none_is_kept_and_explained(
    owner: Person, day: str, month: str, year: str, said: str
) -> None:
    boxes = {"day": day, "month": month, "year": year}
    answer = await owner.client.post(
        HERE, data=form(**{f"registration_valid_until-{part}": value for part, value in boxes.items()}), headers=PAGE
    )
    assert answer.status_code == 422
    assert said in answer.text
    assert 'href="#registration_valid_until"' in answer.text
    assert 'id="registration_valid_until"' in answer.text
    assert f'value="{year}"' in answer.text or not year
    assert (await profile_of(owner))["registration_valid_until"] is None


@pytest.mark.parametrize("value", [20270331, 1.5, True, "2027-03-31T00:00:00", "31/3/2027", "", "2027-03", [], {}])
async def test_json_takes_a_day_in_one_spelling(owner: Person, value: object) -> None:
    answer = await owner.client.post(HERE, json={"registration_valid_until": value})
    assert answer.status_code == 422
