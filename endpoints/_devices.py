"""Names the browser and the system in a user agent, so that people recognise a session of theirs; it proves nothing."""

import re

# The first that matches counts: Edge and Opera say that they are Chrome, and Chrome says that it is Safari.
BROWSERS = {
    "Edge": r"Edg(e|A|iOS)?/",
    "Opera": r"OPR/|Opera",
    "Samsung Internet": r"SamsungBrowser/",
    "Firefox": r"Firefox/|FxiOS/",
    "Chrome": r"Chrome/|Chromium/|CriOS/",
    "Safari": r"Version/[\d.]+.* Safari/",
    "curl": r"^curl/",
    "Python": r"^python|^Python",
}
SYSTEMS = {
    "Windows": r"Windows",
    "iPad": r"iPad",
    "iPhone": r"iPhone",
    "Android": r"Android",
    "ChromeOS": r"CrOS",
    "macOS": r"Macintosh|Mac OS X",
    "Linux": r"Linux|X11",
}


def device_words(user_agent: str) -> str:
    """Such as "Edge on Windows", as far as the user agent can be believed."""
    browser = first(BROWSERS, user_agent)
    system = first(SYSTEMS, user_agent)
    if browser and system:
        return f"{browser} on {system}"
    return browser or system or "Unknown device"


def first(known: dict[str, str], user_agent: str) -> str:
    return next((name for name, sign in known.items() if re.search(sign, user_agent)), "")
