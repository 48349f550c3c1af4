"""httpcore's network as the sender needs it: every wait can be cancelled and has a phase's deadline, the
server's last words are read even after a write has failed, and what the connection was is kept.

TLS runs over memory BIOs: when the server turns us down it may close the connection while we still write,
and only who holds the bytes himself gets at the alert that came before. Imports httpcore.
"""

from __future__ import annotations

import contextlib
import selectors
import socket
import ssl
from collections.abc import Iterable, Iterator
from typing import Any

import httpcore

from inspector.sender.attempt import Attempt
from inspector.sender.cancel import wait_for
from inspector.sender.connect import Address, connect, literal, resolve, text_of
from inspector.sender.handshake import Handshake, HandshakeWatch
from inspector.sender.model import Proxy
from inspector.sender.pinning import PinMismatchError
from inspector.sender.tunnel import open_tunnel

_RECEIVE_SIZE = 64 * 1024
_SENT_TOGETHER = 64 * 1024
_PEEKED = 16
_DRAINED = 16  # reads; nobody says more than that in a handshake
_TO_CONNECT = (httpcore.ConnectTimeout, httpcore.ConnectError)
_TO_READ = (httpcore.ReadTimeout, httpcore.ReadError)
_TO_WRITE = (httpcore.WriteTimeout, httpcore.WriteError)


class Network(httpcore.NetworkBackend):
    """Makes the connections of one client that sends one push at a time. `attempt` is the one going on,
    `stream` the connection made last, through `proxy` where there is one. TLS is made with `context`, whatever httpcore
    brings: httpcore changes the context it is given at each connection, and ours is shared by threads."""

    def __init__(
        self, context: ssl.SSLContext | None, watch: HandshakeWatch | None, proxy: Proxy | None = None
    ) -> None:
        self.context = context
        self.watch = watch
        self.proxy = proxy
        self.attempt = Attempt(0, None)
        self.stream: Stream | None = None

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ARG002 - httpcore's signature
        local_address: str | None = None,  # noqa: ARG002 - httpcore's signature
        socket_options: Iterable[Any] | None = None,  # noqa: ARG002 - httpcore's signature
    ) -> httpcore.NetworkStream:
        self.stream = None
        first = (self.proxy.host, self.proxy.port) if self.proxy is not None else (host, port)
        with _mapped(self.attempt, *_TO_CONNECT):
            addresses = self._resolve(*first)
            with self.attempt.during("connect"):
                sock = connect(addresses, self.attempt.deadline, self.attempt.cancel, self._missed)
                try:
                    self.attempt.reached = text_of(sock.getpeername())
                    self.stream = self._stream(sock, text_of((host, port)))
                except BaseException:  # it may be gone already: then it has no address any more
                    sock.close()
                    raise
        return self.stream

    def _resolve(self, host: str, port: int) -> list[Address]:
        attempt = self.attempt
        addresses = literal(host, port)
        if not addresses:
            with attempt.during("resolve"):
                addresses = resolve(host, port, attempt.deadline, attempt.cancel)
        attempt.addresses = tuple(text_of(address) for _family, address in addresses)
        return addresses

    def _missed(self, where: Address, error: OSError) -> None:
        self.attempt.missed.append((text_of(where[1]), error))

    def _stream(self, sock: socket.socket, authority: str) -> Stream:
        if self.proxy is None:
            return Stream(self, sock)
        open_tunnel(sock, self.proxy, authority, self.attempt.deadline, self.attempt.cancel)
        return Stream(self, sock, beyond=authority)


