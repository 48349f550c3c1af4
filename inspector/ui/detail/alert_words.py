"""What TLS alerts mean, in plain words. Pure; imports nothing.

The names are those of RFC 8446, section 6, and RFC 5246, section 7.2; the words say what they come down to between a
pusher and its proxy.
"""

from __future__ import annotations

_MEANINGS = {
    "close_notify": "the connection is closed properly",
    "unexpected_message": "a message came that has no place here",
    "bad_record_mac": "a record was altered on the way, or the keys differ",
    "record_overflow": "a record is too long",
    "handshake_failure": "there is no common ground: no shared cipher, or no certificate where one is demanded",
    "no_certificate": "there is no certificate to show",
    "bad_certificate": "the certificate is broken or its signature is wrong",
    "unsupported_certificate": "the certificate is of a kind, or for a purpose, that is not taken",
    "certificate_revoked": "the certificate has been revoked",
    "certificate_expired": "the certificate has expired, or is not valid yet",
    "certificate_unknown": "the certificate is not accepted, for a reason that is not told",
    "illegal_parameter": "a value contradicts the protocol or another value",
    "unknown_ca": "the CA that issued the certificate is not trusted",
    "access_denied": "the certificate is valid, but its owner is not let in",
    "decode_error": "a message could not be read",
    "decrypt_error": "a signature or a check of the handshake is wrong",
    "protocol_version": "no version of TLS is spoken by both",
    "insufficient_security": "the ciphers that are offered are too weak",
    "internal_error": "something failed on the sender's side that has nothing to do with the other",
    "inappropriate_fallback": "an older version of TLS was tried though a newer one would do",
    "user_canceled": "the handshake was cancelled",
    "no_renegotiation": "no new handshake is made on this connection",
    "missing_extension": "an extension that has to be there is missing",
    "unsupported_extension": "an extension came that was not asked for",
    "unrecognized_name": "no server of that name (SNI) is known",
    "bad_certificate_status_response": "the proof that the certificate is not revoked is of no use",
    "unknown_psk_identity": "the shared key is not known",
    "certificate_required": "a client certificate is demanded and none came",
    "no_application_protocol": "no protocol (ALPN) is spoken by both",
}


def alert_words(name: str) -> str:
    """An alert by name with its plain meaning, or the name alone where it has none here."""
    meaning = _MEANINGS.get(name)
    return f"{name}: {meaning}" if meaning else name
