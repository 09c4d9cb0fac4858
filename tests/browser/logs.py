"""The logs that are walked from import to closure: published ones where they are at hand, and ours in their layouts."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.async_api import FilePayload

from tests.exchange import joint_journey
from tests.exchange.test_published_logs import LOGS, OUR_PAGE, published

WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PAGES = "FHIR*.page.md"


@dataclass(frozen=True)
class Log:
    """`hazards` is how many it has, `to_assess` how many ratings a person has to make anew."""

    name: str
    content: bytes
    hazards: int
    to_assess: int = 0

    @property
    def file(self) -> FilePayload:
        kind = WORKBOOK if self.name.endswith(".xlsx") else "text/markdown"
        return FilePayload(name=self.name, mimeType=kind, buffer=self.content)


def our_journey() -> Log:
    return Log("log.xlsx", joint_journey.workbook_bytes(), len(joint_journey.ROWS), 2 * len(joint_journey.ROWS))


def joint_journeys() -> Log:
    return Log(joint_journey.NAME, (LOGS / "joint-journey" / joint_journey.NAME).read_bytes(), 10, 20)


def our_pages() -> Log:
    return Log("log.md", "\n".join([OUR_PAGE] * 3).encode(), 3)


def uk_core() -> Log:
    real = [path.read_bytes() for path in sorted((LOGS / "nhsdigital-uk-core").glob(PAGES))]
    return Log("UK Core hazard log.md", b"\n".join(real), len(real))


def a_log(of: Callable[[], Log], *marks: Any) -> Any:
    return pytest.param(of, id=of.__name__.replace("_", "-"), marks=marks)


EVERY = [a_log(our_journey), a_log(our_pages), a_log(joint_journeys, published), a_log(uk_core, published)]
