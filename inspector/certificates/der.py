"""Just enough DER to tell what a block of bytes is and to look past what cryptography refuses to parse.

Imports nothing of the package. Reads tags and lengths only (X.690 8.1); never values it does not need.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

SEQUENCE = 0x30
SET = 0x31
INTEGER = 0x02
BIT_STRING = 0x03
OCTET_STRING = 0x04
OBJECT_IDENTIFIER = 0x06
CONTEXT_0 = 0xA0


class NotDerError(ValueError):
    """The bytes are no DER."""


class CutOffError(NotDerError):
    """The bytes begin as DER and end too early."""


@dataclass(frozen=True, slots=True)
class Element:
    """One tag-length-value. `raw` is all of it, `content` only the value."""

    tag: int
    content: bytes
    raw: bytes


def first(data: bytes, offset: int = 0) -> Element:
    """The element that begins at `offset`. BER's indefinite length (old PKCS#12 writers) is taken to reach to
    the end of `data`. Raises CutOffError, NotDerError."""
    if offset >= len(data):
        raise CutOffError("nothing there")
    tag = data[offset]
    if tag & 0x1F == 0x1F:
        raise NotDerError("a tag of many bytes")
    if offset + 1 >= len(data):
        raise CutOffError("no length")
    length = data[offset + 1]
    start = offset + 2
    if length == 0x80:
        return Element(tag, data[start:], data[offset:])
    if length > 0x80:
        size = length & 0x7F
        if size > 4:
            raise NotDerError("an absurd length")
        if start + size > len(data):
            raise CutOffError("the length is cut off")
        length = int.from_bytes(data[start : start + size], "big")
        start += size
    if start + length > len(data):
        raise CutOffError("the value is cut off")
    return Element(tag, data[start : start + length], data[offset : start + length])


def elements(data: bytes) -> Iterator[Element]:
    """The elements of `data`, one after the other. Raises as `first` does, when it comes to that."""
    offset = 0
    while offset < len(data):
        found = first(data, offset)
        yield found
        offset += len(found.raw)


def dotted(content: bytes) -> str:
    """The value of an OBJECT IDENTIFIER as people write it, such as `2.5.4.3`."""
    numbers: list[int] = []
    number = 0
    for byte in content:
        number = number << 7 | byte & 0x7F
        if not byte & 0x80:
            numbers.append(number)
            number = 0
    if not numbers:
        return ""
    head = min(numbers[0] // 40, 2)
    return ".".join(str(part) for part in (head, numbers[0] - 40 * head, *numbers[1:]))


def object_identifier(text: str) -> bytes:
    """The whole element of an OBJECT IDENTIFIER written as `2.5.4.3`; for those shorter than 128 bytes."""
    head, second, *rest = (int(part) for part in text.split("."))
    content = b""
    for number in (40 * head + second, *rest):
        digits = [number & 0x7F]
        rest_of_it = number >> 7
        while rest_of_it:
            digits.append(rest_of_it & 0x7F | 0x80)
            rest_of_it >>= 7
        content += bytes(reversed(digits))
    return bytes([OBJECT_IDENTIFIER, len(content)]) + content


def wrap(tag: int, content: bytes) -> bytes:
    """A whole element: tag, length, content."""
    if len(content) < 0x80:
        return bytes([tag, len(content)]) + content
    length = len(content).to_bytes((len(content).bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(length)]) + length + content


class CertificateFields(NamedTuple):
    """Fields of a certificate (RFC 5280 4.1) as the bytes they are: the serial's value, the names' whole elements."""

    serial: bytes
    issuer: bytes
    subject: bytes


def certificate_fields(tbs: bytes) -> CertificateFields:
    """The fields out of the bytes of a TBSCertificate. Raises NotDerError."""
    parts = list(elements(first(tbs).content))
    if parts and parts[0].tag == CONTEXT_0:
        del parts[0]
    if len(parts) < 5:
        raise NotDerError("no certificate")
    serial, _signature, issuer, _validity, subject = parts[:5]
    return CertificateFields(serial.content, issuer.raw, subject.raw)
