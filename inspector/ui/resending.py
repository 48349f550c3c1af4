"""Sending an event again: its very bytes, or changed in the composer."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot

from inspector.history.model import Event, Kind, Row
from inspector.ui.composer.body import Opened, open_body

if TYPE_CHECKING:
    from inspector.ui.main_window import MainWindow


class Resending(QObject):
    """Takes a Row (whose event is read first) or an Event; a refused handshake is let be."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window

    @Slot(object)
    def resend(self, what: Row | Event | None) -> None:
        """Send its bytes again to the composer's target."""
        self._with_event(what, self._resend_event)

    @Slot(object)
    def edit(self, what: Row | Event | None) -> None:
        """Put its bytes into the composer."""
        if what is not None and (isinstance(what, Event) or what.kind is Kind.PUSH):
            self._window.feed.read(what.id, _opened, self._edit_opened, lane="resend")

    def _with_event(self, what: Row | Event | None, do: Callable[[Event | None], None]) -> None:
        if isinstance(what, Event):
            do(what)
        elif what is not None and what.kind is Kind.PUSH:
            self._window.feed.read(what.id, _as_it_is, do, lane="resend")

    def _resend_event(self, event: Event | None) -> None:
        if event is not None:
            self._window.composer.resend(event.written.body, title=f"#{event.id}")

    def _edit_opened(self, opened: tuple[int, Opened] | None) -> None:
        if opened is not None:
            identifier, body = opened
            self._window.open_composer()
            self._window.composer.load_body(body, title=f"#{identifier}")


def _as_it_is(event: Event | None) -> Event | None:
    return event


def _opened(event: Event | None) -> tuple[int, Opened] | None:
    """In the worker's thread: a body in one long line is laid out, which takes a while where it is big."""
    return None if event is None else (event.id, open_body(event.written.body))
