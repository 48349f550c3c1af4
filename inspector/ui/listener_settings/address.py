"""The section for the address: who can reach the listener, and at which port. Imports PySide6."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QComboBox, QLineEdit

from inspector.listen_request import ListenRequest
from inspector.listener.bind import is_everywhere, is_public
from inspector.ui.listener_settings import checks
from inspector.ui.listener_settings.form import Faults, Section, number, set_text

HERE, IPV4, ALL, ONE = "127.0.0.1", "0.0.0.0", "::", "one"  # noqa: S104 - choices, not bound to


class Address(Section):
    """Host and port. `may_listen_on` is asked before all addresses are chosen."""

    title = "Address"
    fields = ("host", "port")
    may_listen_on: Callable[[str], bool]

    def build(self) -> None:
        self._reach = QComboBox()
        self._reach.setObjectName("settings_reach")
        for words, key in (
            ("This computer only", HERE),
            ("All addresses (IPv4)", IPV4),
            ("All addresses (IPv4 and IPv6)", ALL),
            ("One address…", ONE),
        ):
            self._reach.addItem(words, key)
        self._reach.activated.connect(self._choose)
        reach = self.row("reach", "Reachable from", self._reach, " ")
        self._hint = reach
        self._host = QLineEdit()
        self._host.setObjectName("settings_host")
        self._host.setPlaceholderText("192.168.1.20, ::1 or a name")
        self._host.editingFinished.connect(self.say_edited)
        self.row("host", "Host", self._host)
        holder, self._port = number("0 takes any free one", "settings_port", self, 72)
        self.row("port", "Port", holder, focus=self._port)

    def fill(self, request: ListenRequest) -> None:
        known = self._reach.findData("::" if request.host == "[::]" else request.host)
        self._reach.setCurrentIndex(known if known >= 0 else self._reach.findData(ONE))
        set_text(self._host, request.host)
        set_text(self._port, str(request.port))
        self._show_host(request.host)

    def taken(self, request: ListenRequest, faults: Faults) -> ListenRequest:
        key = str(self._reach.currentData())
        typed = self._host.text()
        host = faults.read(
            self.places["host"], lambda: checks.host(typed if key == ONE else key), request.host
        )
        port = faults.read(self.places["port"], lambda: checks.port(self._port.text()), request.port)
        if is_everywhere(host) and host != request.host and not self.may_listen_on(host):
            host = request.host
            self.show_again(request)
        return replace(request, host=host, port=port)

    def summary(self, request: ListenRequest) -> str:
        reach = (
            "all addresses"
            if is_everywhere(request.host)
            else request.host
            if is_public(request.host)
            else "this computer only"
        )
        return f"{reach}, port {request.port}" if request.port else f"{reach}, any free port"

    @Slot()
    def _choose(self) -> None:
        key = str(self._reach.currentData())
        self._show_host(key)
        if key == ONE:
            if is_everywhere(self._host.text()) or not is_public(self._host.text()):
                self._host.clear()
            self._host.setFocus()
        else:
            set_text(self._host, key)
            self.say_edited()

    def _show_host(self, host: str) -> None:
        one = self._reach.currentData() == ONE
        self.places["host"].show(one)
        inside = not one and not is_public(host)
        self._hint.set_hint(
            "Only programs on this computer reach the listener."
            if inside
            else "Who can reach that address can reach the listener."
            if one
            else "Anybody in your network can reach the listener."
        )
