"""Connections and their certificates as rows of the store, and back. Imports sqlite3 and history's words.

A certificate is written once, however many connections present it; one with another chain is another one, since
what was sent along is what people look for when a chain is incomplete.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence
from functools import lru_cache
from hashlib import sha256
from typing import Any

from inspector.history.folding import fold_all
from inspector.history.model import Certificate, Connection, TlsFacts
from inspector.history.packing import (
    SqlValue,
    pack_handshake,
    pack_parts,
    raw,
    storable,
    text,
    text_or_none,
    unpack_handshake,
    unpack_parts,
    whole_or_none,
)

_INSERT_CONNECTION = """
    INSERT INTO connections (
        peer, local, trusted, has_tls, tls_version, tls_cipher, tls_sni, tls_alpn, certificate_id, search_text,
        handshake_id, via
    ) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""
_INSERT_CERTIFICATE = """
    INSERT INTO certificates (digest, fingerprint, subject, issuer, not_before, not_after, chain)
    VALUES (?, ?, ?, ?, ?, ?, ?)
"""
_SELECT_CONNECTIONS = """
    SELECT c.peer, c.local, c.trusted, c.has_tls, c.tls_version, c.tls_cipher, c.tls_sni, c.tls_alpn,
           c.via, h.facts, c.id, k.id, k.fingerprint, k.subject, k.issuer, k.not_before, k.not_after, k.chain
    FROM connections AS c LEFT JOIN certificates AS k ON k.id = c.certificate_id
    LEFT JOIN handshakes AS h ON h.id = c.handshake_id WHERE c.id IN (SELECT value FROM json_each(?))
"""


def write_connection(database: sqlite3.Connection, connection: Connection) -> int:
    """Write a connection inside the transaction that is open; returns its id."""
    certificate = connection.certificate
    tls = connection.tls or TlsFacts()
    values = (
        connection.peer,
        connection.local,
        None if connection.trusted is None else int(connection.trusted),
    )
    facts = (connection.tls is not None, tls.version, tls.cipher, tls.sni, tls.alpn)
    certificate_id = None if certificate is None else _write_certificate(database, certificate)
    row = (
        *map(storable, (*values, *facts)),
        certificate_id,
        _search_text(connection),
        _write_handshake(database, tls),
        storable(connection.via),
    )
    return _inserted(database.execute(_INSERT_CONNECTION, row))


def read_connections(database: sqlite3.Connection, identifiers: Iterable[int]) -> dict[int, Connection]:
    """Those of these connections that there are, whole, by their ids. Raises ValueError, KeyError or TypeError for a
    damaged row."""
    found = database.execute(_SELECT_CONNECTIONS, (json.dumps(list(identifiers)),))
    return dict(map(_decode_connection, found))


def _decode_connection(row: Sequence[Any]) -> tuple[int, Connection]:
    peer, local, trusted, has_tls, version, cipher, sni, alpn, via, handshake, identifier, *presented = row
    settled = (text_or_none(version), text_or_none(cipher), text_or_none(sni), text_or_none(alpn))
    tls = TlsFacts(*settled, **unpack_handshake(text_or_none(handshake)))
    flag = whole_or_none(trusted)
    connection = Connection(
        peer=text(peer),
        local=text(local),
        certificate=_decode_certificate(*presented),
        trusted=None if flag is None else bool(flag),
        tls=tls if has_tls else None,
        via=text_or_none(via),
    )
    return identifier, connection


@lru_cache(maxsize=256)  # a client comes again
def _decode_certificate(identifier: int | None, fingerprint: object, *facts: object) -> Certificate | None:
    if identifier is None:
        return None
    subject, issuer, not_before, not_after, chain = facts
    return Certificate(
        subject=text(subject),
        issuer=text(issuer),
        fingerprint_sha256=text(fingerprint),
        not_before=text(not_before),
        not_after=text(not_after),
        chain=unpack_parts(raw(chain)),
    )


def _write_certificate(database: sqlite3.Connection, certificate: Certificate) -> int:
    row = _certificate_row(certificate)
    known = database.execute("SELECT id FROM certificates WHERE digest = ?", row[:1]).fetchone()
    if known is not None:
        identifier: int = known[0]
        return identifier
    return _inserted(database.execute(_INSERT_CERTIFICATE, row))


@lru_cache(maxsize=256)  # a client comes again
def _certificate_row(certificate: Certificate) -> tuple[SqlValue, ...]:
    facts = (
        certificate.fingerprint_sha256,
        certificate.subject,
        certificate.issuer,
        certificate.not_before,
        certificate.not_after,
    )
    chain = pack_parts(certificate.chain)
    digest = sha256(pack_parts([fact.encode("utf-8", "surrogatepass") for fact in facts]) + chain).digest()
    return digest, *map(storable, facts), chain


def _write_handshake(database: sqlite3.Connection, tls: TlsFacts) -> int | None:
    facts = pack_handshake(tls)
    if facts is None:
        return None
    digest = sha256(facts.encode("utf-8", "surrogatepass")).digest()
    known = database.execute("SELECT id FROM handshakes WHERE digest = ?", (digest,)).fetchone()
    if known is not None:
        identifier: int = known[0]
        return identifier
    return _inserted(
        database.execute("INSERT INTO handshakes (digest, facts) VALUES (?, ?)", (digest, storable(facts)))
    )


def _search_text(connection: Connection) -> str | None:
    """Without the address where that is plain ASCII, as it is: searching for a number must not find its port."""
    texts = [connection.tls.sni if connection.tls else None]
    if certificate := connection.certificate:
        texts += [certificate.subject, certificate.issuer]
    if not _is_plain(connection.peer):
        texts.append(connection.peer)
    return None if all(_is_plain(text) for text in texts if text) else fold_all(texts)


def _is_plain(text: str) -> bool:
    return text.isascii() and "\0" not in text


def _inserted(cursor: sqlite3.Cursor) -> int:
    assert cursor.lastrowid is not None
    return cursor.lastrowid
