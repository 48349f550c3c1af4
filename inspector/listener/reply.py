"""What goes back to the client, and its bytes. Pure but for the clock it is given. Imports history's records and
the words for answers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from email.utils import formatdate
from http import HTTPStatus

from inspector.history.model import Headers
from inspector.listener.rule import Fault

CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"
_NO_LENGTH = frozenset({204, 304})  # RFC 9110 8.6
_MOST_MADE = 512
_TEXT_TYPE = "Content-Type: text/plain; charset=utf-8\r\n"


@dataclass(frozen=True, slots=True, eq=False)
class Reply:
    """An answer, compared by identity. `status` None: none at all, the connection is dropped, or what `fault` says.

    `text` is a line for people who look at the client, `content` a body of its own. `close` ends the connection after
    it. `note` says why, for the history; it does not go to the client. `rule` is the name of the rule that chose it.
    `refused`: the push was not let in. `insists`: it goes before what an upstream answers. `once`: it is not worth
    keeping its bytes.
    """

    status: int | None
    headers: Headers = ()
    text: str = ""
    delay_seconds: float = 0.0
    close: bool = False
    note: str = ""
    content: bytes = b""
    fault: Fault = Fault.NONE
    rule: str | None = None
    refused: bool = False
    insists: bool = False
    once: bool = False

    @property
    def body(self) -> bytes:
        return f"{self.text}\n".encode() if self.text else self.content

    @property
    def comes_later(self) -> bool:
        """Whether it is known only after a while how the push was answered."""
        return self.delay_seconds > 0 or self.fault is Fault.SILENCE


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
            made = self._make(reply, keep_alive=keep_alive, version=version, head_only=head_only)
            if not reply.once:
                if len(self._made) >= _MOST_MADE:
                    self._made.clear()
                self._made[key] = made
        return made

    def _make(self, reply: Reply, *, keep_alive: bool, version: str, head_only: bool) -> bytes:
        assert reply.status is not None
        lines = [f"HTTP/1.1 {reply.status} {phrase(reply.status)}\r\n"]
        if not any(name.lower() == "date" for name, _value in reply.headers):
            lines.append(f"Date: {self._date}\r\n")
        lines += [f"{name}: {value}\r\n" for name, value in reply.headers]
        body = reply.body
        if reply.status not in _NO_LENGTH:
            if reply.text:
                lines.append(_TEXT_TYPE)
            lines.append(f"Content-Length: {len(body)}\r\n")
        if not keep_alive:
            lines.append("Connection: close\r\n")
        elif version == "1.0":
            lines.append("Connection: keep-alive\r\n")
        head = "".join((*lines, "\r\n")).encode("latin-1")
        return head if head_only or reply.status in _NO_LENGTH else head + body


def cut_in_half(rendered: bytes) -> bytes:
    """A whole answer without the second half of its body, which it goes on announcing."""
    start = rendered.find(b"\r\n\r\n") + 4
    return rendered[: start + (len(rendered) - start) // 2]


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
    return _final(text)


def tls_reply(url: str) -> bytes:
    """What a client that speaks TLS to the plain HTTP port is sent. Its TLS library names the mistake by it
    ("wrong version number")."""
    return _final(f"This port speaks plain HTTP, for a proxy that ends TLS: {url}\n")


def _final(text: str) -> bytes:
    body = text.encode()
    head = f"HTTP/1.1 400 Bad Request\r\n{_TEXT_TYPE}Content-Length: {len(body)}\r\nConnection: close\r\n\r\n"
    return head.encode() + body
