"""Watches OpenSSL check a client's certificate: what it complained of, and the chain it had built by then. Adds what
OpenSSL does not look at: which clients are allowed, and what is revoked.

The one place that reaches below pyOpenSSL's public face: its own verify callback hands over the certificate
at fault but not the chain, so a complaint about an intermediate would leave the client itself unnamed. What
is used here (X509_STORE_CTX_*, the reverse mapping, conversions from raw pointers) is what pyOpenSSL's own
callback and its X509StoreContext.get_verified_chain use. Imports pyOpenSSL, cryptography and
`inspector.certificates`.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from cryptography import x509
from OpenSSL import SSL
from OpenSSL._util import ffi, lib
from OpenSSL.crypto import FILETYPE_ASN1, X509, dump_certificate

from inspector.certificates import describe
from inspector.certificates.allowed import AllowedClients
from inspector.certificates.crl import Revocations, Revoked
from inspector.certificates.describe import BROKEN
from inspector.certificates.verdict_facts import NOT_ALLOWED

_log = logging.getLogger(__name__)
_UNSPECIFIED, _REVOKED = 1, 23
# OpenSSL's complaints (X509_V_ERR_*) that say of a client's own certificate only that its issuer is not found, not
# trusted, or did not sign it. One that is named by its fingerprint needs no issuer.
_ABOUT_THE_ISSUER = frozenset({2, 4, 6, 7, 18, 19, 20, 21, 22, 24, 25, 27, 29, 30, 31, 32, 68, 79})
_PASSED_KEPT = 256
_HANDSHAKE_SECRET = b"CLIENT_HANDSHAKE_TRAFFIC_SECRET "


@dataclass(slots=True)
class Watch:
    """What the callbacks of one connection have seen. Holds no reference to the connection, so that nothing
    of it outlives the client.

    `error`, `depth` and `text` are those of the first complaint, `culprit` the certificate it is about and
    `chain` what had been built, leaf first, without the `unread` ones that only OpenSSL can parse; `revoked` is what
    a CRL says, where that is the complaint. Alerts are numbers. `secret` is TLS 1.3's for the client's side of the
    handshake, kept until that is done.
    """

    error: int | None = None
    depth: int = 0
    text: str = ""
    culprit: x509.Certificate | None = None
    chain: tuple[x509.Certificate, ...] = ()
    unread: int = 0
    revoked: Revoked | None = None
    alert_sent: int | None = None
    alert_received: int | None = None
    secret: bytes = field(default=b"", repr=False)


def watch_verification(
    context: SSL.Context, *, mode: int, lenient: bool, allowed: AllowedClients, revocations: Revocations
) -> None:
    """Have `context` verify with a callback that keeps the first complaint in the connection's Watch (its app
    data). Strict: verification ends there, and OpenSSL sends the alert that fits. Lenient: it goes on as if
    all was well.

    A certificate that `allowed` pins is taken whoever issued it: only complaints about itself count, and what
    `revocations` say.
    """
    has_more_to_check = bool(allowed) or bool(revocations)
    passed: set[tuple[bytes, ...]] = (
        set()
    )  # chains that there is nothing against: the same clients come again

    def verify(ok: int, store: Any) -> int:
        # OpenSSL's last word is that all is well with the client's own certificate.
        if ok and (not has_more_to_check or lib.X509_STORE_CTX_get_error_depth(store)):
            return 1
        watch = _watch_of(lib.X509_STORE_CTX_get_ex_data(store, lib.SSL_get_ex_data_X509_STORE_CTX_idx()))
        if watch is None:
            return ok
        if ok:
            if watch.error is not None or (ders := _ders(store)) in passed:
                return 1
            chain, watch.unread = _chain(store)
            if not object_to(watch, chain, sha256(ders[0]).hexdigest(), allowed, revocations):
                if len(passed) >= _PASSED_KEPT:
                    passed.clear()
                passed.add(ders)
                return 1
            lib.X509_STORE_CTX_set_error(store, watch.error)
        elif allowed.fingerprints and _needs_no_issuer(store, allowed):
            return _go_on(store)
        elif watch.error is None:
            note_complaint(watch, store)
        return _go_on(store) if lenient else 0

    callback = ffi.callback("int (*)(int, X509_STORE_CTX *)", verify, error=0, onerror=_log_error)
    # Where pyOpenSSL keeps its own: every Connection copies the reference, so the callback outlives the
    # context.
    context._verify_callback = callback
    lib.SSL_CTX_set_verify(context._context, mode, callback)


def watch_alerts(context: SSL.Context) -> None:
    """Have `context` keep the numbers of the alerts sent and received in the connection's Watch."""

    def info(ssl: Any, where: int, value: int) -> None:
        # pyOpenSSL's own wrapper looks the connection up at each of a handshake's twenty steps.
        if not where & SSL.SSL_CB_ALERT:
            return
        watch = _watch_of(ssl)
        if watch is None:
            return
        if where & SSL.SSL_CB_READ:
            watch.alert_received = value & 0xFF
        else:
            watch.alert_sent = value & 0xFF

    callback = ffi.callback("void (*)(const SSL *, int, int)", info, onerror=_log_error)
    context._info_callback = callback
    lib.SSL_CTX_set_info_callback(context._context, callback)


