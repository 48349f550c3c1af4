"""The listener as others use it: start, change, stop. One asyncio loop in one thread of its own.

Imports this room's parts. Every method may be called from any thread; events are delivered in the listener's.
"""

from __future__ import annotations

import asyncio
import logging
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace

from inspector.errors import ListenError
from inspector.listener.answer import AnswerRule, require_possible
from inspector.listener.batch import Batch, Writer
from inspector.listener.bind import ListeningSocket, is_public, open_sockets, url_of
from inspector.listener.config import Answer, ListenerConfig
from inspector.listener.connection import ClientConnection
from inspector.listener.events import ListenerEvent, Ready, Stopped
from inspector.listener.reply import Renderer
from inspector.listener.rule import Rule
from inspector.listener.rule_check import require_sound
from inspector.listener.shared import Shared
from inspector.listener.tls import ServerTls, server_tls

_log = logging.getLogger(__name__)
_ABORT_SECONDS = 2.0
_SHARE_FOR_UPSTREAM = 0.8  # of the time to stop
# What was accepted just before the end has its transport within a few turns of the loop.
_TURNS_TO_ACCEPT = 5


class Listener:
    """Takes pushes until stopped.

    `on_event` is called in the listener's thread, for one event after the other; it must be quick, and what
    it raises is logged and goes no further. The writer stays the caller's: it is not closed.
    """

    def __init__(
        self, config: ListenerConfig, writer: Writer, on_event: Callable[[ListenerEvent], None]
    ) -> None:
        self._config = config
        self._writer = writer
        self._on_event = on_event
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._running = threading.Event()
        self._shared: Shared | None = None
        self._batch: Batch | None = None
        self._stop_wanted: asyncio.Event | None = None
        self._stop_seconds = 0.0
        self._ready: Ready | None = None

    @property
    def config(self) -> ListenerConfig:
        """What it runs with now."""
        return self._config

    @property
    def ready(self) -> Ready | None:
        """Where it listens; None before `start` and after it has ended."""
        return self._ready

    @property
    def public(self) -> bool:
        """Whether others than this machine can reach it."""
        return is_public(self._config.host)

    @property
    def pushes(self) -> int:
        """How many pushes were committed."""
        return self._batch.pushes if self._batch is not None else 0

    @property
    def handshake_failures(self) -> int:
        """How many clients were turned away, or turned us away."""
        return self._batch.handshake_failures if self._batch is not None else 0

    @property
    def bare_connects(self) -> int:
        """How many opened a connection and left without a word."""
        return self._shared.bare_connects if self._shared is not None else 0

    @property
    def refused_requests(self) -> int:
        """How many requests were no push: another method, broken, cut off."""
        return self._batch.refused_requests if self._batch is not None else 0

    def start(self) -> Ready:
        """Open the port and serve. Returns when clients can connect. Raises ListenError where the address
        can't be listened on, CertificateError where the identity is of no use, UsageError where the answer or a
        rule is; nothing is left running then.
        """
        with self._lock:
            if self._thread is not None:
                raise RuntimeError("a listener is started once")
            config = self._config
            require_possible(config.answer)
            require_sound(config.rules)
            tls = server_tls(config)
            clear = bool(config.certificate_header)
            sockets = open_sockets(config.host, config.port, only_loopback=clear)
            port = sockets[0].getsockname()[1]
            url = url_of(config.host, port, "http" if clear else "https")
            ready = self._ready = Ready(url, config.host, port)
            self._thread = threading.Thread(
                target=self._run,
                args=(tls, sockets, ready),
                name="push-inspector-listener",
                daemon=True,
            )
            self._thread.start()
            self._running.wait()
            if self._loop is None:
                raise ListenError("The listener could not start.", "The log tells why.")
            return ready

    def stop(self, timeout: float = 5.0) -> None:
        """Take no new connections, finish what is in flight, end. What is not done after `timeout` seconds is
        cut off (and recorded as such). Returns when the thread has ended; harmless if it has already, or
        never ran. Called from `on_event` it does not wait for the end, which comes right after."""
        with self._lock:
            thread, loop, wanted = self._thread, self._loop, self._stop_wanted
            if thread is None:
                return
            self._stop_seconds = timeout
        if loop is not None and wanted is not None:
            with suppress(RuntimeError):  # the loop has ended by itself
                loop.call_soon_threadsafe(wanted.set)
        if thread is not threading.current_thread():
            thread.join()

    def set_answer(self, answer: Answer) -> None:
        """What pushes are answered from now on, where no rule fires. Raises UsageError for what can't be answered."""
        require_possible(answer)
        with self._lock:
            self._config = replace(self._config, answer=answer)
            self._apply(lambda shared: shared.answers.set_answer(answer))

    def set_rules(self, rules: Sequence[Rule]) -> None:
        """Which pushes are answered otherwise from now on. Rules that stay as they are go on counting. Raises
        UsageError for one that can't be followed."""
        rules = tuple(rules)
        require_sound(rules)
        with self._lock:
            self._config = replace(self._config, rules=rules)
            self._apply(lambda shared: shared.answers.set_rules(rules))

    def reconfigure(self, config: ListenerConfig) -> None:
        """Go on with this config without closing the port or a connection: who is let in, what is shown, limits and
        PROXY protocol for new connections, answers for the next push of all. Connections keep the TLS they have.

        Raises ListenError where the address differs, or whether TLS is spoken at all: that takes a new listener. As
        `start` does, it raises CertificateError for an identity of no use; and UsageError for what can't be answered.
        All stays as it was then.
        """
        require_possible(config.answer)
        require_sound(config.rules)
        with self._lock:
            old, config = self._config, self._at_the_port(config)
            if self._thread is not None and _door(old) != _door(config):
                raise ListenError(
                    "The address, and whether TLS is spoken, can't be changed while it listens.",
                    "Stop listening, and start again.",
                )
            tls = server_tls(config)
            self._config = config
            self._apply(lambda shared: shared.reconfigure(old, config, tls))

    def _at_the_port(self, config: ListenerConfig) -> ListenerConfig:
        """The port that was found for "any" counts as that."""
        if self._ready is not None and self._config.port == 0 and config.port == self._ready.port:
            return replace(config, port=0)
        return config

    def _apply(self, change: Callable[[Shared], None]) -> None:
        """Have the loop's thread make a change; before the start and after the end there is nothing to
        change."""
        loop, shared = self._loop, self._shared
        if loop is not None and shared is not None:
            with suppress(RuntimeError):  # the loop has ended
                loop.call_soon_threadsafe(change, shared)

    # In the listener's thread

    def _run(self, tls: ServerTls, sockets: list[ListeningSocket], ready: Ready) -> None:
        try:
            asyncio.run(self._serve(tls, sockets, ready))
        except Exception:  # noqa: BLE001 (the thread's last resort; `start` reports it)
            _log.exception("the listener has failed")
        finally:
            for one in sockets:
                one.close()
            self._ready = None
            self._running.set()

    async def _serve(self, tls: ServerTls, sockets: list[ListeningSocket], ready: Ready) -> None:
        loop = asyncio.get_running_loop()
        loop.set_exception_handler(_log_loop_error)
        shared = self._prepare(loop, tls, ready)
        self._stop_wanted = asyncio.Event()
        servers = [await loop.create_server(lambda: ClientConnection(shared), sock=one) for one in sockets]
        self._loop = loop
        self._running.set()
        self._emit(ready)
        await self._stop_wanted.wait()
        shared.stopping = True
        for one in sockets:
            one.stop_accepting()
        for _ in range(_TURNS_TO_ACCEPT):
            await asyncio.sleep(0)
        for server in servers:
            server.close()
        await self._wind_down(shared)
        self._emit(Stopped(self.pushes, self.handshake_failures, self.bare_connects, self.refused_requests))

    def _prepare(self, loop: asyncio.AbstractEventLoop, tls: ServerTls, ready: Ready) -> Shared:
        config = self._config
        self._batch = Batch(loop, self._writer, self._emit)
        self._shared = Shared(
            loop=loop,
            tls=tls,
            limits=config.limits,
            url=ready.url,
            answers=AnswerRule.of(config, loop),
            batch=self._batch,
            renderer=Renderer(time.time),
            known_certificates=config.known_certificates,
            proxy_protocol_from=config.proxy_protocol_from,
            certificate_header=config.certificate_header,
        )
        return self._shared

    async def _wind_down(self, shared: Shared) -> None:
        assert self._batch is not None
        for connection in shared.open_connections():
            connection.shut_down()
        # What waits for an upstream must be answered before its connection is cut off.
        for_upstream = self._stop_seconds * _SHARE_FOR_UPSTREAM
        await asyncio.gather(self._let_go(shared), shared.end_forwards(for_upstream))
        self._batch.flush()

    async def _let_go(self, shared: Shared) -> None:
        """Wait for the connections to end; cut off those that don't."""
        try:
            await asyncio.wait_for(shared.none_left(), self._stop_seconds)
        except TimeoutError:
            for connection in shared.open_connections():
                connection.abort()
            try:
                await asyncio.wait_for(shared.none_left(), _ABORT_SECONDS)
            except TimeoutError:
                _log.warning("connections were left open at the end")

    def _emit(self, event: ListenerEvent) -> None:
        try:
            self._on_event(event)
        except Exception:  # noqa: BLE001 (whatever the receiver raises, pushes go on)
            _log.exception("the receiver of the listener's events has failed")


def _door(config: ListenerConfig) -> tuple[str, int, bool]:
    """What can't be changed while it is open."""
    return config.host, config.port, bool(config.certificate_header)


def _log_loop_error(_loop: asyncio.AbstractEventLoop, context: dict[str, object]) -> None:
    error = context.get("exception")
    _log.error(
        "the listener's loop: %s",
        context.get("message"),
        exc_info=error if isinstance(error, Exception) else None,
    )
