"""One push, sent as the pusher would. Imports httpx, so nothing that runs at start-up may import this.

Allowed: `inspector.sender`, `.certificates`, `.history` and `.errors`.
"""

from __future__ import annotations

import contextlib
import time
from types import TracebackType
from typing import Self

import httpcore
import httpx

from inspector.errors import UsageError
from inspector.history.model import Connection, Headers
from inspector.sender.attempt import Attempt
from inspector.sender.cancel import LONGEST_WAIT, Cancel, Cancelled
from inspector.sender.connect import text_of
from inspector.sender.context import client_context, native
from inspector.sender.diagnose import diagnose
from inspector.sender.facts import client_auth, connection_of
from inspector.sender.handshake import Handshake, HandshakeWatch
from inspector.sender.headers import request_headers
from inspector.sender.model import SendFailure, SendResult, Target
from inspector.sender.target import parse_url
from inspector.sender.transport import Transport
from inspector.sender.trouble import Trouble
from inspector.sender.wire import Network, Stream

KEPT_ANSWER_BYTES = 1024 * 1024
NETWORK_TROUBLE = (httpcore.NetworkError, httpcore.TimeoutException, httpcore.ProtocolError, Cancelled)


def send(target: Target, body: bytes, *, cancel: Cancel | None = None) -> SendResult:
    """POST `body`, byte for byte, to `target`, once; no redirect is followed.

    Trouble with the network never raises: it is the result's failure. Raises UsageError (CertificateError)
    for a target that nothing can be sent to.
    """
    with Session(Prepared(target), cancel=cancel) as session:
        return session.post(body)


class Prepared:
    """A target made ready: what several sessions at the same time can share.

    Raises UsageError (CertificateError) for a target that nothing can be sent to.
    """

    def __init__(self, target: Target) -> None:
        self.target = target
        self.url = _usable_url(target)
        self.port = self.url.port or (443 if self.url.scheme == "https" else 80)
        self.headers = request_headers(target)
        for seconds in (target.timeout, target.connect_timeout):
            if seconds is not None and not 0 < seconds <= LONGEST_WAIT:
                raise UsageError(
                    "The timeout must be a number of seconds above 0, up to a day.",
                    "Leave it out for 30 seconds.",
                )
        self.context = client_context(target) if self.url.scheme == "https" else None
        self.watch = HandshakeWatch(native(self.context)) if self.context is not None else None

    @property
    def server_name(self) -> str:
        """The name that TLS asks for, and that the certificate must have."""
        return self.target.server_name or self.url.host.rstrip(".")

    def network(self) -> Network:
        """What makes the connections of one session."""
        return Network(self.context, self.watch, self.target.proxy)

    def attempt(self, cancel: Cancel | None) -> Attempt:
        """The clock of one attempt, started."""
        return Attempt(self.target.timeout, cancel, self.target.connect_timeout)

    def trouble(
        self, error: Exception, attempt: Attempt, stream: Stream | None, status: int | None = None
    ) -> Trouble:
        """The evidence of an attempt that failed by `error`, on `stream` where it got so far, after an answer began
        with `status`."""
        host = self.url.host
        return Trouble(
            error=error,
            system=attempt.error,
            phase=attempt.phase,
            where=text_of((host, self.port)),
            host=host,
            secure=self.url.scheme == "https",
            timeout=attempt.limit,
            identity=self.target.identity,
            handshake=(stream.handshake if stream else None) or Handshake(),
            status=status,
            answered=attempt.answered,
            first=stream.first if stream else b"",
            reused=attempt.reused_connection,
            proxy=self.target.proxy,
            tls_versions=(self.target.tls_min, self.target.tls_max),
        )


class Session:
    """Sends to one target over a connection that is kept alive, one push at a time. Not thread-safe."""

    def __init__(self, prepared: Prepared, *, cancel: Cancel | None = None) -> None:
        self.target = prepared.target
        self._prepared = prepared
        self._url = prepared.url
        self._headers = prepared.headers
        self._cancel = cancel
        self._network = prepared.network()
        self._recorded: tuple[Stream, Connection] | None = None
        self._client = httpx.Client(transport=Transport(self._network), trust_env=False)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        self._client.close()

    def post(self, body: bytes, *, number: int = 0) -> SendResult:
        """Send one push; what came of it. `number` is its place in a run."""
        attempt = self._network.attempt = self._prepared.attempt(self._cancel)
        at = time.time_ns() // 1000
        request = httpx.Request(
            "POST",
            self._url,
            headers=self._headers,
            content=body,
            extensions={"trace": attempt.trace, "sni_hostname": self._prepared.server_name},
        )
        response: httpx.Response | None = None
        answer, truncated = b"", False
        failure = None
        try:
            if self._cancel is not None and self._cancel.cancelled:
                raise Cancelled
            response = self._client.send(request, stream=True)
            answer, truncated = _read(response)
        except NETWORK_TROUBLE as error:
            status = response.status_code if response is not None else None
            failure = diagnose(self._prepared.trouble(error, attempt, self._network.stream, status))
        timings = attempt.timings()
        if response is not None:
            with contextlib.suppress(*NETWORK_TROUBLE):
                response.close()
        answered = response if failure is None else None
        return SendResult(
            at=at,
            url=str(self._url),
            request_headers=_texts(request.headers),
            status=answered.status_code if answered else None,
            http_version=answered.http_version if answered else "",
            answer_headers=_texts(answered.headers) if answered else (),
            answer_body=answer,
            timings=timings,
            connection=self._connection(failure),
            failure=failure,
            truncated=truncated,
            client_auth=client_auth(self._network.stream if attempt.begun else None),
            number=number,
        )

    def _connection(self, failure: SendFailure | None) -> Connection | None:
        """The record of the present connection, the same one for every push over it."""
        stream = self._network.stream
        if stream is None or not self._network.attempt.begun:
            return None
        if self._recorded is None or self._recorded[0] is not stream:
            distrusted = failure is not None and failure.reason == "tls_untrusted"
            checked = not self.target.trust.insecure
            self._recorded = (stream, connection_of(stream, checked=checked, distrusted=distrusted))
        return self._recorded[1]


def _usable_url(target: Target) -> httpx.URL:
    text = parse_url(target.url)
    try:
        return httpx.URL(text)
    except httpx.InvalidURL as error:
        raise UsageError(f"{text} can't be sent to: {error}.", "Check its spelling.") from error


def _read(response: httpx.Response) -> tuple[bytes, bool]:
    """The beginning of the answer's body, and whether there was more."""
    kept = bytearray()
    for chunk in response.iter_raw():
        kept += chunk
        if len(kept) > KEPT_ANSWER_BYTES:
            return bytes(kept[:KEPT_ANSWER_BYTES]), True
    return bytes(kept), False


def _texts(headers: httpx.Headers) -> Headers:
    return tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in headers.raw)
