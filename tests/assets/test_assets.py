"""Serving the browser assets: URLs that follow the content, caching, and files that fit a strict policy."""

import gzip
import re
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette

import assets

SERVED = assets.files()
TEXT = {name: asset.content.decode() for name, asset in SERVED.items()}
STYLES = sorted(name for name in SERVED if name.endswith(".css"))
SCRIPTS = sorted(name for name in SERVED if name.endswith(".js"))
PICTURES = sorted(name for name in SERVED if name.endswith(".svg"))
PLAIN = {"Accept-Encoding": "identity"}


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    app = Starlette()
    assets.mount(app, "/turva")
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://turva.example") as opened:
        yield opened


def asset(content: bytes) -> assets.Asset:
    return assets.Asset(content, b"", "text/css")


def test_a_url_holds_the_prefix_and_the_digest() -> None:
    assert assets.url("app.css", "/turva") == f"/turva/assets/{assets.digest()}/app.css"
    assert re.fullmatch("[0-9a-f]{16}", assets.digest())


def test_a_url_of_nothing_is_refused() -> None:
    with pytest.raises(KeyError, match=r"no asset 'app\.cs'"):
        assets.url("app.cs")


def test_the_digest_follows_every_name_and_every_byte() -> None:
    variants = [
        {"a.css": asset(b"1"), "b.css": asset(b"2")},
        {"a.css": asset(b"1"), "b.css": asset(b"3")},
        {"a.css": asset(b"1"), "c.css": asset(b"2")},
        {"a.css": asset(b"12"), "b.css": asset(b"")},
        {"a.css": asset(b"1")},
    ]
    assert len({assets.digest_of(files) for files in variants}) == len(variants)
    assert assets.digest_of({"b": asset(b"2"), "a": asset(b"1")}) == assets.digest_of(
        {"a": asset(b"1"), "b": asset(b"2")}
    )


async def test_browsers_may_keep_an_asset_for_ever(client: httpx.AsyncClient) -> None:
    for name, served in SERVED.items():
        answer = await client.get(assets.url(name, "/turva"), headers=PLAIN)
        assert answer.status_code == 200
        assert answer.content == served.content
        assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
        assert answer.headers["content-type"].startswith(assets.MEDIA_TYPES[Path(name).suffix])


async def test_an_asset_of_another_version_is_served_but_not_kept(client: httpx.AsyncClient) -> None:
    answer = await client.get("/turva/assets/0000000000000000/app.css")
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-cache"


async def test_assets_travel_compressed_to_who_can_read_it(client: httpx.AsyncClient) -> None:
    answer = await client.get(assets.url("nhsuk.css", "/turva"), headers={"Accept-Encoding": "br, gzip"})
    assert answer.headers["content-encoding"] == "gzip"
    assert answer.headers["vary"] == "Accept-Encoding"
    assert answer.content == gzip.decompress(SERVED["nhsuk.css"].compressed) == SERVED["nhsuk.css"].content
    assert int(answer.headers["content-length"]) < len(SERVED["nhsuk.css"].content) / 5


@pytest.mark.parametrize("name", ["none.css", "install.py", "%2e%2e/install.py", "stamp.txt", ""])
async def test_nothing_else_is_served(client: httpx.AsyncClient, name: str) -> None:
    assert (await client.get(f"/turva/assets/{assets.digest()}/{name}")).status_code == 404


async def test_head_is_answered_and_other_methods_are_not(client: httpx.AsyncClient) -> None:
    url = assets.url("app.js", "/turva")
    assert (await client.head(url)).status_code == 200
    assert (await client.post(url)).status_code == 405


@pytest.mark.parametrize("kept", [None, "made from an older lock"])
def test_without_the_assets_nothing_starts(tmp_path: Path, kept: str | None) -> None:
    if kept:
        (tmp_path / assets.STAMP).write_text(kept)
    with pytest.raises(assets.AssetsMissingError, match="run `make assets`"):
        assets.collect(tmp_path)


@pytest.mark.parametrize("name", STYLES)
def test_styles_name_only_files_that_are_served(name: str) -> None:
    assert set(re.findall(r"url\(([^)]*)\)", TEXT[name])) <= set(SERVED)
    assert "@import" not in TEXT[name]
    assert "@font-face" not in TEXT[name]


@pytest.mark.parametrize("name", SCRIPTS)
def test_scripts_import_only_files_that_are_served(name: str) -> None:
    assert set(re.findall(r'from "\./([^"]+)"', TEXT[name])) <= set(SERVED)
    assert not re.findall(r'\bfrom ?"(?!\./)', TEXT[name])


@pytest.mark.parametrize("name", PICTURES)
def test_pictures_hold_neither_styles_nor_scripts(name: str) -> None:
    assert not re.search(r"style|<script|\bon\w+=|href", TEXT[name])


def luminance(colour: str) -> float:
    """Relative luminance of #rrggbb (WCAG 2.2)."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_risk_colours_are_readable() -> None:
    colours = dict(re.findall(r"--app-level-(\d): (#[0-9a-f]{6});", TEXT["app.css"]))
    assert sorted(colours) == list("12345")
    for level, colour in colours.items():
        light, dark = sorted((luminance(colour), luminance("#ffffff" if level == "5" else "#212b32")), reverse=True)
        assert (light + 0.05) / (dark + 0.05) >= 4.5, level
