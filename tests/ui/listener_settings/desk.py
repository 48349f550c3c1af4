"""What the tests do to a window, and clients with certificates of their own."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from inspector.certificates.model import Identity
from inspector.listen_request import ListenRequest
from inspector.ui.listener_settings.sheet import SettingsSheet
from inspector.ui.main_window import MainWindow

LONG = 15_000
BODY = b'{"push-service":1,"aps":{"alert":"My Test: 123","badge":1,"sequence":8}}'
_Kind = TypeVar("_Kind", bound=QWidget)


@dataclass(frozen=True)
class Desk:
    """A window with what the tests do to it."""

    window: MainWindow
    qtbot: QtBot

    @property
    def sheet(self) -> SettingsSheet:
        found = self.window._switch.settings.sheet
        assert found is not None
        return found

    def wanted(self) -> ListenRequest:
        """How the window listens now, or would."""
        return self.window.setup.request

    def open(self, place: str = "") -> SettingsSheet:
        return self.window._switch.settings.open(place)

    def find(self, kind: type[_Kind], name: str) -> _Kind:
        found = self.window.findChild(kind, name)
        assert isinstance(found, kind), name
        return found

    def listen(self) -> str:
        self.window.toolbar.set_address("127.0.0.1:0")
        self.window.toggle_listening(True)
        self.until(lambda: self.window.listening.state.on and not self.window.listening.state.busy)
        self.settle()
        return self.window.listening.state.url

    def settle(self) -> None:
        """Until the worker has done what was asked of it up to now."""
        done: list[object] = []
        self.window.worker.submit("", lambda: None, done.append)
        self.until(lambda: bool(done))

    def until(self, condition: Callable[[], bool]) -> None:
        self.qtbot.waitUntil(condition, timeout=LONG)

    def chips(self) -> dict[str, str]:
        return {key: chip.text for key, chip in self.window.status_line.chips.shown.items()}


class Client:
    """A keep-alive connection of its own, by mutual TLS with Python's ssl; no certificate where none is given."""

    def __init__(self, url: str, folder: Path, identity: Identity | None) -> None:
        host, port = url.removeprefix("https://").rstrip("/").rsplit(":", 1)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        if identity is not None:
            file = folder / f"{identity.name}.pem"
            file.write_bytes(
                identity.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
                + b"".join(one.public_bytes(Encoding.PEM) for one in identity.chain)
            )
            context.load_cert_chain(file)
        raw = socket.create_connection((host, int(port)), timeout=10)
        try:
            self._socket = context.wrap_socket(raw, server_hostname=host)
        except BaseException:
            raw.close()
            raise

    def push(self, headers: str = "") -> int:
        """The status of one push. Raises OSError where the connection was ended."""
        head = f"POST / HTTP/1.1\r\nHost: here\r\nContent-Length: {len(BODY)}\r\n{headers}\r\n"
        self._socket.sendall(head.encode() + BODY)
        answer = b""
        while b"\r\n\r\n" not in answer:
            part = self._socket.recv(4096)
            if not part:
                raise ConnectionResetError("ended")
            answer += part
        return int(answer.split()[1])

    def server_name(self) -> bytes:
        shown = self._socket.getpeercert(binary_form=True)
        assert shown is not None
        return shown

    def close(self) -> None:
        self._socket.close()
