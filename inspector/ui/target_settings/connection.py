"""How one gets there: TLS versions, time-outs, an HTTP proxy. Imports PySide6 and the rows."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QComboBox, QLabel, QLineEdit

from inspector.errors import UsageError
from inspector.sender.request import FROM_ENVIRONMENT, TLS_VERSIONS, SendRequest
from inspector.sending_setup import proxy_fault
from inspector.ui.listener_settings import checks
from inspector.ui.listener_settings.form import Faults, choose, in_line, set_text
from inspector.ui.target_settings.rows import Block, SecretField

LONGEST_SECONDS = 3600.0
NO_PROXY, THIS_PROXY = "", "this"


class TlsBlock(Block):
    """The TLS versions that are spoken, from and to."""

    def build(self) -> None:
        self.least, self.most = (self._versions(name) for name in ("tls_min", "tls_max"))
        self.least.setAccessibleName("Least TLS version")
        self.most.setAccessibleName("Latest TLS version")
        to = QLabel("to")
        to.setProperty("role", "muted")
        self.row("tls", "TLS", in_line(self.least, to, self.most), focus=self.least)
        self.keep_wheel_off(self.most)

    def _versions(self, name: str) -> QComboBox:
        combo = QComboBox(self)
        combo.setObjectName(f"composer_target_{name}")
        for version in TLS_VERSIONS:
            combo.addItem(version, version)
        combo.activated.connect(self.say_edited)
        combo.setFixedWidth(88)
        return combo

    def fill(self, request: SendRequest) -> None:
        choose(self.least, request.tls_min)
        choose(self.most, request.tls_max)

    def taken(self, request: SendRequest, faults: Faults) -> SendRequest:
        least, most = str(self.least.currentData()), str(self.most.currentData())

        def versions() -> tuple[str, str]:
            if TLS_VERSIONS.index(least) > TLS_VERSIONS.index(most):
                raise UsageError("Let the first version be no later than the second.")
            return least, most

        tls_min, tls_max = faults.read(self.places["tls"], versions, (request.tls_min, request.tls_max))
        return replace(request, tls_min=tls_min, tls_max=tls_max)


class TimesBlock(Block):
    """How long each step may take, apart for connecting and for the answer."""

    def build(self) -> None:
        self.connect_seconds = self._seconds("connect_timeout", "Seconds to connect at most", "as answer")
        self.answer_seconds = self._seconds("timeout", "Seconds to wait for the answer at most")
        self.row(
            "connect",
            "&Connect",
            in_line(self.connect_seconds, _unit("s at most")),
            focus=self.connect_seconds,
        )
        self.row(
            "answer", "&Answer", in_line(self.answer_seconds, _unit("s at most")), focus=self.answer_seconds
        )

    def _seconds(self, name: str, words: str, placeholder: str = "") -> QLineEdit:
        edit = self.line_edit(name, words, placeholder)
        edit.setFixedWidth(88)
        return edit

    def fill(self, request: SendRequest) -> None:
        own = request.connect_timeout
        set_text(self.connect_seconds, "" if own is None else f"{own:g}")
        set_text(self.answer_seconds, f"{request.timeout:g}")

    def taken(self, request: SendRequest, faults: Faults) -> SendRequest:
        def to_connect() -> float | None:
            text = self.connect_seconds.text()
            return checks.seconds(text, LONGEST_SECONDS) if text.strip() else None

        def to_answer() -> float:
            return checks.seconds(self.answer_seconds.text(), LONGEST_SECONDS)

        return replace(
            request,
            connect_timeout=faults.read(self.places["connect"], to_connect, request.connect_timeout),
            timeout=faults.read(self.places["answer"], to_answer, request.timeout),
        )


class ProxyBlock(Block):
    """An HTTP proxy on the way, with user and password. `reveal_wanted` asks for the password that is kept."""

    reveal_wanted = Signal()

    def build(self) -> None:
        self.kind = QComboBox(self)
        self.kind.setObjectName("composer_target_proxy")
        self.kind.setAccessibleName("HTTP proxy")
        for words, key in (
            ("No proxy", NO_PROXY),
            ("This HTTP proxy…", THIS_PROXY),
            ("As the environment says (HTTPS_PROXY)", FROM_ENVIRONMENT),
        ):
            self.kind.addItem(words, key)
        self.kind.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.kind.setMinimumContentsLength(12)
        self.kind.activated.connect(self._choose_kind)
        self.row("kind", "Pro&xy", self.kind)
        self.url = self.line_edit("proxy_url", "URL of the HTTP proxy", "http://proxy.example.com:3128")
        self.row("url", "", self.url)
        self.user = self.line_edit("proxy_user", "User of the proxy", "user, if it asks for one")
        self.row("user", "", self.user)
        self.password = SecretField(self.theme, "proxy_password", "Password of the proxy")
        self.follow(self.password.edit)
        self.password.reveal_wanted.connect(self.reveal_wanted)
        self.row("password", "", self.password, focus=self.password.edit)
        self._show_what_counts()

    def fill(self, request: SendRequest) -> None:
        proxy = request.proxy
        choose(self.kind, proxy if proxy in (NO_PROXY, FROM_ENVIRONMENT) else THIS_PROXY)
        if proxy != FROM_ENVIRONMENT:
            set_text(self.url, proxy)
        set_text(self.user, request.proxy_user)
        self.password.show_value(request.proxy_password, "password")
        self._show_what_counts()

    def taken(self, request: SendRequest, faults: Faults) -> SendRequest:
        kind = str(self.kind.currentData())
        if kind != THIS_PROXY:
            self.places["url"].complain("")
            return replace(request, proxy=kind, proxy_user="", proxy_password="")

        def url() -> str:
            text = self.url.text().strip()
            if not text:
                raise UsageError("Write where the proxy is, such as http://proxy.example.com:3128.")
            if "@" in text:
                raise UsageError("Leave the user out of the proxy’s URL: it has a field of its own below.")
            if (fault := proxy_fault(text)) is not None:
                raise fault
            return text

        return replace(
            request,
            proxy=faults.read(self.places["url"], url, request.proxy),
            proxy_user=faults.read(self.places["user"], lambda: user(self.user.text()), request.proxy_user),
            proxy_password=faults.read(
                self.places["password"], lambda: one_line(self.password.value), request.proxy_password
            ),
        )

    @Slot()
    def _choose_kind(self) -> None:
        self._show_what_counts()
        if self.kind.currentData() == THIS_PROXY and not self.url.text():
            self.url.setFocus()
            return
        self.say_edited()

    def _show_what_counts(self) -> None:
        for place in ("url", "user", "password"):
            self.places[place].show(self.kind.currentData() == THIS_PROXY)


def user(text: str) -> str:
    """A user as Basic takes one. Raises UsageError."""
    if ":" in text:
        raise UsageError("A user can’t have a colon in the name.")
    return one_line(text)


def one_line(text: str) -> str:
    """A text without control characters. Raises UsageError."""
    if not text.isprintable():
        raise UsageError(
            "There is a control character in it, a line end perhaps.", "Type it again without that."
        )
    return text


def _unit(text: str) -> QLabel:
    label = QLabel(text)
    label.setProperty("role", "muted")
    return label
