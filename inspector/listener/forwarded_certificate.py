"""A client's certificate out of a header field, as the proxy that ended TLS wrote it there. Pure; imports no TLS.

What is read, told apart by its looks alone:

1. PEM, URL-escaped: nginx's `$ssl_client_escaped_cert`, AWS' `X-Amzn-Mtls-Clientcert` (which leaves `+` as it is).
2. PEM on one line, its line ends turned into spaces or tabs: Apache's `SSL_CLIENT_CERT`, nginx's old
   `$ssl_client_cert`.
3. DER in Base64, bare (HAProxy's `ssl_c_der,base64`, Traefik), between colons (RFC 9440's `Client-Cert`), or
   several of them with commas between.
4. Envoy's `X-Forwarded-Client-Cert`: elements with commas between, each of pairs with semicolons between, values
   quoted where need be. Every proxy appends the certificate that *its* client showed, so the last element is what
   the proxy next to us has seen itself. Those before it are hearsay: a client can send such a field too. `Chain`
   (the whole chain, its own certificate first) goes before `Cert`.

A chain is leaf first, as DER. The bytes are not looked into.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import unquote_to_bytes

_XFCC = "x-forwarded-client-cert"
_PEM = re.compile(rb"-----BEGIN CERTIFICATE-----([^-]*)-----END CERTIFICATE-----")
_XFCC_PAIR = re.compile(r"\s*(?:By|Hash|Cert|Chain|Subject|URI|DNS)=", re.IGNORECASE)
_MOST_CERTIFICATES = 16


@dataclass(frozen=True, slots=True)
class NotThere:
    """The request carries no certificate; a sentence says how."""

    message: str


@dataclass(frozen=True, slots=True)
class Garbled:
    """The field holds something that is no certificate; a sentence says what."""

    message: str


def read_chain(name: str, values: Sequence[str]) -> tuple[bytes, ...] | NotThere | Garbled:
    """The chain in the field `name`, which the request has with these values. Never raises."""
    if not values:
        return NotThere(f"The request has no field {name}.")
    if name.lower() == _XFCC or _XFCC_PAIR.match(values[-1]):
        return _read_xfcc(name, ",".join(values))
    if len(values) > 1:
        return Garbled(
            f"The request has {len(values)} fields {name}; the proxy is to replace what a client sends."
        )
    value = values[0].strip()
    if not value or value in ("-", "(null)"):
        return NotThere(f"The field {name} is empty.")
    return _read_value(name, value)


def _read_value(name: str, value: str) -> tuple[bytes, ...] | Garbled:
    data = unquote_to_bytes(value) if "%" in value else value.encode()
    if b"-----BEGIN" in data:
        blocks: list[bytes] = _PEM.findall(data)
        if not blocks or data.count(b"-----BEGIN") != len(blocks):
            return Garbled(
                f"The field {name} holds PEM that is cut off, or of something that is no certificate."
            )
    else:
        blocks = [block.strip().strip(b":") for block in data.split(b",")]
    if len(blocks) > _MOST_CERTIFICATES:
        return Garbled(f"The field {name} holds {len(blocks)} certificates; {_MOST_CERTIFICATES} are taken.")
    try:
        chain = tuple(base64.b64decode(b"".join(block.split()), validate=True) for block in blocks)
    except binascii.Error:
        return Garbled(f"The field {name} holds neither PEM nor Base64.")
    if not all(chain):
        return Garbled(f"The field {name} holds an empty certificate.")
    return chain


def _read_xfcc(name: str, value: str) -> tuple[bytes, ...] | NotThere | Garbled:
    elements = _split(value, ",")
    if elements is None:
        return Garbled(f"The field {name} has a quotation mark without its partner.")
    given: dict[str, str] = {}
    for pair in _split(elements[-1], ";") or []:
        key, equals, text = pair.partition("=")
        if equals:
            given.setdefault(key.strip().lower(), _unquoted(text.strip()))
    for key in ("chain", "cert"):
        if given.get(key):
            return _read_value(name, given[key])
    if not given and elements[-1].strip():
        return Garbled(f"The last element of the field {name} has no pairs as Envoy writes them.")
    keys = ", ".join(sorted(key for key in given if key.isalnum()))
    has = f"only {keys}" if keys else "nothing"
    return NotThere(f"The last element of the field {name} has {has}, no Cert and no Chain.")


def _split(value: str, separator: str) -> list[str] | None:
    """The parts of a value, separators in quotation marks apart; None where a quotation does not end."""
    parts: list[str] = []
    start, quoted, escaped = 0, False, False
    for place, letter in enumerate(value):
        if escaped:
            escaped = False
        elif quoted and letter == "\\":
            escaped = True
        elif letter == '"':
            quoted = not quoted
        elif letter == separator and not quoted:
            parts.append(value[start:place])
            start = place + 1
    if quoted:
        return None
    parts.append(value[start:])
    return parts


def _unquoted(text: str) -> str:
    if len(text) > 1 and text.startswith('"') and text.endswith('"'):
        return text[1:-1].replace('\\"', '"')
    return text
