"""What a page says of the change that led to it: the words of `?after=...` at the end of a redirect."""

from starlette.requests import Request

AFTER = {
    "registration": "Your account is made. Sign in with your email address and the password that you chose.",
    "reset_password": "Your new password is saved. Sign in with it.",
    "deactivation": "Your account is deactivated, and you are signed out everywhere.",
    "verification": "Your email address is confirmed.",
    "profile": "Your profile is saved.",
    "privacy": "What you show to others is saved.",
    "notices": "What you are told of, and how, is saved.",
    "password": "Your password is changed. You are signed out everywhere else.",
    "email_address": "Your email address is changed. You are signed out everywhere else.",
    "picture": "Your picture is saved.",
    "no_picture": "Your picture is removed.",
    "project": "The project is saved.",
    "hazards": "The hazards that you chose are changed, and this is the list that you chose them from.",
    "again": "It is recorded. Here is an empty form for the next one.",
}


def said_after(request: Request) -> str | None:
    """The words, or None: also for what is none of ours, as a page must not say what a link tells it to."""
    return AFTER.get(request.query_params.get("after", ""))
