"""Passes pushes on to an upstream as they came, for a listener that stands before it. Imports httpx and httpcore (by
the sender's own network), so nothing that runs at start-up may import this.

What is changed on the way: the fields that are for one connection only (RFC 9110 7.6.1), Host, Content-Length, and a
Via that tells a push that has come around in a circle.
"""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable, Sequence
from urllib.parse import quote

from inspector.errors import UsageError
from inspector.history.model import Forwarded, Headers
from inspector.sender.cancel import Cancel
from inspector.sender.forward_line import Line, LoopError
from inspector.sender.model import Target
from inspector.sender.own_address import is_own_address, own_address_of
from inspector.sender.send import Prepared

OwnAddresses = Callable[[], Sequence[tuple[str, int]]]
"""The hosts and ports that the listener has now."""

_FOR_ONE_CONNECTION = frozenset(
    {
        "connection",
        "content-length",
        "expect",
        "host",
        "keep-alive",
        "proxy-authorization",
        "proxy-connection",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
    }
)
_MOST_KEPT = 16
_PRINTABLE = "".join(map(chr, range(0x21, 0x7F)))


class Forwarder:
    """Passes pushes on to `target`, from any thread; connections are kept alive and used again.

    `address` is the target's URL, `mark` what it puts into Via: a push that comes with it is one of ours. Raises
    UsageError (CertificateError) for a target that nothing can be sent to.
    """

    def __init__(self, target: Target, own_addresses: OwnAddresses = tuple) -> None:
        self._prepared = Prepared(target)
        self._own_addresses = own_addresses
        self._cancel = Cancel()
        self._lock = threading.Lock()
        self._idle: list[Line] = []
        self.address = str(self._prepared.url)
        self.mark = f"push-inspector-{secrets.token_hex(6)}"

    def check(self) -> None:
        """Raises UsageError where the target is the listener itself, whatever its name here."""
        url = self._prepared.url
        port = self._prepared.port
        if port in self._own_ports() and (found := own_address_of(url.host, port)) is not None:
            raise UsageError(
                f"{self.address} is this listener itself ({found}); pushes would go around in a circle.",
                "Name another host or port to forward to.",
                code="forward_loop",
            )

    def forward(self, method: str, target: str, headers: Headers, body: bytes) -> Forwarded:
        """Pass one request on; `target` is its path and query, as it came. Never raises: trouble is in the result,
        with a reason of SendFailure's or `forward_loop`, `answer_too_large`, `invalid_request`."""
        line = self._take_line()
        try:
            result = line.post(method, self._path(target), self._fields(headers), body)
        except BaseException:
            line.close()
            raise
        self._put_back(line)
        return result

    def close(self) -> None:
        """Break off what is being passed on, and close the connections."""
        self._cancel.cancel()
        with self._lock:
            idle, self._idle = self._idle, []
        for line in idle:
            line.close()

    def _take_line(self) -> Line:
        with self._lock:
            if self._idle:
                return self._idle.pop()
        return Line(self._prepared, self._refuse_own, self._cancel)

    def _put_back(self, line: Line) -> None:
        with self._lock:
            if not self._cancel.cancelled and len(self._idle) < _MOST_KEPT:
                self._idle.append(line)
                return
        line.close()

    def _own_ports(self) -> set[int]:
        return {port for _host, port in self._own_addresses()}

    def _refuse_own(self, host: str, port: int) -> None:
        """Names are resolved anew for every connection, so each is looked at."""
        if port in self._own_ports() and is_own_address(host):
            raise LoopError

    def _path(self, target: str) -> bytes:
        """The target's own path, where it has one, with the query that came; else all that came."""
        own = self._prepared.url.raw_path.decode("ascii")
        if "://" in target.partition("?")[0]:  # the absolute form that proxies are sent (RFC 9112 3.2.2)
            target = "/" + target.partition("://")[2].partition("/")[2]
        if own != "/":
            query = target.partition("?")[2]
            target = f"{own}?{query}" if query and "?" not in own else own
        return quote(target, safe=_PRINTABLE).encode("ascii")

    def _fields(self, headers: Headers) -> list[tuple[bytes, bytes]]:
        named = {
            option.strip().lower()
            for name, value in headers
            if name.lower() == "connection"
            for option in value.split(",")
        }
        target = self._prepared.target
        ours = list(target.headers)
        if target.basic_user or target.basic_password:
            ours += [one for one in self._prepared.headers if one[0].lower() == "authorization"]
        left_out = _FOR_ONE_CONNECTION | named | {name.lower() for name, _value in ours}
        passed = [(name, value) for name, value in headers if name.lower() not in left_out]
        host = self._prepared.url.netloc
        return [
            (b"Host", host),
            *(
                (_octets(name), _octets(value))
                for name, value in (*passed, *ours, ("Via", f"1.1 {self.mark}"))
            ),
        ]


def _octets(text: str) -> bytes:
    """A field as it came: the listener reads it as UTF-8 if it is that, else as Latin-1."""
    return text.encode("utf-8", "surrogateescape")