class Stream(httpcore.NetworkStream):
    """One connection, plain until `start_tls`. `peer` and `local` are addresses, `via` the proxy's where the
    connection is a tunnel to `beyond`, `first` the first bytes
    received, `tls` and `handshake` what is known of TLS, `established` that its handshake is done.
    httpcore's own timeouts are not looked at: the attempt's are."""

    def __init__(self, network: Network, sock: socket.socket, beyond: str = "") -> None:
        self._network = network
        self._sock = sock
        self._write_error: OSError | None = None
        self._unsent = bytearray()
        self._incoming = ssl.MemoryBIO()
        self._outgoing = ssl.MemoryBIO()
        reached = text_of(sock.getpeername())
        self.peer = beyond or reached
        self.via = reached if beyond else None
        self.local = text_of(sock.getsockname())
        self.first = b""
        self.server_name = ""
        self.established = False
        self.tls: ssl.SSLObject | None = None
        self.handshake: Handshake | None = None

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,  # noqa: ARG002 - httpcore's signature
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ARG002 - httpcore's signature
    ) -> httpcore.NetworkStream:
        context, watch = self._network.context, self._network.watch
        assert context is not None
        assert watch is not None
        self.server_name = server_hostname or ""
        self.tls = context.wrap_bio(self._incoming, self._outgoing, server_hostname=server_hostname)
        self.handshake = watch.follow(self.tls)
        try:
            with _mapped(self._network.attempt, *_TO_CONNECT):
                self._shake_hands(self.tls)
            self.established = True
        except BaseException as error:
            if isinstance(error.__cause__, PinMismatchError):
                self._outgoing.read()  # our certificate may be in it, which another server is not to see
            self._say_alert()
            self._sock.close()
            raise
        return self

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ARG002 - httpcore's signature
        attempt = self._network.attempt
        with _mapped(attempt, *_TO_READ):
            self._send_all()
            data = self._receive(max_bytes) if self.tls is None else self._decrypt(self.tls, max_bytes)
        attempt.answered += len(data)
        return data

    def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ARG002 - httpcore's signature
        # The head, the body and (as nothing) the end come one by one. They go out together: a server that answers
        # and closes without reading the body would else reset the connection before its answer is read.
        self._unsent += buffer
        if buffer and len(self._unsent) < _SENT_TOGETHER:
            return
        with _mapped(self._network.attempt, *_TO_WRITE):
            self._send_all()
            if self._write_error is not None:
                raise self._write_error

    def hear_out(self) -> bool:
        """Wait for what the server says of its own accord after a TLS 1.3 handshake, when it looks at our certificate.
        True for a session's ticket, which it gives to those it has taken; False where it closes. An alert is raised."""
        assert self.tls is not None
        assert self.handshake is not None
        with _mapped(self._network.attempt, *_TO_READ):
            while not self.handshake.ticket:
                try:
                    return bool(self.tls.read(1))
                except ssl.SSLWantReadError:
                    if not self.handshake.ticket:
                        self._fill()
                except (ssl.SSLEOFError, ssl.SSLZeroReturnError):
                    return False
        return True

    def close(self) -> None:
        if self.tls is not None and self._write_error is None and self._sock.fileno() >= 0:
            with contextlib.suppress(OSError):
                self.tls.unwrap()
            with contextlib.suppress(OSError):
                self._sock.send(self._outgoing.read())
        self._sock.close()

    def get_extra_info(self, info: str) -> Any:
        return self._has_ended() if info == "is_readable" else None

    def taken_over(self) -> tuple[socket.socket, ssl.SSLObject | None, ssl.MemoryBIO, ssl.MemoryBIO]:
        """The socket, TLS and what goes in and out of it, for who drives the connection by events from here on."""
        return self._sock, self.tls, self._incoming, self._outgoing

    def _shake_hands(self, tls: ssl.SSLObject) -> None:
        while True:
            try:
                tls.do_handshake()
            except ssl.SSLWantReadError:
                self._flush()
                self._fill()
            else:
                self._flush()
                return

    def _decrypt(self, tls: ssl.SSLObject, max_bytes: int) -> bytes:
        while True:
            try:
                return tls.read(max_bytes)
            except ssl.SSLWantReadError:
                self._flush()  # a key update may want an answer
                self._fill()
            except (ssl.SSLEOFError, ssl.SSLZeroReturnError):
                return b""

    def _say_alert(self) -> None:
        """Tell the server why, in a way that reaches it: closing at once with bytes unread would reset the
        connection and take the alert along."""
        with contextlib.suppress(OSError):
            self._sock.send(self._outgoing.read())
            self._sock.shutdown(socket.SHUT_WR)
            for _ in range(_DRAINED):
                if not self._sock.recv(_RECEIVE_SIZE):
                    break

    def _send_all(self) -> None:
        if not self._unsent:
            return
        data, self._unsent = bytes(self._unsent), bytearray()
        if self.tls is None:
            self._send(data)
        else:
            self.tls.write(data)
            self._flush()

    def _flush(self) -> None:
        if data := self._outgoing.read():
            self._send(data)

    def _send(self, data: bytes) -> None:
        """Send all of `data`. A connection that is gone is no error yet: the server may have said why, so
        first everything it said is read."""
        view, attempt = memoryview(data), self._network.attempt
        while view and self._write_error is None:
            try:
                view = view[self._sock.send(view) :]
            except BlockingIOError:
                wait_for(self._sock, selectors.EVENT_WRITE, attempt.deadline, attempt.cancel)
            except OSError as error:
                self._write_error = error

    def _fill(self) -> None:
        if data := self._receive(_RECEIVE_SIZE):
            self._incoming.write(data)
        else:
            self._incoming.write_eof()

    def _receive(self, size: int) -> bytes:
        attempt = self._network.attempt
        while True:
            try:
                data = self._sock.recv(size)
            except BlockingIOError:
                wait_for(self._sock, selectors.EVENT_READ, attempt.deadline, attempt.cancel)
                continue
            if not data and self._write_error is not None:
                raise self._write_error
            if len(self.first) < _PEEKED:
                self.first += data[: _PEEKED - len(self.first)]
            return data

    def _has_ended(self) -> bool:
        """Whether an idle connection is of no more use. Bytes alone don't say so: in TLS they may be a new
        session's ticket."""
        with contextlib.suppress(OSError):
            while True:
                try:
                    if self.tls is not None:
                        self.tls.read(1)
                        return True
                except ssl.SSLWantReadError:
                    pass
                try:
                    data = self._sock.recv(_RECEIVE_SIZE)
                except BlockingIOError:
                    return False
                if self.tls is None or not data:
                    return True
                self._incoming.write(data)
        return True


@contextlib.contextmanager
def _mapped(attempt: Attempt, on_timeout: type[Exception], on_error: type[Exception]) -> Iterator[None]:
    """Turn the system's errors into httpcore's. The first is kept in `attempt`: httpcore cuts the chain of
    causes when it raises again."""
    try:
        yield
    except TimeoutError as error:
        attempt.error = error
        raise on_timeout(str(error)) from error
    except OSError as error:
        attempt.error = error
        raise on_error(str(error)) from error
