"""Verifies a client's chain without a handshake, with the settings that a handshake would use.

Like `verify`, this reaches below pyOpenSSL's public face: its own X509StoreContext tells the certificate at fault
but not the chain that was built. Imports pyOpenSSL, cryptography and this room's TLS.

In a handshake OpenSSL also demands a level of security of every key and signature (level 2: 112 bits). A check by
itself can't be told to, so that is done here, in the order that OpenSSL has: the client's own key before all else, the
rest of the chain after its purposes and before times, revocation and signatures.
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256
from typing import Any

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import dsa, ec, rsa
from OpenSSL._util import ffi, lib
from OpenSSL.crypto import (
    FILETYPE_ASN1,
    X509,
    Error,
    X509Store,
    X509StoreContext,
    X509StoreFlags,
    load_certificate,
)

from inspector.listener.tls import ServerTls
from inspector.listener.verify import Watch, note_complaint, object_to

_LEVEL_BITS = 112
_RSA_BITS = 2048
# What OpenSSL complains of before it looks at keys (x509_vfy.h): the issuer, purposes, CA flags, extensions.
_EARLIER = frozenset({2, *range(18, 22), *range(24, 29), 34, 39, 40, *range(79, 93)})
_WEAK_LEAF_KEY, _WEAK_CA_KEY, _WEAK_SIGNATURE = 66, 67, 68


def check_chain(tls: ServerTls, ders: Sequence[bytes]) -> Watch | None:
    """What a strict handshake would complain of in a client's certificates, leaf first; nothing of it stays in the
    Watch of a good chain. None where they are no certificates."""
    try:
        leaf, *others = (load_certificate(FILETYPE_ASN1, one) for one in ders)
    except Error:
        return None
    fingerprint = sha256(ders[0]).hexdigest()
    if tls.allowed.pins(fingerprint):  # taken whoever issued it: only itself counts
        store, others = X509Store(), []
        store.add_cert(leaf)
        store.set_flags(X509StoreFlags.PARTIAL_CHAIN)
    else:
        found = tls.context.get_cert_store()
        assert found is not None
        store = found
    watch = _verify(store, leaf, others)
    if watch is not None and watch.error is None:
        object_to(watch, watch.chain, fingerprint, tls.allowed, tls.revocations)
    return watch


def _verify(store: X509Store, leaf: X509, others: list[X509]) -> Watch | None:
    lib.X509_STORE_set_purpose(store._store, lib.X509_PURPOSE_SSL_CLIENT)
    watch = Watch()
    stack = X509StoreContext._build_certificate_stack(others)
    context = ffi.gc(lib.X509_STORE_CTX_new(), lib.X509_STORE_CTX_free)
    if lib.X509_STORE_CTX_init(context, store._store, leaf._x509, stack) != 1:
        lib.ERR_clear_error()
        return None
    good = lib.X509_verify_cert(context) == 1
    note_complaint(watch, context)
    lib.ERR_clear_error()
    if good:
        watch.error = watch.culprit = None
    if watch.chain and not _is_strong_key(watch.chain[0]):
        _note(watch, _WEAK_LEAF_KEY, 0)
    elif watch.error is None or watch.error not in _EARLIER:
        _note_weakness(watch)
    return watch


def _note_weakness(watch: Watch) -> None:
    """Complain of the first CA's key or signature in a chain that is too weak."""
    last = len(watch.chain) - 1
    for depth, cert in enumerate(watch.chain):
        if depth and not _is_strong_key(cert):
            return _note(watch, _WEAK_CA_KEY, depth)
        if depth < last and not _is_strong_signature(cert):  # nobody relies on that of what is trusted
            return _note(watch, _WEAK_SIGNATURE, depth)
    return None


def _note(watch: Watch, error: int, depth: int) -> None:
    watch.error, watch.depth, watch.culprit = error, depth, watch.chain[depth]
    watch.text = ffi.string(lib.X509_verify_cert_error_string(error)).decode("utf-8", "replace")


def _is_strong_key(cert: x509.Certificate) -> bool:
    try:
        key: Any = cert.public_key()
    except (ValueError, UnsupportedAlgorithm):
        return True  # of a kind that only OpenSSL knows: its own verdict stands
    if isinstance(key, rsa.RSAPublicKey | dsa.DSAPublicKey):
        return key.key_size >= _RSA_BITS
    return not isinstance(key, ec.EllipticCurvePublicKey) or key.key_size >= 2 * _LEVEL_BITS


def _is_strong_signature(cert: x509.Certificate) -> bool:
    try:
        digest = cert.signature_hash_algorithm
    except UnsupportedAlgorithm:
        return True
    # SHA-1 is worth less than half of its bits by now; those before it nothing.
    return digest is None or digest.digest_size * 4 >= _LEVEL_BITS