def keep_secret(connection: SSL.Connection, line: bytes) -> None:
    """Keep TLS 1.3's secret of the client's side of the handshake, out of a line for a key log, in the connection's
    Watch: with it, the certificates of a client that is refused can be read."""
    if line.startswith(_HANDSHAKE_SECRET):
        watch = connection.get_app_data()
        if isinstance(watch, Watch):
            watch.secret = bytes.fromhex(line.rpartition(b" ")[2].decode("ascii"))


def _watch_of(ssl: Any) -> Watch | None:
    connection = SSL.Connection._reverse_mapping.get(ssl)
    watch = connection.get_app_data() if connection is not None else None
    return watch if isinstance(watch, Watch) else None


def _go_on(store: Any) -> int:
    """Have OpenSSL verify on as if it had not complained."""
    lib.X509_STORE_CTX_set_error(store, lib.X509_V_OK)
    # A signature that did not verify may leave its error in OpenSSL's queue, and the next read would fail
    # of it.
    lib.ERR_clear_error()
    return 1


def _needs_no_issuer(store: Any, allowed: AllowedClients) -> bool:
    """Whether OpenSSL complains of nothing but the issuers of a certificate that is named by its fingerprint."""
    above = lib.X509_STORE_CTX_get_error_depth(store) > 0
    if not above and lib.X509_STORE_CTX_get_error(store) not in _ABOUT_THE_ISSUER:
        return False
    return allowed.pins(_fingerprint(store))


def object_to(
    watch: Watch,
    chain: tuple[x509.Certificate, ...],
    fingerprint: str,
    allowed: AllowedClients,
    revocations: Revocations,
) -> bool:
    """Whether a client that OpenSSL takes is to be refused all the same: it is revoked, or not allowed. The complaint
    is in the Watch then, which knows how much of the chain is unread. `chain` is what was built, leaf first,
    `fingerprint` the leaf's."""
    watch.revoked = revocations.find(chain) if revocations else None
    if watch.unread and (revocations or not allowed.pins(fingerprint)):
        # Whether that one is revoked, or has which name, nobody can tell.
        watch.error, watch.text = _UNSPECIFIED, "a certificate that can't be read"
    elif watch.revoked is not None:
        watch.error, watch.depth, watch.culprit = _REVOKED, watch.revoked.depth, watch.revoked.certificate
        watch.text = _text(_REVOKED)
    elif allowed and not allowed.lets_in(fingerprint, describe.subject(chain[0]) if chain else ""):
        watch.error, watch.culprit = NOT_ALLOWED, chain[0] if chain else None
        watch.text = "not on the list of allowed certificates"
    else:
        return False
    watch.chain = chain
    return True


def note_complaint(watch: Watch, store: Any) -> None:
    """Keep what OpenSSL complains of now, and the chain it has built."""
    watch.error = lib.X509_STORE_CTX_get_error(store)
    watch.depth = lib.X509_STORE_CTX_get_error_depth(store)
    watch.text = _text(watch.error)
    current = lib.X509_STORE_CTX_get_current_cert(store)
    if current != ffi.NULL:
        lib.X509_up_ref(current)
        watch.culprit = _convert(current)
    watch.chain, watch.unread = _chain(store)


def _text(error: int) -> str:
    text: bytes = ffi.string(lib.X509_verify_cert_error_string(error))
    return text.decode("utf-8", "replace")


def _chain(store: Any) -> tuple[tuple[x509.Certificate, ...], int]:
    """What has been built so far, leaf first, and how many are missing in it, as they can't be read."""
    stack = lib.X509_STORE_CTX_get1_chain(store)
    if stack == ffi.NULL:
        return (), 0
    # Each certificate's reference passes to its Python object; only the stack itself is freed here.
    chain = [_convert(lib.sk_X509_value(stack, place)) for place in range(lib.sk_X509_num(stack))]
    lib.sk_X509_free(stack)
    return tuple(cert for cert in chain if cert is not None), chain.count(None)


def _ders(store: Any) -> tuple[bytes, ...]:
    """The bytes of what has been built so far, leaf first."""
    stack = lib.X509_STORE_CTX_get1_chain(store)
    certs = [
        X509._from_raw_x509_ptr(lib.sk_X509_value(stack, place)) for place in range(lib.sk_X509_num(stack))
    ]
    lib.sk_X509_free(stack)
    return tuple(dump_certificate(FILETYPE_ASN1, cert) for cert in certs)


def _fingerprint(store: Any) -> str:
    """The fingerprint of the client's own certificate."""
    raw = lib.X509_STORE_CTX_get0_cert(store)
    lib.X509_up_ref(raw)
    return sha256(dump_certificate(FILETYPE_ASN1, X509._from_raw_x509_ptr(raw))).hexdigest()


def _convert(raw: Any) -> x509.Certificate | None:
    """None for a certificate that OpenSSL can parse and cryptography can't."""
    try:
        return X509._from_raw_x509_ptr(raw).to_cryptography()
    except BROKEN:
        return None


def _log_error(kind: type[BaseException], error: BaseException, traceback: Any) -> None:
    _log.error("the verification callback failed", exc_info=(kind, error, traceback))
