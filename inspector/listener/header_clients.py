"""The clients of a proxy that ends TLS: their certificates out of a header field, judged as a handshake would.

Imports `inspector.certificates`, history's records and this room's TLS. Lives in the loop's thread.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from cryptography import x509

from inspector.certificates.model import Verdict
from inspector.history.model import Advice, Certificate, Connection, Headers
from inspector.listener.chain_check import check_chain
from inspector.listener.entrance import Entrance
from inspector.listener.forwarded_certificate import Garbled, NotThere, read_chain
from inspector.listener.peer import certificate_record
from inspector.listener.refusal import judge_leniently
from inspector.listener.reply import Reply
from inspector.listener.tls import ServerTls

_MOST_KEPT = 256
# A certificate may expire while it is remembered.
_KEPT_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class Judged:
    """What a header field's value amounts to: the certificate, and the verdict on it, None for a good one."""

    certificate: Certificate | None
    verdict: Verdict | None


@dataclass(frozen=True, slots=True)
class HeaderClient:
    """The client behind one request: its connection's record, what strict checks say of it, and the answer that
    they demand."""

    record: Connection
    complaint: tuple[str, Advice] | None = None
    refusal: Reply | None = None


class HeaderClients:
    """Judges of one listener's clients. `header` is the field's name, `tls` returns the settings of now, whose CAs
    and demands count, `known` the certificates that may explain a gap."""

    def __init__(
        self,
        header: str,
        tls: Callable[[], ServerTls],
        known: Callable[[], Sequence[x509.Certificate]],
        clock: Callable[[], float],
    ) -> None:
        self.header = header
        self._name = header.lower()
        self._tls = tls
        self._known = known
        self._clock = clock
        self._judged: OrderedDict[tuple[str, ...], tuple[Judged, ServerTls, float]] = OrderedDict()

    def judge(self, headers: Headers) -> Judged:
        """What the fields of a request say of the client. The same values give the same object for a while."""
        values = tuple(value for name, value in headers if name.lower() == self._name)
        tls, now = self._tls(), self._clock()
        known = self._judged.get(values)
        if known is not None and known[1] is tls and known[2] > now:
            return known[0]
        judged = self._judge(tls, values)
        if known is not None and known[1] is tls and known[0] == judged:
            judged = known[0]
        self._judged[values] = (judged, tls, now + _KEPT_SECONDS)
        if len(self._judged) > _MOST_KEPT:
            self._judged.popitem(last=False)
        return judged

    def _judge(self, tls: ServerTls, values: tuple[str, ...]) -> Judged:
        chain = read_chain(self.header, values)
        if isinstance(chain, Garbled):
            return Judged(None, _garbled(self.header, chain) if tls.wants_certificate else None)
        if isinstance(chain, NotThere):
            return Judged(None, _not_there(self.header, chain) if tls.wants_certificate else None)
        certificate = certificate_record(chain)
        if not tls.wants_certificate:
            return Judged(certificate, None)
        watch = check_chain(tls, chain)
        if watch is None:
            unreadable = Garbled(f"The field {self.header} holds something that is not an X.509 certificate.")
            return Judged(certificate, _garbled(self.header, unreadable))
        verdict = judge_leniently(tls, watch, chain, self._known())
        if verdict is not None and verdict.reason == "incomplete_chain" and len(chain) == 1:
            verdict = _alone(self.header, verdict, certificate)
        return Judged(certificate, verdict)

    def of_connection(self, entrance: Entrance) -> ConnectionClients:
        """The clients of one connection of the proxy, which tells us of them."""
        entrance.via = entrance.via or entrance.peer
        return ConnectionClients(self, entrance)

    @property
    def wants_certificate(self) -> bool:
        """Whether clients must show one."""
        return self._tls().wants_certificate

    @property
    def lenient(self) -> bool:
        """Whether those that fail are taken all the same."""
        return self._tls().lenient


class ConnectionClients:
    """The clients that come over one connection of the proxy, which may carry requests of many."""

    __slots__ = ("_clients", "_entrance", "_made")

    def __init__(self, clients: HeaderClients, entrance: Entrance) -> None:
        self._clients = clients
        self._entrance = entrance
        self._made: dict[int, tuple[Judged, HeaderClient]] = {}

    def of(self, headers: Headers) -> HeaderClient:
        """The client of the request with these fields."""
        judged = self._clients.judge(headers)
        made = self._made.get(id(judged))
        if made is None or made[0] is not judged:
            if len(self._made) >= _MOST_KEPT:
                self._made.clear()
            made = self._made[id(judged)] = judged, self._make(judged)
        return made[1]

    def _make(self, judged: Judged) -> HeaderClient:
        clients, verdict = self._clients, judged.verdict
        record = self._entrance.connection(
            judged.certificate, verdict is None if clients.wants_certificate else None
        )
        if verdict is None:
            return HeaderClient(record)
        complaint = (
            f"{verdict.reason}: {verdict.detail}",
            Advice(verdict.happened, verdict.cause, verdict.remedy),
        )
        refusal = None if clients.lenient else Reply(403, text=verdict.happened, refused=True)
        return HeaderClient(record, complaint, refusal)


def _alone(header: str, verdict: Verdict, certificate: Certificate | None) -> Verdict:
    """The field has one certificate: that says nothing of what the client sent."""
    named = f" ({certificate.subject}, issued by {certificate.issuer})" if certificate is not None else ""
    return replace(
        verdict,
        happened=f"The field {header} has only the client's own certificate{named}, and its issuer, an intermediate "
        "CA, is not accepted by itself.",
        cause="nginx passes on the client's own certificate alone, whatever the client sent along.",
        remedy="Accept the intermediate itself: push-inspector certs import intermediate.pem --name "
        "partner-intermediate --trust-clients. Or have the proxy pass the whole chain on (Envoy: "
        "set_current_client_cert_details with chain: true).",
    )


def _not_there(header: str, found: NotThere) -> Verdict:
    return Verdict(
        "no_client_certificate",
        f"no certificate in the field {header}",
        found.message,
        "The client showed the proxy no certificate, or the proxy does not ask for one, or does not pass it on.",
        f"Give the pusher its certificate and key, and have the proxy ask for it and set {header} (nginx: "
        f"ssl_verify_client optional_no_ca; proxy_set_header {header} $ssl_client_escaped_cert; Envoy: "
        "forward_client_cert_details SANITIZE_SET with cert: true).",
    )


def _garbled(header: str, found: Garbled) -> Verdict:
    return Verdict(
        "invalid_certificate",
        f"no certificate can be read from the field {header}",
        found.message,
        "The proxy writes something else into the field, or cuts it off, or passes on what the client put there.",
        f"Have the proxy set {header} to the client's certificate as PEM, URL-escaped (nginx: "
        "$ssl_client_escaped_cert), or as Base64 of DER (HAProxy: %[ssl_c_der,base64]).",
    )
