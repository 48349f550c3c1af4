"""Starts the window and ends it in order. The only entry into this room."""

from __future__ import annotations

import signal
import socket
import sys
from collections.abc import Callable
from types import FrameType, TracebackType

from PySide6.QtCore import QEvent, QObject, QSocketNotifier, QTimer, Slot
from PySide6.QtWidgets import QApplication, QMessageBox

from inspector import __version__, log
from inspector.garbage import spare_what_stays
from inspector.ui.main_window import MainWindow
from inspector.ui.settings import Settings
from inspector.ui.theme import Scheme, Theme
from inspector.workbench import Workbench

BEGIN_MILLISECONDS = 1


class _Interrupts(QObject):
    """Ends the window on SIGINT and SIGTERM: Python only sees a signal when Qt calls Python, so a socket wakes it."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._read, self._write = socket.socketpair()
        self._read.setblocking(False)
        self._write.setblocking(False)
        self._before = {
            number: signal.signal(number, self._note) for number in (signal.SIGINT, signal.SIGTERM)
        }
        self._wakeup = signal.set_wakeup_fd(self._write.fileno(), warn_on_full_buffer=False)
        self._notifier = QSocketNotifier(self._read.fileno(), QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._wake)

    def _note(self, _number: int, _frame: FrameType | None) -> None:
        QTimer.singleShot(0, self._window, self._window.close)

    @Slot()
    def _wake(self) -> None:
        self._read.recv(64)

    def undo(self) -> None:
        """Give the signals back."""
        self._notifier.setEnabled(False)
        signal.set_wakeup_fd(self._wakeup)
        for number, handler in self._before.items():
            signal.signal(number, handler)
        self._read.close()
        self._write.close()


class _FirstPaint(QObject):
    """Lets the window begin its work once it is seen: what it imports and reads first must not delay its picture."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        window.installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint:
            self._window.removeEventFilter(self)
            QTimer.singleShot(BEGIN_MILLISECONDS, self._window, self._window.begin)
        return False


class _FirstListening(QObject):
    """Tidies up when the window listens for the first time: then all is imported that will be."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._listening = window.listening
        self._listening.changed.connect(self._look)

    @Slot()
    def _look(self) -> None:
        if self._listening.state.on:
            self._listening.changed.disconnect(self._look)
            spare_what_stays()


class _Unexpected:
    """Logs what nobody expected and says so once; the window carries on."""

    def __init__(self) -> None:
        self._told = False

    def __call__(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        log.unexpected(kind, error, trace)
        if self._told:
            return
        self._told = True
        box = QMessageBox(QMessageBox.Icon.Warning, "Push Inspector", "Something unexpected went wrong.")
        box.setInformativeText("The log has the details. What was received is safe in the history.")
        box.open()


def run(workbench: Workbench, *, after_start: Callable[[MainWindow], None] | None = None) -> int:
    """Show the window of a home until it is closed; returns the exit code. `after_start` runs once it is shown."""
    application = QApplication.instance()
    if not isinstance(application, QApplication):
        application = QApplication(sys.argv[:1])
    application.setApplicationName("Push Inspector")
    application.setApplicationVersion(__version__)
    application.setDesktopFileName("push-inspector")
    workbench.home.create()
    log.set_up(workbench.home)
    sys.excepthook = _Unexpected()
    settings = Settings(workbench.home)
    theme = Theme(application, _scheme(settings))
    window = MainWindow(workbench, theme, settings)
    theme.dress()
    interrupts = _Interrupts(window)
    _FirstPaint(window)
    _FirstListening(window)
    window.show()
    if after_start is not None:
        after_start(window)
    code = application.exec()
    window.shut_down()
    interrupts.undo()
    sys.excepthook = sys.__excepthook__
    log.tear_down()
    return code


def _scheme(settings: Settings) -> Scheme:
    try:
        return Scheme(settings.text("window/scheme", Scheme.SYSTEM.value))
    except ValueError:
        return Scheme.SYSTEM
