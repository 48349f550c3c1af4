"""Bytes of a file -> the certificates, keys and containers in it, each told apart by its structure, none opened yet.

Imports nothing but `inspector.errors` and the DER reader. What is none of these, or is damaged, ends in a
CertificateError that says what it is; `code` names it: `empty`, `html`, `jks`, `openssh_key`, `truncated`,
`damaged`, `unknown_format`.
"""

from __future__ import annotations

import base64
import binascii
import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from inspector.certificates import der
from inspector.errors import CertificateError

EXPECTED = "Give a certificate or key as PEM, DER or PKCS#12 (.p12, .pfx)."

_BEGIN = re.compile(r"-----BEGIN ([A-Z0-9][A-Z0-9 #.]*)-----")
_EDGE = re.compile(r"-----(?:BEGIN|END) [A-Z0-9][A-Z0-9 #.]*-----")
_BROKEN_BEGIN = re.compile(r"BEGIN [A-Z0-9 ]*(?:CERTIFICATE|PRIVATE KEY|PKCS7)")
_HEADER = re.compile(r"\s*([A-Za-z-]+):[ \t]*(.*)")
_BASE64 = re.compile(rb"[A-Za-z0-9+/\s]+=*\s*")
# Parameters say nothing that the key does not say itself.
_PASSED_OVER = {"EC PARAMETERS", "DH PARAMETERS", "DSA PARAMETERS", "X9.42 DH PARAMETERS"}


class Kind(StrEnum):
    """What a block is. The values are the words for people."""

    CERTIFICATE = "certificate"
    KEY = "private key"
    ENCRYPTED_KEY = "encrypted private key"
    LEGACY_ENCRYPTED_KEY = "private key in OpenSSL's old encryption"
    PKCS12 = "PKCS#12 file"
    PKCS7 = "PKCS#7 file"
    REQUEST = "certificate signing request"
    PUBLIC_KEY = "public key"
    CRL = "revocation list"


@dataclass(frozen=True, slots=True)
class Block:
    """One thing out of a file. `data` is DER, but for OpenSSL's old encryption: there it is the PEM text, as the
    cipher stands in its header, and `cipher` names it."""

    kind: Kind
    data: bytes = field(repr=False)
    source: str
    cipher: str = ""


def split(source: str, data: bytes) -> tuple[Block, ...]:
    """The blocks of one file, in their order; `source` is its name in messages. Raises CertificateError."""
    if not data.strip(b"\x00 \t\r\n\xef\xbb\xbf"):
        raise CertificateError(f"{source} is empty.", EXPECTED, code="empty")
    text = _text(data)
    if _EDGE.search(text):
        return tuple(_pem_blocks(source, text))
    _refuse_foreign(source, data, text)
    found = _der_blocks(source, data) or _der_blocks(source, _bare_base64(data))
    if found is None:
        raise CertificateError(
            f"{source} is neither a certificate nor a key in a known format.", EXPECTED, code="unknown_format"
        )
    return found


def _text(data: bytes) -> str:
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):  # what Windows PowerShell's ">" writes
        return data.decode("utf-16", "replace")
    return data.decode("latin-1")


def _pem_blocks(source: str, text: str) -> Iterator[Block]:
    position = 0
    while edge := _EDGE.search(text, position):
        begin = _BEGIN.match(text, edge.start())
        if begin is None:
            raise _truncated(source, f"a line {edge.group()} without its BEGIN line")
        label = begin.group(1)
        end = _EDGE.search(text, begin.end())
        if end is None or end.group() != f"-----END {label}-----":
            raise _truncated(source, f"the line -----END {label}----- is missing")
        position = end.end()
        block = _pem_block(source, label, text[begin.end() : end.start()])
        if block is not None:
            yield block


