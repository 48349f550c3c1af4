"""A connection before its first protocol begins: who comes, through whom, and what came first. Imports this room's
words."""

from __future__ import annotations

from collections.abc import Sequence

from inspector.certificates.host_names import host_of
from inspector.certificates.model import Verdict
from inspector.history.model import Certificate, Connection, NewEvent, TlsFacts
from inspector.listener.batch import RefusalKey
from inspector.listener.clear import ClearSession
from inspector.listener.peer import host_and_port
from inspector.listener.proxy_protocol import Network, NotAnnounced, is_within, read_announcement
from inspector.listener.refusal import judge_silence, presented, refusal_event
from inspector.listener.tls import TlsSession
from inspector.listener.wrong_door import announcement_cut_off, not_announced


class Entrance:
    """One connection's beginning.

    `host` and `peer` are the client's address without and with its port: a load balancer's announcement, where
    one is due, puts the client's in place of the balancer's, which is `via` then. `own` is a connection that the
    balancer makes for itself. `first_bytes` are what has come, without the announcement.
    """

    __slots__ = ("_due", "first_bytes", "host", "local", "own", "peer", "via")

    def __init__(self, address: object, local: object, announced_from: Sequence[Network]) -> None:
        """The two addresses are the socket's; one from `announced_from` owes an announcement."""
        self.host: str = address[0] if isinstance(address, tuple) else ""
        self.peer = host_and_port(address)
        self.local = host_and_port(local)
        self.via: str | None = None
        self.own = False
        self.first_bytes = b""
        self._due = bool(announced_from) and is_within(self.host, announced_from)

    def take(self, data: bytes) -> bytes | Verdict:
        """All that has come of the client's own bytes; empty where there are none yet. A verdict where the
        announcement that is due does not come."""
        self.first_bytes += data
        if not self._due:
            return self.first_bytes
        found = read_announcement(self.first_bytes)
        if found is None:
            return b""
        if isinstance(found, NotAnnounced):
            return not_announced(found, self.first_bytes, self.host)
        self._due = False
        self.own = found.own
        if found.source is not None:
            self.via = self.peer
            self.host = found.source[0]
            self.peer = host_and_port(found.source)
        self.first_bytes = self.first_bytes[found.length :]
        return self.first_bytes

    def cut_off(self, *, timed_out: bool) -> Verdict | None:
        """The verdict on a client that left, or hung, within the announcement."""
        return announcement_cut_off(timed_out=timed_out) if self._due and self.first_bytes else None

    def connection(
        self,
        certificate: Certificate | None = None,
        trusted: bool | None = None,  # noqa: FBT001 (as the record has it)
        tls: TlsFacts | None = None,
    ) -> Connection:
        """The record of this connection."""
        return Connection(self.peer, self.local, certificate, trusted, tls, self.via)

    def silence(self, session: TlsSession | ClearSession | None) -> Verdict | None:
        """What there is to say of a client that did its handshake and left without a request: some look at the name in
        our certificate only then."""
        if not isinstance(session, TlsSession):
            return None
        return judge_silence(session.tls, session.facts().sni or host_of(self.local))

    def refusal(self, verdict: Verdict, session: TlsSession | None) -> tuple[NewEvent, RefusalKey]:
        """The event of a connection that never came to requests, and what makes another one a repeat of it."""
        certificate = presented(session)
        tls = None if session is None else session.facts()
        record = self.connection(certificate, None if certificate is None else False, tls)
        told_by = "" if certificate is None else certificate.fingerprint_sha256
        if verdict.reason == "client_rejected_server" and tls is not None:
            told_by = f"{tls.alert_received} {tls.sni}"
        return refusal_event(verdict, record), (self.host, verdict.reason, told_by)
