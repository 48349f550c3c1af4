"""One connection to an upstream, and what came of a request on it. Imports httpx and httpcore (by the sender's own
network).
"""

from __future__ import annotations

import contextlib
import ssl
from collections.abc import Callable, Iterable
from typing import cast

import httpcore

from inspector.history.model import Advice, Forwarded
from inspector.sender.attempt import Attempt
from inspector.sender.cancel import Cancel
from inspector.sender.diagnose import diagnose
from inspector.sender.model import SendFailure
from inspector.sender.send import NETWORK_TROUBLE, Prepared
from inspector.sender.wire import Network

LONGEST_ANSWER = 8 * 1024 * 1024  # bytes
# A connection that is idle for longer is not trusted: the shortest that web servers usually keep one is 5 s.
_KEPT_ALIVE_SECONDS = 4.0


class LoopError(Exception):
    """The connection has led to ourselves."""


class _TooLongError(Exception):
    """The answer is longer than can be passed back."""


class Line:
    """One connection to the target at a time, kept alive, for one request after the other."""

    def __init__(self, prepared: Prepared, guard: Callable[[str, int], None], cancel: Cancel) -> None:
        self._prepared = prepared
        self._cancel = cancel
        self._network = _GuardedNetwork(prepared, guard)
        self._pool = httpcore.ConnectionPool(
            ssl_context=ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT),  # never used: see Network
            max_connections=1,
            keepalive_expiry=_KEPT_ALIVE_SECONDS,
            network_backend=self._network,
        )

    def close(self) -> None:
        with contextlib.suppress(*NETWORK_TROUBLE):
            self._pool.close()

    def post(self, method: str, path: bytes, headers: list[tuple[bytes, bytes]], body: bytes) -> Forwarded:
        prepared, url = self._prepared, self._prepared.url
        attempt = self._network.attempt = prepared.attempt(self._cancel)
        fields = [*headers, (b"Content-Length", b"%d" % len(body))]
        shown = f"{url.scheme}://{url.netloc.decode('ascii')}{path.decode('ascii')}"
        response: httpcore.Response | None = None
        try:
            if self._cancel.cancelled:
                return _failed(
                    shown, SendFailure("cancelled", "The listener was about to stop.", ""), attempt
                )
            request = httpcore.Request(
                method,
                httpcore.URL(
                    scheme=url.scheme.encode("ascii"), host=url.raw_host, port=url.port, target=path
                ),
                headers=fields,
                content=body,
                extensions={"trace": attempt.trace, "sni_hostname": url.host.rstrip(".")},
            )
            response = self._pool.handle_request(request)
            answer = _read(response)
        except LoopError:
            return _failed(shown, _loop(shown), attempt)
        except _TooLongError:
            return _failed(shown, _too_long(shown), attempt)
        except httpcore.LocalProtocolError as error:
            return _failed(shown, _not_sendable(error), attempt)
        except NETWORK_TROUBLE as error:
            status = response.status if response is not None else None
            trouble = prepared.trouble(error, attempt, self._network.stream, status)
            return _failed(shown, diagnose(trouble), attempt)
        finally:
            timings = attempt.timings()
            if response is not None:
                with contextlib.suppress(*NETWORK_TROUBLE):
                    response.close()
        texts = tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in response.headers)
        return Forwarded(shown, response.status, texts, answer, timings)


class _GuardedNetwork(Network):
    """Looks at where each connection has led."""

    def __init__(self, prepared: Prepared, guard: Callable[[str, int], None]) -> None:
        super().__init__(prepared.context, prepared.watch, prepared.target.proxy)
        self._guard = guard

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[object] | None = None,
    ) -> httpcore.NetworkStream:
        made = super().connect_tcp(host, port, timeout, local_address, socket_options)
        assert self.stream is not None
        reached, _, at = self.stream.peer.rpartition(":")
        try:
            self._guard(reached.strip("[]"), int(at))
        except LoopError:
            made.close()
            raise
        return made


def _read(response: httpcore.Response) -> bytes:
    kept = bytearray()
    for chunk in cast("Iterable[bytes]", response.stream):
        kept += chunk
        if len(kept) > LONGEST_ANSWER:
            raise _TooLongError
    return bytes(kept)


def _loop(url: str) -> SendFailure:
    return SendFailure(
        "forward_loop",
        f"{url} is this listener itself; the push was not passed on.",
        "Name another host or port to forward to.",
    )


def _too_long(url: str) -> SendFailure:
    return SendFailure(
        "answer_too_large",
        f"The answer of {url} is longer than the {LONGEST_ANSWER:,} bytes that are passed back.",
        "Have it answer shorter: the pusher looks at the status only.",
    )


def _not_sendable(error: Exception) -> SendFailure:
    text = str(error)
    return SendFailure(
        "invalid_request",
        f"The push can't be passed on as it came: {text[:1].lower()}{text[1:]}.",
        "Look at its header fields.",
        text,
    )


def _failed(url: str, failure: SendFailure, attempt: Attempt) -> Forwarded:
    alert = f"TLS alert {failure.alert}" if failure.alert else ""
    remedy = failure.next_step
    if failure.reason == "timeout":
        remedy = f"Look at the upstream's log, or allow it more than {attempt.limit:g} s."
    return Forwarded(
        url,
        timings=attempt.timings() if attempt.begun else None,
        reason=failure.reason,
        detail=": ".join(part for part in (alert, failure.detail) if part) or None,
        advice=Advice(failure.message, remedy=remedy),
    )