def _pem_block(source: str, label: str, body: str) -> Block | None:
    if label in _PASSED_OVER:
        return None
    if label.startswith(("OPENSSH", "SSH2")):
        raise _ssh_key(source)
    if label.startswith("PGP"):
        raise CertificateError(
            f"{source} is a PGP file, which TLS has no use for.", EXPECTED, code="unknown_format"
        )
    headers, content = _headers(body)
    # A PEM text copied out of JSON or an .env file carries its line ends as \n.
    packed = "".join(content.replace("\\r", "").replace("\\n", "").split())
    try:
        data = base64.b64decode(packed.encode("ascii"), validate=True)
    except (binascii.Error, UnicodeEncodeError) as error:
        if re.fullmatch(r"[A-Za-z0-9+/]*=*", packed):
            raise _truncated(source, f"the {label} block lacks characters") from error
        raise _damaged(source, f"the {label} block has characters that don't belong there") from error
    if not data:
        raise _truncated(source, f"the {label} block has no content")
    if "ENCRYPTED" in headers.get("Proc-Type", ""):
        cipher = headers.get("DEK-Info", "").partition(",")[0].strip()
        return Block(Kind.LEGACY_ENCRYPTED_KEY, _pem_again(label, headers, packed), source, cipher)
    try:
        whole = der.first(
            data
        ).raw  # "TRUSTED CERTIFICATE" carries OpenSSL's own remarks behind the certificate
    except der.CutOffError as error:
        raise _truncated(source, f"the {label} block ends too early") from error
    except der.NotDerError as error:
        raise _damaged(source, f"the {label} block holds something else") from error
    kind = classify(whole)
    if kind is None:
        raise _damaged(source, f"the {label} block holds something else")
    return Block(kind, whole, source)


def _headers(body: str) -> tuple[dict[str, str], str]:
    """RFC 1421's header lines before the content."""
    headers = {}
    lines = body.splitlines()
    while lines and (not lines[0].strip() or _HEADER.fullmatch(lines[0])):
        if match := _HEADER.fullmatch(lines.pop(0)):
            headers[match.group(1)] = match.group(2).strip()
    return headers, "\n".join(lines)


def _pem_again(label: str, headers: dict[str, str], packed: str) -> bytes:
    lines = [packed[start : start + 64] for start in range(0, len(packed), 64)]
    top = [f"{name}: {headers[name]}" for name in ("Proc-Type", "DEK-Info") if name in headers]
    return "\n".join([f"-----BEGIN {label}-----", *top, "", *lines, f"-----END {label}-----", ""]).encode(
        "latin-1"
    )


def _refuse_foreign(source: str, data: bytes, text: str) -> None:
    """Files that are often given by mistake, and what to do with each."""
    head = text.removeprefix("ï»¿").lstrip()[:2000].lower()
    if head.startswith("<"):
        what = "an HTML page" if "<html" in head or "<!doctype html" in head else "an XML file"
        raise CertificateError(
            f"{source} is {what}, not a certificate.",
            "Most likely a login or error page was saved: download the certificate again.",
            code="html",
        )
    if data[:4] in (b"\xfe\xed\xfe\xed", b"\xce\xce\xce\xce"):
        raise CertificateError(
            f"{source} is a Java keystore (JKS).",
            f"Convert it: keytool -importkeystore -srckeystore {shlex.quote(source)} -destkeystore identity.p12"
            " -deststoretype PKCS12",
            code="jks",
        )
    if head.startswith(("ssh-", "ecdsa-sha2-")) or "putty-user-key-file" in head:
        raise _ssh_key(source)
    if data[:4] == b"PK\x03\x04":
        raise CertificateError(f"{source} is a ZIP archive.", "Unpack it first.", code="unknown_format")
    if _BROKEN_BEGIN.search(text):
        raise _damaged(source, "its BEGIN line needs five plain dashes on either side")


def _bare_base64(data: bytes) -> bytes:
    """PEM's content without its BEGIN and END lines, as some consoles show it."""
    if not _BASE64.fullmatch(data):
        return b""
    try:
        return base64.b64decode(b"".join(data.split()), validate=True)
    except binascii.Error:
        return b""


