"""What the page of the second of two editors shows, and what its form would send."""

import re
from html import unescape


def shown(page: str) -> tuple[set[str], dict[str, list[str]]]:
    """The fields that a page shows side by side, and all that its form would send as it stands."""
    hidden = re.findall(r'<input type="hidden" name="([\w-]+)" value="([^"]*)"', page)
    taken = re.findall(r'name="([\w-]+)"(?: type="checkbox")? value="([\w-]+)"[^>]* checked', page)
    boxes = re.findall(r'<textarea[^>]* name="([\w-]+)"[^>]*>([^<]*)</textarea>', page)
    boxes += re.findall(r'<input class="nhsuk-input[^>]* name="([\w-]+)"[^>]*? value="([^"]*)"', page)
    sent: dict[str, list[str]] = {}
    for name, value in [*hidden, *taken, *boxes]:
        sent.setdefault(name, []).append(unescape(value))
    return set(re.findall(r'id="(\w+)-heading"', page)), sent
