"""Headers by which a browser protects the people who use it (OWASP ASVS 5.0, V3.4)."""

from collections.abc import Awaitable

from starlette.types import ASGIApp, Message, Receive, Scope, Send

CONTENT_SECURITY_POLICY = (
    "default-src 'self'; base-uri 'none'; object-src 'none'; form-action 'self'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cache-Control": "no-store",
}
STRICT_TRANSPORT_SECURITY = "max-age=31536000; includeSubDomains"
RAW = [(name.lower().encode(), value.encode()) for name, value in HEADERS.items()]
OVER_HTTPS = [*RAW, (b"strict-transport-security", STRICT_TRANSPORT_SECURITY.encode())]


class SecurityHeaders:
    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        def protected(message: Message) -> Awaitable[None]:
            if message["type"] == "http.response.start":
                headers = message.get("headers", ())
                given = {name for name, _ in headers}
                wanted = OVER_HTTPS if scope["scheme"] == "https" else RAW
                message["headers"] = [*headers, *[pair for pair in wanted if pair[0] not in given]]
            return send(message)

        await self.app(scope, receive, protected)