def _der_blocks(source: str, data: bytes) -> tuple[Block, ...] | None:
    """The blocks of binary data, None where it isn't DER of a kind we know."""
    blocks: list[Block] = []
    rest = data
    while rest.strip(b"\x00\r\n\t "):
        try:
            element = der.first(rest)
        except der.CutOffError as error:
            if _begins_like_ours(rest):
                raise _truncated(source, "the data ends too early") from error
            element = None
        except der.NotDerError:
            element = None
        kind = classify(element.raw) if element else None
        if element is None or kind is None:
            if blocks:
                raise _damaged(source, f"after the {blocks[-1].kind} comes something else")
            return None
        blocks.append(Block(kind, element.raw, source))
        rest = rest[len(element.raw) :]
    return tuple(blocks) or None


def _begins_like_ours(data: bytes) -> bool:
    """A SEQUENCE of 256 bytes or more, as nearly all certificates and containers begin, and no text does."""
    return data[:2] in (b"\x30\x82", b"\x30\x83")


def classify(data: bytes) -> Kind | None:
    """What a DER value is, by the tags of its first fields; None for anything else.

    Sources: RFC 5280 4.1 and 5.1 (certificate, CRL), 2986 (request), 5958 (PKCS#8), 8017 A.1 (RSA keys),
    5915 (EC keys), 7292 (PKCS#12), 5652 (PKCS#7).
    """
    fields = _fields(data)
    match [element.tag for element in fields]:
        case [der.INTEGER, der.SEQUENCE, *_] if fields[0].content == b"\x03":
            return Kind.PKCS12
        case [der.INTEGER, der.SEQUENCE | der.OCTET_STRING, *_]:
            return Kind.KEY
        case [der.INTEGER, der.INTEGER]:
            return Kind.PUBLIC_KEY
        case [der.INTEGER, der.INTEGER, der.INTEGER, der.INTEGER, *_]:
            return Kind.KEY
        case [der.OBJECT_IDENTIFIER, der.CONTEXT_0, *_]:
            return Kind.PKCS7
        case [der.SEQUENCE, der.OCTET_STRING]:
            return Kind.ENCRYPTED_KEY
        case [der.SEQUENCE, der.BIT_STRING]:
            return Kind.PUBLIC_KEY
        case [der.SEQUENCE, der.SEQUENCE, der.BIT_STRING]:
            return _classify_signed(fields[0].raw)
    return None


def _classify_signed(signed: bytes) -> Kind | None:
    match [element.tag for element in _fields(signed)]:
        case [der.CONTEXT_0, der.INTEGER, *_]:
            return Kind.CERTIFICATE
        case [der.INTEGER, der.SEQUENCE, der.SEQUENCE, der.SEQUENCE, *_]:
            return Kind.CERTIFICATE  # of version 1, which has no version field
        case [der.INTEGER, der.SEQUENCE, der.SEQUENCE] | [
            der.INTEGER,
            der.SEQUENCE,
            der.SEQUENCE,
            der.CONTEXT_0,
            *_,
        ]:
            return Kind.REQUEST
        case [der.INTEGER, der.SEQUENCE, der.SEQUENCE, *_] | [der.SEQUENCE, der.SEQUENCE, *_]:
            return Kind.CRL
    return None


def _fields(data: bytes) -> list[der.Element]:
    """The first fields of a SEQUENCE, as many as can be read."""
    fields: list[der.Element] = []
    try:
        top = der.first(data)
        if top.tag == der.SEQUENCE:
            for element in der.elements(top.content):
                fields.append(element)
                if len(fields) == 5:
                    break
    except der.NotDerError:
        pass
    return fields


def _truncated(source: str, how: str) -> CertificateError:
    return CertificateError(
        f"{source} is cut off: {how}.", "Copy or download the whole file again.", code="truncated"
    )


def _damaged(source: str, how: str) -> CertificateError:
    return CertificateError(
        f"{source} is damaged: {how}.", "Copy or download the file again.", code="damaged"
    )


def _ssh_key(source: str) -> CertificateError:
    return CertificateError(
        f"{source} is an SSH key; TLS needs a certificate and its own kind of key.",
        "Use the key that the certificate was requested with. If this is the one, convert a copy of it:"
        " ssh-keygen -p -m PEM -f COPY",
        code="openssh_key",
    )
