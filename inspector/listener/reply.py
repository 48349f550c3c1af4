"""What goes back to the client, and its bytes. Pure but for the clock it is given. Imports history's records."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from email.utils import formatdate
from http import HTTPStatus

from inspector.history.model import Headers

CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"
_NO_LENGTH = frozenset({204, 304})  # RFC 9110 8.6
_TEXT_TYPE = "Content-Type: text/plain; charset=utf-8\r\n"


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer. `status` None: none at all, the connection is dropped. `text` is a line for people who look
    at the client. `close` ends the connection after it. `note` says why, for the history; it does not go to
    the client."""

    status: int | None
    headers: Headers = ()
    text: str = ""
    delay_seconds: float = 0.0
    close: bool = False
    note: str = ""

    @property
    def body(self) -> bytes:
        return f"{self.text}\n".encode() if self.text else b""


class Renderer:
    """Replies as bytes. Most are the same within one second, so those are made once."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._second = -1
        self._date = ""
        self._made: dict[tuple[Reply, bool, str, bool], bytes] = {}

    def render(
        self, reply: Reply, *, keep_alive: bool, version: str = "1.1", head_only: bool = False
    ) -> bytes:
        """The bytes of `reply` (which has a status) to a request of HTTP `version`; `head_only` leaves the
        body out, as HEAD asks."""
        second = int(self._clock())
        if second != self._second:
            self._second = second
            self._date = formatdate(second, usegmt=True)
            self._made.clear()
        key = (reply, keep_alive, version, head_only)
        made = self._made.get(key)
        if made is None:
            made = self._made[key] = self._make(
                reply, keep_alive=keep_alive, version=version, head_only=head_only
            )
        return made

    def _make(self, reply: Reply, *, keep_alive: bool, version: str, head_only: bool) -> bytes:
        assert reply.status is not None
        lines = [f"HTTP/1.1 {reply.status} {phrase(reply.status)}\r\nDate: {self._date}\r\n"]
        lines += [f"{name}: {value}\r\n" for name, value in reply.headers]
        body = reply.body
        if reply.status not in _NO_LENGTH:
            if body:
                lines.append(_TEXT_TYPE)
            lines.append(f"Content-Length: {len(body)}\r\n")
        if not keep_alive:
            lines.append("Connection: close\r\n")
        elif version == "1.0":
            lines.append("Connection: keep-alive\r\n")
        head = "".join((*lines, "\r\n")).encode("latin-1")
        return head if head_only or reply.status in _NO_LENGTH else head + body


def phrase(status: int) -> str:
    """The reason phrase of a status, empty for one that has no name."""
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return ""


def plain_http_reply(url: str) -> bytes:
    """What a client that speaks plain HTTP to the TLS port is told."""
    text = (
        "This port speaks HTTPS with mutual TLS, not plain HTTP.\n"
        f"Use {url} and show a client certificate, for example:\n"
        "curl --cacert dev-ca.pem --cert mybrandpushCrt.pem --key mybrandpushKey.pem --data @push.json "
        f"{url}\n"
    )
    body = text.encode()
    head = f"HTTP/1.1 400 Bad Request\r\n{_TEXT_TYPE}Content-Length: {len(body)}\r\nConnection: close\r\n\r\n"
    return head.encode() + body
