"""The server's chain as a small tree: the uppermost issuer first, what it issued below it. Imports PySide6, the icons
and the theme."""

from __future__ import annotations

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from inspector.sender.connection_check import Link
from inspector.ui import icons
from inspector.ui.certificates.note import ElidedLabel
from inspector.ui.certificates.wording import day, in_a_line
from inspector.ui.qt_text import tip
from inspector.ui.theme import ROW_HEIGHT, Theme

_ICON = 14
_STEP = 16
_SOON_DAYS = 30


class ChainRows(QWidget):
    """A row for each certificate, as presented."""

    def __init__(self, chain: tuple[Link, ...], theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._icons: list[tuple[QLabel, str]] = []
        self.setAccessibleName("Their chain")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for depth, link in enumerate(reversed(chain)):
            column.addWidget(self._row(depth, link))
        theme.changed.connect(self._recolor)
        self._recolor()

    def text(self) -> str:
        """What is shown, a line each."""
        return "\n".join(label.accessibleName() for label in self.findChildren(ElidedLabel))

    def _row(self, depth: int, link: Link) -> QWidget:
        row = QWidget(self)
        row.setFixedHeight(ROW_HEIGHT - 2)
        line = QHBoxLayout(row)
        line.setContentsMargins(_STEP * max(0, depth - 1), 0, 0, 0)
        line.setSpacing(4)
        if depth:
            branch = QLabel("└", row)
            branch.setProperty("role", "muted")
            branch.setFixedWidth(_STEP - 4)
            line.addWidget(branch)
        mark = QLabel(row)
        mark.setFixedSize(_ICON, _ICON)
        self._icons.append((mark, _mark(link)))
        name = ElidedLabel(row, Qt.TextElideMode.ElideRight)
        name.setText(in_a_line(link.subject) or "no name")
        remark = QLabel(_remark(link), row)
        remark.setProperty("role", "bad" if _mark(link) == "bad" else "muted")
        whole = _sentences(link)
        name.setToolTip(tip(whole))
        name.setAccessibleName(whole)
        line.addWidget(mark)
        line.addWidget(name, 1)
        line.addWidget(remark)
        return row

    @Slot()
    def _recolor(self) -> None:
        colors = self._theme.colors
        for label, tone in self._icons:
            name, color = {
                "bad": ("x-circle", colors.red),
                "warn": ("warning-circle", colors.amber),
            }.get(tone, ("certificate", colors.muted))
            label.setPixmap(icons.pixmap(name, color, _ICON, self.devicePixelRatioF()))


def _mark(link: Link) -> str:
    if link.issued_by_next is False or link.days_left < 0:
        return "bad"
    return "warn" if link.days_left < _SOON_DAYS else ""


def _remark(link: Link) -> str:
    if link.issued_by_next is False:
        return "not by the one above"
    if link.days_left < 0:
        return "expired"
    return f"until {day(link.not_after)}"


def _sentences(link: Link) -> str:
    lines = [
        in_a_line(link.subject) or "no name",
        "Issued by itself" if link.self_signed else f"Issued by {in_a_line(link.issuer)}",
        f"Valid {day(link.not_before)} to {day(link.not_after)}, {link.days_left:,} days left",
        link.key,
        f"Names: {', '.join(link.names)}" if link.names else "",
        "Not issued by the certificate above" if link.issued_by_next is False else "",
        f"SHA-256 {link.fingerprint_sha256}",
    ]
    return "\n".join(line for line in lines if line)
