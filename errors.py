"""The errors of the domain: each class knows its status and its words, and all leave in one shape."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FieldProblem:
    """What is wrong with one field of a request, in words for the person who filled it in."""

    field: str
    message: str


class TurvaError(Exception):
    """An answer that is not a success; `detail` may be shown to anyone, so it never repeats input."""

    status = 500
    code = "SERVER_ERROR"
    title = "Sorry, there is a problem with the service"
    detail = "The problem has been recorded. Try again later."
    remedy = ""
    """Where a person finds what stands in the way, as a link."""

    def __init__(
        self,
        detail: str | None = None,
        *,
        problems: Sequence[FieldProblem] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        if detail is not None:
            self.detail = detail
        self.problems = tuple(problems)
        self.headers = dict(headers or {})
        super().__init__(self.detail)

    def body(self) -> dict[str, object]:
        """The JSON of this error; `errors` only when single fields are at fault."""
        shape: dict[str, object] = {
            "detail": self.detail,
            "title": self.title,
            "statusCode": str(self.status),
            "code": self.code,
        }
        if self.problems:
            shape["errors"] = [{"field": p.field, "message": p.message} for p in self.problems]
        return shape


class BadRequest(TurvaError):
    status = 400
    code = "BAD_REQUEST"
    title = "The request could not be understood"
    detail = "Check the address and the format of what was sent."


class NotSignedIn(TurvaError):
    status = 401
    code = "NOT_SIGNED_IN"
    title = "Sign in to continue"
    detail = "You are not signed in, or your session has ended."

    def __init__(self, detail: str | None = None) -> None:
        super().__init__(detail, headers={"WWW-Authenticate": "Bearer"})  # RFC 9110, 15.5.2


class InvalidCredentials(TurvaError):
    status = 401
    code = "INVALID_CREDENTIALS"
    title = "You could not be signed in"
    detail = "Invalid credentials"


class WrongProof(InvalidCredentials):
    code = "WRONG_PROOF"
    title = "This did not prove who you are"
    detail = "The code or passkey is not right. Each code counts once, and a code of an app only while it shows it."


class NotAllowed(TurvaError):
    status = 403
    code = "NOT_ALLOWED"
    title = "You do not have permission"
    detail = "Your role does not allow this. Ask an owner of the project or an administrator."


class NotRecent(NotAllowed):
    code = "STEP_UP_REQUIRED"
    title = "Confirm that it is you"
    detail = "This needs your password or passkey from the last 5 minutes. Confirm that it is you, then try again."


class NotVerified(NotAllowed):
    code = "EMAIL_NOT_VERIFIED"
    title = "Verify your email address"
    detail = "Verify your email address first. The link is in the email that was sent to you."


class FactorMissing(NotAllowed):
    code = "SECOND_FACTOR_REQUIRED"
    title = "Set up a second factor"
    detail = "Your role requires a second factor. Set one up in your account, then sign in with it."


class InvalidToken(TurvaError):
    """RFC 6750, 3.1. It is no NotSignedIn: a program is never led to a page to sign in on."""

    status = 401
    code = "INVALID_TOKEN"
    title = "The token does not work"
    detail = "It is unknown, has expired or was revoked. A cookie sent with it does not count."

    def __init__(self, detail: str | None = None) -> None:
        super().__init__(detail, headers={"WWW-Authenticate": 'Bearer error="invalid_token"'})


class ScopeMissing(NotAllowed):
    """RFC 6750, 3.1."""

    code = "INSUFFICIENT_SCOPE"
    title = "The token may not do this"
    detail = "No token may: sign in to do it."

    def __init__(self, scopes: Collection[str] = ()) -> None:
        able = f"It needs the scope {' or '.join(sorted(scopes))}." if scopes else None
        wanted = f', scope="{" ".join(sorted(scopes))}"' if scopes else ""
        super().__init__(able, headers={"WWW-Authenticate": f'Bearer error="insufficient_scope"{wanted}'})


class TooMany(TurvaError):
    status = 429
    code = "TOO_MANY_REQUESTS"
    title = "Too many attempts"
    detail = "Wait a moment, then try again."

    def __init__(self, detail: str | None = None, *, retry_after: int = 60) -> None:
        super().__init__(detail, headers={"Retry-After": str(retry_after)})


class CrossSiteRefused(TurvaError):
    status = 403
    code = "CROSS_SITE_REFUSED"
    title = "The request came from another site"
    detail = "For your safety only pages of this service may send this request. Open the page here and try again."


class NotFound(TurvaError):
    status = 404
    code = "NOT_FOUND"
    title = "Page not found"
    detail = "There is nothing at this address, or you may not see it. Check the address."


class MethodNotAllowed(TurvaError):
    status = 405
    code = "METHOD_NOT_ALLOWED"
    title = "This address does not do that"
    detail = "Use one of the methods named in the Allow header."


class Conflict(TurvaError):
    status = 409
    code = "CONFLICT"
    title = "This cannot be done as things are now"
    detail = "Nothing was changed."
    current: Mapping[str, object] | None = None
    """What is there already, for programs that merge or go on with it."""

    def body(self) -> dict[str, object]:
        return {**super().body(), **({"current": dict(self.current)} if self.current else {})}


class OutOfDate(Conflict):
    code = "OUT_OF_DATE"
    title = "This has been changed since you opened it"
    detail = "Nothing was changed. Compare your text with what is there now, then send it again."


class HazardClosed(Conflict):
    code = "HAZARD_CLOSED"
    title = "This hazard is closed"
    detail = "Nothing was changed. A closed hazard stays as it is: reopen it first, and say why."


class ProjectArchived(Conflict):
    code = "PROJECT_ARCHIVED"
    title = "This project is archived"
    detail = "Nothing was changed. An archived project can only be read; an owner of it can take it out of the archive."


class TooLarge(TurvaError):
    status = 413
    code = "TOO_LARGE"
    title = "What you sent is too large"
    detail = "Send less at once."


class Invalid(TurvaError):
    status = 422
    code = "VALIDATION_FAILED"
    title = "There is a problem"
    detail = "Some of what was sent is missing or not allowed. Nothing was stored."


class LinkUsed(Invalid):
    """Of a link in a letter; the same for one that was used, is too old, or never was one."""

    code = "LINK_NOT_VALID"
    title = "This link does not work any more"
    detail = "It was used already, is too old, or was not copied whole. Ask for another one. Nothing was changed."


class Unavailable(TurvaError):
    """The database did not answer in time; nothing is known about the session, so nothing is done."""

    status = 503
    code = "UNAVAILABLE"
    title = "The service is busy"
    detail = "Nothing was stored. Wait a moment, then try again."

    def __init__(self, detail: str | None = None, *, retry_after: int = 5) -> None:
        super().__init__(detail, headers={"Retry-After": str(retry_after)})
