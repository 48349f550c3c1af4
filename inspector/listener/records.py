"""TLS records in and out of OpenSSL's memory buffers, without what pyOpenSSL does besides.

Its `recv` allocates for every read and raises an exception to say "nothing more", its `bio_read` likewise:
together 6 µs of every push. Like `verify`, this reaches
below pyOpenSSL's public face, and only here: at a Connection's SSL and its two BIOs. Imports pyOpenSSL.
"""

from __future__ import annotations

from typing import Any

from OpenSSL import SSL
from OpenSSL._util import ffi, lib

_RECORD_BYTES = 16 * 1024  # RFC 8446 5.1: no record holds more
_OUT_BYTES = 64 * 1024


class RecordBuffer:
    """Room for what is read next. One for all sessions of a thread; never for those of two."""

    __slots__ = ("data",)

    def __init__(self) -> None:
        self.data = ffi.new("char[]", _OUT_BYTES)


class Records:
    """The records of one connection, once its handshake is done."""

    __slots__ = ("_buffer", "_connection", "_from_ssl", "_into_ssl", "_ssl")

    def __init__(self, connection: SSL.Connection, buffer: RecordBuffer) -> None:
        self._connection = connection
        self._buffer = buffer.data
        self._ssl: Any = connection._ssl
        self._into_ssl: Any = connection._into_ssl
        self._from_ssl: Any = connection._from_ssl

    def feed(self, data: bytes | memoryview) -> None:
        """Bytes have come from the other side. A memory BIO takes them all."""
        lib.BIO_write(self._into_ssl, ffi.from_buffer(data), len(data))

    def read(self) -> tuple[bytes, SSL.Error | None]:
        """What the records fed so far decrypt to, and what has ended the session, if anything."""
        count = lib.SSL_read(self._ssl, self._buffer, _RECORD_BYTES)
        plaintext = ffi.buffer(self._buffer, count)[:] if count > 0 else b""
        while count > 0:
            # Asking costs a tenth of a reading that finds nothing.
            if not (lib.BIO_get_mem_data(self._into_ssl, ffi.NULL) or lib.SSL_pending(self._ssl)):
                return plaintext, None
            count = lib.SSL_read(self._ssl, self._buffer, _RECORD_BYTES)
            if count > 0:
                plaintext += ffi.buffer(self._buffer, count)[:]
        if lib.SSL_get_error(self._ssl, count) == lib.SSL_ERROR_WANT_READ:
            return plaintext, None
        return plaintext, self._error(count)

    def write(self, data: bytes) -> SSL.Error | None:
        """Encrypt `data`; returns what has ended the session, if anything."""
        for start in range(0, len(data), _RECORD_BYTES):
            record = data[start : start + _RECORD_BYTES]
            count = lib.SSL_write(self._ssl, record, len(record))
            if count != len(record):
                return self._error(count)
        return None

    def drain(self) -> bytes:
        """What is to be sent to the other side; empty where there is nothing."""
        count = lib.BIO_read(self._from_ssl, self._buffer, _OUT_BYTES)
        if count <= 0:
            return b""
        data: bytes = ffi.buffer(self._buffer, count)[:]
        return data if count < _OUT_BYTES else data + self.drain()

    def _error(self, count: int) -> SSL.Error:
        """pyOpenSSL's exception for OpenSSL's result, with the error queue emptied into it."""
        try:
            self._connection._raise_ssl_error(self._ssl, count)
        except SSL.Error as error:
            return error
        return SSL.Error([("", "", f"unexpected result {count}")])
