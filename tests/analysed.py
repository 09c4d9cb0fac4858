"""The endpoints of the product are loaded once in a process of tests, not once for each of thousands of applications.

That is nine tenths of what making an application costs. What is kept belongs to no application; trees that tests plant
are loaded each time.
"""

from collections.abc import Iterable
from types import ModuleType

from starlette.routing import BaseRoute

import endpoints
import main
from endpoints._loader import load
from endpoints._tree import Operation

LOADED: dict[str, list[Operation]] = {}
"""By the prefix of the URLs."""


def load_once(package: ModuleType, prefix: str = "", outsiders: Iterable[BaseRoute] = ()) -> list[Operation]:
    if package is not endpoints:
        return load(package, prefix, outsiders)
    if prefix not in LOADED:
        LOADED[prefix] = load(package, prefix, outsiders)
    return LOADED[prefix]


setattr(main, "load", load_once)  # noqa: B010 - what main itself imported is no name that it offers
