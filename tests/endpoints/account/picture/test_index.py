"""Uploading a picture: kept as ours, or refused with the reason and nothing stored."""

from io import BytesIO

import httpx
from PIL import Image

from tests.authentication import stored
from tests.clients import PAGE, Person
from tests.drawn import a_picture, drawn, saved

HERE = "/account/picture/"


async def upload(person: Person, content: bytes, name: str = "me.png", **headers: str) -> httpx.Response:
    kind = headers.pop("kind", "image/png")
    return await person.client.post(HERE, files={"file": (name, content, kind)}, headers=headers)


async def test_it_is_kept_as_a_jpeg_of_ours(owner: Person) -> None:
    assert (await owner.client.get(HERE)).json()["picture"] is None
    assert (await upload(owner, saved(drawn(1000, 600), "WEBP"))).status_code == 204
    found = (await owner.client.get(HERE)).json()
    assert found["picture"] == f"/users/{owner.id}/picture/"
    answer = await owner.client.get(found["picture"])
    image = Image.open(BytesIO(answer.content))
    assert (image.format, image.size) == ("JPEG", (500, 300))
    (entry,) = await stored.history("user:picture")
    assert (entry["entity_id"], entry["after"]) == (owner.id, {"sha256": found["sha256"]})


async def test_another_takes_its_place(owner: Person) -> None:
    await upload(owner, a_picture())
    before = (await owner.client.get(HERE)).json()["sha256"]
    await upload(owner, saved(drawn(20, 20)))
    assert (await owner.client.get(HERE)).json()["sha256"] != before


async def test_the_content_decides_not_the_name(owner: Person) -> None:
    svg = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
    for name, kind in (("me.png", "image/png"), ("me.svg", "image/svg+xml"), ("me.jpg", "image/jpeg")):
        answer = await upload(owner, svg, name, kind=kind)
        assert answer.status_code == 422
        assert answer.json()["errors"][0]["message"] == "The file must be a JPEG, PNG, WebP or GIF picture"
    assert (await upload(owner, a_picture(), "me.exe", kind="application/octet-stream")).status_code == 204


async def test_what_is_refused_leaves_the_picture_that_was_there(owner: Person) -> None:
    await upload(owner, a_picture())
    before = (await owner.client.get(HERE)).json()
    for content in (b"", b"nothing", saved(drawn(400, 400), "JPEG")[:700], a_picture() + bytes(10_000_001)):
        assert (await upload(owner, content)).status_code == 422
    assert (await owner.client.post(HERE, files={"other": ("me.png", a_picture())})).status_code == 422
    assert (await owner.client.post(HERE, json={"file": "x"})).status_code == 422
    assert (await owner.client.get(HERE)).json() == before
    assert len(await stored.history("user:picture")) == 1


async def test_the_page(owner: Person) -> None:
    page = (await owner.client.get(HERE, headers=PAGE)).text
    assert "app-picture" not in page
    done = await upload(owner, a_picture(), **PAGE)
    assert (done.status_code, done.headers["location"]) == (303, f"{HERE}?after=picture")
    page = (await owner.client.get(HERE, headers=PAGE)).text
    assert f'src="/users/{owner.id}/picture/?' in page
    refused = await upload(owner, b"x", **PAGE)
    assert refused.status_code == 422
    assert 'href="#file"' in refused.text
