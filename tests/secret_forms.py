"""All the ways in which a key or a passphrase could stand in a file, and the search for them."""

from __future__ import annotations

import base64
import json
import re
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

from cryptography.hazmat.primitives.asymmetric import ec, ed448, ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from inspector.certificates.keys import PrivateKey

# A needle must not be found by chance: 12 bytes are 96 bits.
_LEAST = 12


@dataclass(frozen=True, slots=True)
class Secret:
    """A secret's name, and every form of it: `plain` is looked for as it is, `packed` where blanks and line ends were
    taken out, `hexed` where colons were, too, in lower case."""

    name: str
    plain: tuple[bytes, ...] = field(repr=False)
    packed: tuple[bytes, ...] = field(repr=False)
    hexed: tuple[bytes, ...] = field(repr=False)


def of_key(name: str, key: PrivateKey) -> Secret:
    """The key's structures in DER and PEM, and its secret numbers in every writing."""
    numbers = list(_numbers(key))
    ders = [key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())]
    if not isinstance(key, ed25519.Ed25519PrivateKey | ed448.Ed448PrivateKey):
        ders.append(key.private_bytes(Encoding.DER, PrivateFormat.TraditionalOpenSSL, NoEncryption()))
    decimals = [str(int.from_bytes(number, "big")).encode() for number in numbers]
    return Secret(
        name,
        plain=(*ders, *numbers, *(number[::-1] for number in numbers), *decimals),
        packed=tuple(form for data in (*ders, *numbers) for form in _base64_forms(data)),
        hexed=tuple(number.hex().encode() for number in numbers),
    )


def of_text(name: str, text: str) -> Secret:
    """A passphrase: UTF-8, UTF-16, base64, hex, percent, and as JSON and Python write it."""
    utf8 = text.encode()
    utf16 = [text.encode("utf-16-le"), text.encode("utf-16-be")]
    escaped = [json.dumps(text)[1:-1].encode(), ascii(text)[1:-1].encode(), quote(text, safe="").encode()]
    return Secret(
        name,
        plain=(utf8, *utf16, *escaped),
        packed=tuple(form for data in (utf8, *utf16) for form in _base64_forms(data)),
        hexed=tuple(data.hex().encode() for data in (utf8, *utf16)),
    )


def found_in(data: bytes, secrets: list[Secret]) -> list[str]:
    """The names of the secrets that stand there in any form."""
    packed = re.sub(rb"\s|\\r|\\n", b"", data)
    hexed = packed.replace(b":", b"").lower()
    return [
        secret.name
        for secret in secrets
        if any(form in data for form in secret.plain)
        or any(form in packed for form in secret.packed)
        or any(form in hexed for form in secret.hexed)
    ]


def contents(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Every file below, by its name; of a database also its rows, as pages cut long values apart."""
    for path in sorted(folder.rglob("*")):
        if not path.is_file():
            continue
        data = path.read_bytes()
        yield str(path.relative_to(folder)), data
        if data.startswith(b"SQLite format 3"):
            yield f"{path.name}, its rows", b"\n".join(_values(path))


def _values(path: Path) -> Iterator[bytes]:
    connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    try:
        tables = "SELECT name FROM sqlite_schema WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%'"
        for (table,) in connection.execute(tables).fetchall():
            for row in connection.execute(f'SELECT * FROM "{table}"'):
                for value in row:
                    yield value if isinstance(value, bytes) else str(value).encode("utf-8", "surrogatepass")
    finally:
        connection.close()


def _numbers(key: PrivateKey) -> Iterator[bytes]:
    match key:
        case ec.EllipticCurvePrivateKey():
            yield key.private_numbers().private_value.to_bytes((key.key_size + 7) // 8, "big").lstrip(b"\x00")
        case rsa.RSAPrivateKey():
            numbers = key.private_numbers()
            for number in (numbers.d, numbers.p, numbers.q, numbers.dmp1, numbers.dmq1, numbers.iqmp):
                yield number.to_bytes((number.bit_length() + 7) // 8, "big")
        case ed25519.Ed25519PrivateKey() | ed448.Ed448PrivateKey():
            yield key.private_bytes_raw()


def _base64_forms(data: bytes) -> list[bytes]:
    """What stands of the data in base64, wherever in a whole it begins; both alphabets."""
    forms = []
    for before in range(3):
        whole = base64.b64encode(bytes(before) + data)
        # The characters that also hold bits of what stands before and behind.
        form = whole[(0, 2, 3)[before] : len(whole) - (4 if (before + len(data)) % 3 else 0)]
        if len(form) >= _LEAST:
            forms += [form, form.translate(bytes.maketrans(b"+/", b"-_"))]
    return forms
