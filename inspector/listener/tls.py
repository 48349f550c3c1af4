"""TLS as bytes in, bytes out: the server's settings, and one session per connection. No sockets, no clock.

Imports pyOpenSSL, `inspector.certificates`, history's records and this room's `config`, `opening` and
`verify`.

Python's own `ssl` loses what this product is about: the certificate that was refused, and, through asyncio,
the alert.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, ed448, ed25519, rsa
from OpenSSL import SSL
from OpenSSL.crypto import FILETYPE_ASN1, X509, X509StoreFlags, dump_certificate

from inspector.certificates.describe import is_self_signed, short_name
from inspector.certificates.model import Identity
from inspector.errors import CertificateError
from inspector.history.model import TlsFacts
from inspector.listener.opening import HANDSHAKE_RECORD, ClientHello, read_client_hello
from inspector.listener.records import RecordBuffer, Records
from inspector.listener.verify import Watch, watch_alerts, watch_verification

HTTP_1_1 = b"http/1.1"
_ServerKey = (
    rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey | ed448.Ed448PrivateKey
)
_FIRST_BYTES_KEPT = 4096


@dataclass(frozen=True, eq=False)
class ServerTls:
    """All that new connections of one listener need. To swap the identity or the CAs, make a new one;
    connections keep theirs."""

    context: SSL.Context
    identity: Identity
    client_cas: tuple[x509.Certificate, ...]
    wants_certificate: bool
    lenient: bool
    buffer: RecordBuffer = field(default_factory=RecordBuffer)


def server_tls(
    identity: Identity, client_cas: Sequence[x509.Certificate], *, wants_certificate: bool, lenient: bool
) -> ServerTls:
    """Settings for a server that shows `identity`, takes clients of `client_cas`, and speaks TLS 1.2 and 1.3.

    There is no session cache and there are no tickets: a resumed session would hide the client's certificate.
    An intermediate among `client_cas` is trusted for itself, without its root.
    Raises CertificateError where OpenSSL refuses the identity.
    """
    context = SSL.Context(SSL.TLS_SERVER_METHOD)
    context.set_min_proto_version(SSL.TLS1_2_VERSION)
    context.set_options(
        SSL.OP_NO_TICKET | SSL.OP_NO_COMPRESSION | SSL.OP_CIPHER_SERVER_PREFERENCE | SSL.OP_NO_RENEGOTIATION
    )
    context.set_mode(SSL.MODE_RELEASE_BUFFERS)
    context.set_session_cache_mode(SSL.SESS_CACHE_OFF)
    context.set_alpn_select_callback(_select_protocol)
    _use_identity(context, identity)
    store = context.get_cert_store()
    assert store is not None
    store.set_flags(X509StoreFlags.PARTIAL_CHAIN)
    for ca in dict.fromkeys(client_cas):
        store.add_cert(X509.from_cryptography(ca))
        if wants_certificate:
            context.add_client_ca(ca)
    mode = SSL.VERIFY_NONE
    if wants_certificate:
        mode = SSL.VERIFY_PEER if lenient else SSL.VERIFY_PEER | SSL.VERIFY_FAIL_IF_NO_PEER_CERT
    watch_verification(context, mode=mode, lenient=lenient)
    watch_alerts(context)
    return ServerTls(context, identity, tuple(client_cas), wants_certificate, lenient)


def _use_identity(context: SSL.Context, identity: Identity) -> None:
    name = short_name(identity.leaf)
    try:
        context.use_certificate(identity.leaf)
        for issuer in identity.chain[1:]:
            if not is_self_signed(issuer):  # a client that trusts the root has it
                context.add_extra_chain_cert(issuer)
        context.use_privatekey(_private_key(identity))
        context.check_privatekey()
    except SSL.Error as error:
        raise CertificateError(
            f"The identity {identity.name} ({name}) can't be used by a TLS server: {openssl_text(error)}.",
            "push-inspector certs check NAME --server tells more; push-inspector certs create-dev makes one "
            "that works.",
            code="unusable_identity",
        ) from error


def _private_key(identity: Identity) -> _ServerKey:
    key = identity.key
    if isinstance(key, _ServerKey):
        return key
    raise CertificateError(
        f"The identity {identity.name} has a key of a kind that TLS servers don't use.",
        "Take one with an RSA, ECDSA or Ed25519 key; push-inspector certs create-dev makes one.",
        code="unusable_identity",
    )


def _select_protocol(
    _connection: SSL.Connection, offered: list[bytes]
) -> bytes | SSL._NoOverlappingProtocols:
    return HTTP_1_1 if HTTP_1_1 in offered else SSL.NO_OVERLAPPING_PROTOCOLS


def openssl_text(error: SSL.Error) -> str:
    """OpenSSL's own words for an error: the reasons in its queue."""
    queue = error.args[0] if error.args else ()
    if isinstance(queue, list):
        return "; ".join(reason for _library, _function, reason in queue if reason) or "unknown error"
    return str(error) or type(error).__name__


