"""The contents of a long page, read off its headings, so that whoever adds a section adds nothing else."""

import re
from html import unescape

HEADING = re.compile(r'<h2\b[^>]*\bid="([^"]+)"[^>]*>(.*?)</h2>', re.DOTALL)
COUNT = re.compile(r"<span\b.*?</span>", re.DOTALL)
TAG = re.compile(r"<[^>]*>")


def headings(html: str) -> list[tuple[str, str]]:
    """The id and the words of each second heading that has an id; a tag inside it (a count) is left out."""
    found = HEADING.findall(re.sub(r"<template\b.*?</template>", "", html, flags=re.DOTALL))
    return [
        (name, " ".join(unescape(TAG.sub("", re.sub(r"<span\b.*?</span>", "", text))).split())) for name, text in found
    ]
