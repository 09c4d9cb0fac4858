"""The logs that are walked from import to closure: published ones where they are at hand, and ours in their layouts."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.async_api import FilePayload

from tests.exchange import joint_journey
from tests.exchange.official_log import official_workbook_bytes
from tests.exchange.test_published_logs import LOGS, OUR_PAGE, published, with_levels
from tests.exchange.uk_core import page, pages

WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True)
class Log:
    """`hazards` is how many it has, `to_assess` how many ratings a person has to make anew."""

    content: bytes
    hazards: int
    to_assess: int = 0

    @property
    def file(self) -> FilePayload:
        return FilePayload(name="log.xlsx", mimeType=WORKBOOK, buffer=self.content)


def our_journey() -> Log:
    return Log(joint_journey.workbook_bytes(), len(joint_journey.ROWS), 2 * len(joint_journey.ROWS))


def joint_journeys() -> Log:
    return Log((LOGS / "joint-journey" / joint_journey.NAME).read_bytes(), 10, 20)


def our_pages() -> Log:
    three = [page(f"OWN{number}", OUR_PAGE) for number in (1, 2, 3)]
    return Log(official_workbook_bytes(with_levels(three)), len(three))


def uk_core() -> Log:
    real = list(pages(LOGS / "nhsdigital-uk-core"))
    return Log(official_workbook_bytes(with_levels(real)), len(real))


def a_log(of: Callable[[], Log], *marks: Any) -> Any:
    return pytest.param(of, id=of.__name__.replace("_", "-"), marks=marks)


EVERY = [a_log(our_journey), a_log(our_pages), a_log(joint_journeys, published), a_log(uk_core, published)]