class TlsSession:
    """The server's end of one TLS connection.

    Feed `receive` with what came from the client, write what `outgoing` returns to it after every call.
    `established` turns true with the handshake's end. After that, `closed` means that the client ended its
    side properly; `failure` is OpenSSL's text for what broke the session, at any time.
    """

    __slots__ = (
        "_connection",
        "_hello_sent",
        "_records",
        "closed",
        "established",
        "failure",
        "first_bytes",
        "tls",
        "watch",
    )

    def __init__(self, tls: ServerTls) -> None:
        self.tls = tls
        self.watch = Watch()
        self.established = False
        self.closed = False
        self.failure: str | None = None
        self.first_bytes = b""
        self._hello_sent = False
        self._connection = SSL.Connection(tls.context, None)
        self._connection.set_app_data(self.watch)
        self._connection.set_accept_state()
        self._records = Records(self._connection, tls.buffer)

    def receive(self, data: bytes | memoryview) -> bytes:
        """Take bytes off the wire; returns what they decrypt to. Never raises for what a client may send."""
        if self.failure is not None or self.closed or not data:
            return b""
        self._records.feed(data)
        if not self.established:
            if len(self.first_bytes) < _FIRST_BYTES_KEPT:
                self.first_bytes += bytes(data[: _FIRST_BYTES_KEPT - len(self.first_bytes)])
            if not self._shake_hands():
                return b""
        plaintext, ended = self._records.read()
        if ended is not None:
            self._note_end(ended)
        return plaintext

    def _note_end(self, error: SSL.Error) -> None:
        if isinstance(error, SSL.ZeroReturnError):
            self.closed = True
        else:
            self.failure = openssl_text(error)

    def _shake_hands(self) -> bool:
        try:
            self._connection.do_handshake()
        except SSL.WantReadError:
            return False
        except SSL.ZeroReturnError:
            self.closed = True
            self.failure = "close_notify during the handshake"
            return False
        except SSL.Error as error:
            self.failure = openssl_text(error)
            return False
        self.established = True
        self.first_bytes = b""
        return True

    def send(self, data: bytes) -> None:
        """Encrypt `data`, to be had from `outgoing`."""
        if self.failure is None and (ended := self._records.write(data)) is not None:
            self._note_end(ended)

    def close(self) -> None:
        """Say properly that nothing more will be sent (close_notify)."""
        if self.established and self.failure is None:
            try:
                self._connection.shutdown()
            except SSL.Error as error:
                self.failure = openssl_text(error)

    def outgoing(self) -> bytes:
        """What is to be written to the client now; empty where there is nothing."""
        data = self._records.drain()
        if data and not self._hello_sent and data[0] == HANDSHAKE_RECORD:
            self._hello_sent = True
        return data

    @property
    def hello_sent(self) -> bool:
        """Whether our ServerHello went out: before it, alert 40 means that there is no common cipher."""
        return self._hello_sent

    @property
    def client_hello(self) -> ClientHello:
        """What the client offered; only while the handshake is not done."""
        return read_client_hello(self.first_bytes)

    def facts(self) -> TlsFacts:
        """What was settled so far."""
        connection = self._connection
        name = connection.get_servername()
        if not self._hello_sent:
            return TlsFacts(sni=_text(name) or self.client_hello.server_name)
        return TlsFacts(
            version=connection.get_protocol_version_name(),
            cipher=connection.get_cipher_name(),
            sni=_text(name),
            alpn=_text(connection.get_alpn_proto_negotiated()),
        )

    def client_chain(self) -> tuple[bytes, ...]:
        """The client's certificates as DER in the order sent, its own first; empty where it sent none."""
        connection = self._connection
        leaf = connection.get_peer_certificate()
        if leaf is None:
            return ()
        # On a server OpenSSL leaves the client's own certificate out of the chain.
        others = connection.get_peer_cert_chain() or []
        return (der(leaf), *(der(cert) for cert in others))


def der(cert: X509) -> bytes:
    """The bytes of a certificate as OpenSSL holds it."""
    return dump_certificate(FILETYPE_ASN1, cert)


def _text(value: bytes | None) -> str | None:
    return value.decode("utf-8", "backslashreplace") if value else None
