"""TLS as bytes in, bytes out: the server's settings, and one session per connection. No sockets, no clock.

Imports pyOpenSSL, `inspector.certificates`, history's records and, of this room, what reads and watches TLS.

Python's own `ssl` loses what this product is about: the certificate that was refused, and, through asyncio,
the alert.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, ed448, ed25519, rsa
from OpenSSL import SSL
from OpenSSL.crypto import FILETYPE_ASN1, X509, X509StoreFlags, dump_certificate

from inspector.certificates import describe
from inspector.certificates.allowed import AllowedClients
from inspector.certificates.crl import Revocations
from inspector.certificates.describe import is_self_signed, short_name
from inspector.certificates.model import Identity
from inspector.certificates.verdicts import alert_name
from inspector.errors import CertificateError
from inspector.history.model import TlsFacts
from inspector.listener.client_hello import ClientHello, chosen_cipher, printable, read_client_hello
from inspector.listener.config import ListenerConfig
from inspector.listener.key_log import KeyLog
from inspector.listener.opening import HANDSHAKE_RECORD
from inspector.listener.presented import sent_certificates
from inspector.listener.records import RecordBuffer, Records
from inspector.listener.verify import Watch, keep_secret, watch_alerts, watch_verification

HTTP_1_1 = b"http/1.1"
_ServerKey = (
    rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey | ed448.Ed448PrivateKey
)
# What a client may send before its handshake is done: OpenSSL takes chains of 100 KB.
_HANDSHAKE_KEPT = 128 * 1024
_SERVER_HELLO_KEPT = 96  # up to the cipher


@dataclass(frozen=True, eq=False)
class ServerTls:
    """All that new connections of one listener need. To swap the identity or the CAs, make a new one;
    connections keep theirs. `asked_for` are the names of the CAs that are announced to clients, None where no
    certificate is asked for."""

    context: SSL.Context
    identity: Identity
    client_cas: tuple[x509.Certificate, ...]
    wants_certificate: bool
    lenient: bool
    allowed: AllowedClients
    revocations: Revocations
    asked_for: tuple[str, ...] | None
    buffer: RecordBuffer = field(default_factory=RecordBuffer)


def server_tls(config: ListenerConfig) -> ServerTls:
    """Settings for a server that shows the config's identity, takes the clients that it lets in, and speaks TLS 1.2
    and 1.3.

    There is no session cache and there are no tickets: a resumed session would hide the client's certificate.
    An intermediate among the client CAs is trusted for itself, without its root. Without any CA there may still be
    certificates that are named by their fingerprint.
    Raises CertificateError where OpenSSL refuses the identity, UsageError where the key log can't be written.
    """
    wants_certificate, lenient = config.auth.wants_certificate, config.lenient
    client_cas = tuple(dict.fromkeys(config.client_cas))
    allowed = AllowedClients.of(config.client_fingerprints, config.client_subjects)
    context = SSL.Context(SSL.TLS_SERVER_METHOD)
    context.set_min_proto_version(SSL.TLS1_2_VERSION)
    context.set_options(
        SSL.OP_NO_TICKET | SSL.OP_NO_COMPRESSION | SSL.OP_CIPHER_SERVER_PREFERENCE | SSL.OP_NO_RENEGOTIATION
    )
    context.set_mode(SSL.MODE_RELEASE_BUFFERS)
    context.set_session_cache_mode(SSL.SESS_CACHE_OFF)
    context.set_alpn_select_callback(_select_protocol)
    _use_identity(context, config.identity)
    store = context.get_cert_store()
    assert store is not None
    store.set_flags(X509StoreFlags.PARTIAL_CHAIN)
    for ca in client_cas:
        store.add_cert(X509.from_cryptography(ca))
        if wants_certificate:
            context.add_client_ca(ca)
    mode = SSL.VERIFY_NONE
    if wants_certificate:
        mode = SSL.VERIFY_PEER if lenient else SSL.VERIFY_PEER | SSL.VERIFY_FAIL_IF_NO_PEER_CERT
    revocations = Revocations(config.crls)
    watch_verification(context, mode=mode, lenient=lenient, allowed=allowed, revocations=revocations)
    watch_alerts(context)
    _watch_secrets(context, config, may_refuse=wants_certificate and not lenient)
    asked_for = tuple(dict.fromkeys(describe.subject(ca) for ca in client_cas))
    return ServerTls(
        context,
        config.identity,
        tuple(config.client_cas),
        wants_certificate,
        lenient,
        allowed,
        revocations,
        asked_for if wants_certificate else None,
    )


def _watch_secrets(context: SSL.Context, config: ListenerConfig, *, may_refuse: bool) -> None:
    """Have OpenSSL hand out secrets where there is a use for them: a key log, or certificates to be refused."""
    key_log = KeyLog(config.key_log) if config.key_log is not None else None

    def keep_and_write(connection: SSL.Connection, line: bytes) -> None:
        keep_secret(connection, line)
        if key_log is not None:
            key_log.write(line)

    if key_log is not None:
        context.set_keylog_callback(keep_and_write)
    elif may_refuse:
        context.set_keylog_callback(keep_secret)


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
        "_handshake",
        "_hello",
        "_records",
        "_server_hello",
        "_shown",
        "closed",
        "established",
        "failure",
        "tls",
        "watch",
    )

    def __init__(self, tls: ServerTls) -> None:
        self.tls = tls
        self.watch = Watch()
        self.established = False
        self.closed = False
        self.failure: str | None = None
        self._handshake = bytearray()
        self._hello: ClientHello | None = None
        self._server_hello = b""
        self._shown: tuple[bytes, ...] | None = None
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
            if len(self._handshake) < _HANDSHAKE_KEPT:
                self._handshake += data[: _HANDSHAKE_KEPT - len(self._handshake)]
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
        self._hello = read_client_hello(bytes(self._handshake))
        self._handshake.clear()
        self.watch.secret = b""
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
        if data and not self._server_hello and data[0] == HANDSHAKE_RECORD:
            self._server_hello = data[:_SERVER_HELLO_KEPT]
        return data

    @property
    def owes_finished(self) -> bool:
        """Whether the client still waits for our Finished when the handshake is done for us, as in TLS 1.2 (RFC 5246
        7.3); in TLS 1.3 (RFC 8446 2) the last word is the client's."""
        return self._connection.get_protocol_version() <= SSL.TLS1_2_VERSION

    @property
    def hello_sent(self) -> bool:
        """Whether our ServerHello went out: before it, alert 40 means that there is no common cipher."""
        return bool(self._server_hello)

    @property
    def client_hello(self) -> ClientHello:
        """What the client offered."""
        return read_client_hello(bytes(self._handshake)) if self._hello is None else self._hello

    def facts(self) -> TlsFacts:
        """What was settled so far."""
        connection, hello, watch = self._connection, self.client_hello, self.watch
        name = connection.get_servername()
        sni = printable(name) if name else hello.server_name
        sent = None if watch.alert_sent is None else alert_name(watch.alert_sent)
        received = None if watch.alert_received is None else alert_name(watch.alert_received)
        if not self._server_hello:
            return TlsFacts(sni=sni, offer=hello.offer, alert_sent=sent, alert_received=received)
        alpn = connection.get_alpn_proto_negotiated()
        return TlsFacts(
            connection.get_protocol_version_name(),
            connection.get_cipher_name() or chosen_cipher(self._server_hello),
            sni,
            printable(alpn) if alpn else None,
            hello.offer,
            self.tls.asked_for,
            sent,
            received,
        )

    def client_chain(self) -> tuple[bytes, ...]:
        """The client's certificates as DER in the order sent, its own first; empty where it sent none."""
        connection = self._connection
        leaf = connection.get_peer_certificate()
        if leaf is None:
            # OpenSSL keeps only what it takes.
            return () if self.established else self._refused_chain()
        # On a server OpenSSL leaves the client's own certificate out of the chain.
        others = connection.get_peer_cert_chain() or []
        return (der(leaf), *(der(cert) for cert in others))

    def _refused_chain(self) -> tuple[bytes, ...]:
        """What the client sent, off the wire. Read once it is asked for: then all has come that will."""
        if self._shown is None:
            cipher = self._connection.get_cipher_name()
            self._shown = sent_certificates(bytes(self._handshake), cipher=cipher, secret=self.watch.secret)
        return self._shown


def der(cert: X509) -> bytes:
    """The bytes of a certificate as OpenSSL holds it."""
    return dump_certificate(FILETYPE_ASN1, cert)
