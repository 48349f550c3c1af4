"""Watches OpenSSL check a client's certificate: what it complained of, and the chain it had built by then.

The one place that reaches below pyOpenSSL's public face: its own verify callback hands over the certificate
at fault but not the chain, so a complaint about an intermediate would leave the client itself unnamed. What
is used here (X509_STORE_CTX_*, the reverse mapping, conversions from raw pointers) is what pyOpenSSL's own
callback and its X509StoreContext.get_verified_chain use. Imports pyOpenSSL and cryptography.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import Any

from cryptography import x509
from OpenSSL import SSL
from OpenSSL._util import ffi, lib
from OpenSSL.crypto import X509

_log = logging.getLogger(__name__)


@dataclass(slots=True)
class Watch:
    """What the callbacks of one connection have seen. Holds no reference to the connection, so that nothing
    of it outlives the client.

    `error`, `depth` and `text` are those of the first complaint, `culprit` the certificate it is about and
    `chain` what had been built, leaf first. Alerts are numbers.
    """

    error: int | None = None
    depth: int = 0
    text: str = ""
    culprit: x509.Certificate | None = None
    chain: tuple[x509.Certificate, ...] = ()
    alert_sent: int | None = None
    alert_received: int | None = None


def watch_verification(context: SSL.Context, *, mode: int, lenient: bool) -> None:
    """Have `context` verify with a callback that keeps the first complaint in the connection's Watch (its app
    data). Strict: verification ends there, and OpenSSL sends the alert that fits. Lenient: it goes on as if
    all was well."""

    def verify(ok: int, store: Any) -> int:
        if ok:
            return 1
        watch = _watch_of(lib.X509_STORE_CTX_get_ex_data(store, lib.SSL_get_ex_data_X509_STORE_CTX_idx()))
        if watch is not None and watch.error is None:
            _note(watch, store)
        if not lenient:
            return 0
        lib.X509_STORE_CTX_set_error(store, lib.X509_V_OK)
        # A signature that did not verify may leave its error in OpenSSL's queue, and the next read would fail
        # of it.
        lib.ERR_clear_error()
        return 1

    callback = ffi.callback("int (*)(int, X509_STORE_CTX *)", verify, error=0, onerror=_log_error)
    # Where pyOpenSSL keeps its own: every Connection copies the reference, so the callback outlives the
    # context.
    context._verify_callback = callback
    lib.SSL_CTX_set_verify(context._context, mode, callback)


def watch_alerts(context: SSL.Context) -> None:
    """Have `context` keep the numbers of the alerts sent and received in the connection's Watch."""

    def info(connection: SSL.Connection, where: int, value: int) -> None:
        if not where & SSL.SSL_CB_ALERT:
            return
        watch = connection.get_app_data()
        if where & SSL.SSL_CB_READ:
            watch.alert_received = value & 0xFF
        else:
            watch.alert_sent = value & 0xFF

    context.set_info_callback(info)


def _watch_of(ssl: Any) -> Watch | None:
    connection = SSL.Connection._reverse_mapping.get(ssl)
    watch = connection.get_app_data() if connection is not None else None
    return watch if isinstance(watch, Watch) else None


def _note(watch: Watch, store: Any) -> None:
    watch.error = lib.X509_STORE_CTX_get_error(store)
    watch.depth = lib.X509_STORE_CTX_get_error_depth(store)
    watch.text = ffi.string(lib.X509_verify_cert_error_string(watch.error)).decode("utf-8", "replace")
    current = lib.X509_STORE_CTX_get_current_cert(store)
    if current != ffi.NULL:
        lib.X509_up_ref(current)
        watch.culprit = _convert(current)
    stack = lib.X509_STORE_CTX_get1_chain(store)
    if stack == ffi.NULL:
        return
    # Each certificate's reference passes to its Python object; only the stack itself is freed here.
    chain = [_convert(lib.sk_X509_value(stack, place)) for place in range(lib.sk_X509_num(stack))]
    lib.sk_X509_free(stack)
    watch.chain = tuple(cert for cert in chain if cert is not None)


def _convert(raw: Any) -> x509.Certificate | None:
    """None for a certificate that OpenSSL can parse and cryptography can't."""
    try:
        return X509._from_raw_x509_ptr(raw).to_cryptography()
    except ValueError:
        return None


def _log_error(kind: type[BaseException], error: BaseException, traceback: Any) -> None:
    _log.error("the verification callback failed", exc_info=(kind, error, traceback))
