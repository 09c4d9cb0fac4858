"""The endpoints of the product are analysed once in a process of tests, not once for each of thousands of applications.

That is nine tenths of what making an application costs. What is kept belongs to no application; trees that tests plant
elsewhere, and modules that cannot be served, are analysed each time.
"""

import functools
from pathlib import Path

import endpoints
from endpoints import _loader
from endpoints._loader import Endpoint
from endpoints._tree import Operation

PRODUCT = Path(endpoints.__path__[0])
analyse = _loader.operations_of
analyse_once = functools.cache(analyse)


def operations_of(endpoint: Endpoint, prefix: str) -> list[Operation]:
    return analyse_once(endpoint, prefix) if endpoint.root == PRODUCT else analyse(endpoint, prefix)


_loader.operations_of = operations_of
