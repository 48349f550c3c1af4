"""The section for a load balancer or tunnel in front: the PROXY protocol, and certificates in a header."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QCheckBox, QComboBox, QLineEdit

from inspector.errors import UsageError
from inspector.listen_request import ListenRequest
from inspector.listener.bind import is_public
from inspector.ui.listener_settings import checks
from inspector.ui.listener_settings.form import Faults, Section

HEADERS = ("X-SSL-Client-Cert", "X-Forwarded-Client-Cert", "X-Amzn-Mtls-Clientcert")


class BehindProxy(Section):
    """Who may tell the client's address, and which header tells its certificate."""

    title = "Behind a proxy"
    fields = ("proxy_protocol_from", "certificate_header")

    def build(self) -> None:
        self._from = QLineEdit()
        self._from.setObjectName("settings_proxy_from")
        self._from.setPlaceholderText("10.0.0.7, 192.168.0.0/16")
        self._from.editingFinished.connect(self.say_edited)
        self.row(
            "proxy_from",
            "PROXY from",
            self._from,
            "Connections from these addresses must begin with a PROXY protocol header (version 1 or 2), "
            "which names the client.",
        )
        self._plain = QCheckBox("TLS ends before us: speak plain HTTP")
        self._plain.setObjectName("settings_plain_http")
        self._plain.clicked.connect(self._switch)
        self.row(
            "plain_http",
            "",
            self._plain,
            "Only on a loopback address: whoever reaches this port could claim any certificate.",
        )
        self._header = QComboBox()
        self._header.setEditable(True)
        self._header.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self._header.setObjectName("settings_certificate_header")
        self._header.addItems(HEADERS)
        self._header.activated.connect(self.say_edited)
        edit = self._header.lineEdit()
        assert edit is not None
        edit.setAccessibleName("Header with the certificate")
        edit.editingFinished.connect(self.say_edited)
        self.row(
            "certificate_header",
            "Certificate in",
            self._header,
            "nginx: proxy_set_header X-SSL-Client-Cert $ssl_client_escaped_cert; Envoy: X-Forwarded-Client-Cert.",
        )

    def fill(self, request: ListenRequest) -> None:
        text = ", ".join(request.proxy_protocol_from)
        if self._from.text() != text:
            self._from.setText(text)
        self._plain.setChecked(bool(request.certificate_header))
        if request.certificate_header and self._header.currentText() != request.certificate_header:
            self._header.setCurrentText(request.certificate_header)
        self.places["certificate_header"].show(bool(request.certificate_header))

    def taken(self, request: ListenRequest, faults: Faults) -> ListenRequest:
        networks = faults.read(
            self.places["proxy_from"], lambda: checks.networks(self._from.text()), request.proxy_protocol_from
        )
        header = ""
        if self._plain.isChecked():
            header = faults.read(
                self.places["certificate_header"],
                lambda: checks.header_name(self._header.currentText()),
                request.certificate_header,
            )
        faults.read(self.places["plain_http"], lambda: self._require_loopback(request), None)
        return replace(request, proxy_protocol_from=networks, certificate_header=header)

    def summary(self, request: ListenRequest) -> str:
        parts = []
        if request.proxy_protocol_from:
            parts.append("PROXY from " + ", ".join(request.proxy_protocol_from))
        if request.certificate_header:
            parts.append(f"plain HTTP, certificate in {request.certificate_header}")
        return ", ".join(parts) or "no"

    def _require_loopback(self, request: ListenRequest) -> None:
        if self._plain.isChecked() and is_public(request.host):
            raise UsageError(
                f"Plain HTTP is spoken on a loopback address only, and {request.host} is none.",
                "Set Address to “This computer only”.",
            )

    @Slot()
    def _switch(self) -> None:
        self.places["certificate_header"].show(self._plain.isChecked())
        self.say_edited()
