"""One kept-alive connection of a run, driven by events without ever waiting: a push out, an answer in, again and again.

Takes over a connection that Network made. As in `wire`, a write that fails is no error yet: the server may have said
why, so first all that it said is read. Imports httpcore (for its exceptions) and the sender's network.
"""

from __future__ import annotations

import socket
import ssl

import httpcore

from inspector.sender.answer_reader import AnswerReader, BrokenAnswerError
from inspector.sender.cancel import Cancelled
from inspector.sender.wire import Stream

_RECEIVE_SIZE = 64 * 1024
_NO_ANSWER = "Server disconnected without sending a response."
_CUT_ANSWER = "The peer closed connection before its answer was complete"


class Lane:
    """`wants_write`: not all could be sent yet. `ended`: the server closed the connection. Times are of
    time.monotonic(): `wrote` when the whole push was handed to the system, `heard` when the head of the answer was
    there, both 0 before. `answered` is how many bytes of the answer came, `error` what ended the push without one and
    `system` the system's or OpenSSL's own error before that."""

    def __init__(self, stream: Stream) -> None:
        self.stream = stream
        self.sock: socket.socket
        self.sock, self._tls, self._incoming, self._outgoing = stream.taken_over()
        self.answer = AnswerReader()
        self.pushes = 0
        self.ended = False
        self._begin()

    def _begin(self) -> None:
        self.wrote = 0.0
        self.heard = 0.0
        self.answered = 0
        self.error: Exception | None = None
        self.system: OSError | None = None
        self._write_error: OSError | None = None
        self._unsent: bytes = b""

    @property
    def wants_write(self) -> bool:
        return bool(self._unsent)

    @property
    def over(self) -> bool:
        """Whether the push is answered or has failed."""
        return self.answer.done or self.error is not None

    @property
    def reusable(self) -> bool:
        """Whether the connection may carry another push."""
        return self.answer.reusable and self.error is None and self._write_error is None and not self.ended

    @property
    def phase(self) -> str:
        """Where the push is: send, wait or read."""
        return "send" if not self.wrote else "wait" if not self.heard else "read"

    def post(self, request: bytes, now: float) -> None:
        """Send a request; the answer comes by `readable`."""
        self.answer.reset()
        self._begin()
        self.pushes += 1
        if self._tls is not None:
            try:
                self._tls.write(request)
            except ssl.SSLError as error:
                self._fail(error)
                return
            request = self._outgoing.read()
        self._unsent = request
        self.writable(now)

    def writable(self, now: float) -> bool:
        """Send what is left, as far as it goes; tells whether nothing is left to be sent."""
        if not self._unsent:
            return True
        try:
            sent = self.sock.send(self._unsent)
        except BlockingIOError:
            return False
        except OSError as error:
            self._write_error, self._unsent = error, b""
            return True
        self._unsent = self._unsent[sent:]
        if not self._unsent and not self.wrote:
            self.wrote = now
        return not self._unsent

    def readable(self, now: float) -> None:
        """Take in what has come."""
        try:
            data = self.sock.recv(_RECEIVE_SIZE)
        except BlockingIOError:
            return
        except OSError as error:
            self._fail(error)
            return
        stream = self.stream
        if len(stream.first) < 16:
            stream.first += data[: 16 - len(stream.first)]
        if not data and self._write_error is not None:
            self._fail(self._write_error)
        elif self._tls is None:
            self._take(data, now)
        else:
            self._decrypt(self._tls, data, now)

    def idle_readable(self) -> bool:
        """Something came although nothing was asked; tells whether the connection is of no more use. Bytes alone don't
        say so: in TLS they may be a new session's ticket."""
        try:
            data = self.sock.recv(_RECEIVE_SIZE)
            if self._tls is None or not data:
                return True
            self._incoming.write(data)
            self._tls.read(1)
        except (BlockingIOError, ssl.SSLWantReadError):
            return False
        except OSError:
            return True
        return True

    def give_up(self, error: Exception, system: OSError | None = None) -> None:
        """End the push: it took too long, or is not wanted any more."""
        self.error, self.system = error, system

    def close(self) -> None:
        """Close the connection."""
        self.stream.close()

    def _decrypt(self, tls: ssl.SSLObject, data: bytes, now: float) -> None:
        if data:
            self._incoming.write(data)
        else:
            self._incoming.write_eof()
        while self.error is None:
            try:
                plain = tls.read(_RECEIVE_SIZE)
            except ssl.SSLWantReadError:
                break
            except (ssl.SSLEOFError, ssl.SSLZeroReturnError):
                plain = b""
            except ssl.SSLError as error:
                self._fail(error)
                return
            self._take(plain, now)
            if not plain or (self.answer.done and not self._incoming.pending):
                break
        if self._outgoing.pending:  # a key update wants an answer
            self._unsent += self._outgoing.read()
            self.writable(now)

    def _take(self, data: bytes, now: float) -> None:
        self.answered += len(data)
        if not data:
            self._end()
            return
        try:
            self.answer.feed(data)
        except BrokenAnswerError as error:
            if not self.answer.done:
                self.give_up(httpcore.RemoteProtocolError(str(error)))
            self.answer.reusable = False
        if not self.heard and self.answer.status is not None:
            self.heard = now

    def _end(self) -> None:
        self.ended = True
        if self.answer.done:
            return
        if self.answer.ends_with_connection():
            self.answer.done = True
        else:
            self.give_up(httpcore.RemoteProtocolError(_CUT_ANSWER if self.answered else _NO_ANSWER))

    def _fail(self, error: OSError) -> None:
        self.ended = True
        kind = httpcore.WriteError if self.phase == "send" else httpcore.ReadError
        if not self.answer.done:
            self.give_up(kind(str(error)), error)


def timed_out(phase: str) -> tuple[Exception, TimeoutError]:
    """What a push that took too long in this phase is given up with."""
    system = TimeoutError("timed out")
    kind = httpcore.WriteTimeout if phase == "send" else httpcore.ReadTimeout
    return kind("timed out"), system


def cancelled() -> Exception:
    """What a push that is not wanted any more is given up with."""
    return Cancelled()
