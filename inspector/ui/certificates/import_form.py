"""The widgets of the import dialog and how they stand. Imports PySide6 and the pieces of this room."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Slot
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QKeyEvent, QKeySequence
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QHBoxLayout,
    QLabel,
    QLayout,
    QLineEdit,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from inspector.ui import icons
from inspector.ui.certificates.file_picker import FilePicker, files_of
from inspector.ui.certificates.note import Note
from inspector.ui.certificates.preview_view import LABEL_WIDTH, PreviewView
from inspector.ui.theme import Theme

WIDTH = 580
_GAP = 12


class ImportForm(QDialog):
    """From top to bottom: files, password, what was read, name, what to do with it. Knows nothing of reading."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._column = QVBoxLayout(self)
        self.setObjectName("certificate_import_dialog")
        self.setWindowTitle("Import certificate")
        self.setAcceptDrops(True)
        self.setMinimumWidth(WIDTH)
        self.files = FilePicker(theme, self)
        self.files_note = Note(theme, self)
        self.password = QLineEdit(self)
        self.show_password = QToolButton(self)
        self.unlock = QPushButton("Unlock", self)
        self.password_note = Note(theme, self)
        self.preview = PreviewView(theme, self)
        self.completes_note = Note(theme, self)
        self.name = QLineEdit(self)
        self.name_note = Note(theme, self)
        self.replace = QCheckBox(self)
        self.trust = QCheckBox(self)
        self.save_note = Note(theme, self)
        self.cancel = QPushButton("Cancel", self)
        self.accept_button = QPushButton("Import", self)
        self._set_up()
        self.password_row = _row("Password", self.password, self.show_password, self.unlock)
        self.name_row = _row("Name", self.name)
        self._lay_out()
        theme.changed.connect(self._recolor)
        self._recolor()

    def _set_up(self) -> None:
        self.password.setEchoMode(QLineEdit.EchoMode.Password)
        self.password.setAccessibleName("Password")
        self.password.setObjectName("certificate_import_password")
        self.show_password.setCheckable(True)
        self.show_password.setAccessibleName("Show the password")
        self.show_password.setToolTip("Show the password")
        self.show_password.toggled.connect(self._show_password)
        self.unlock.setToolTip("Read the files with this password (Enter)")
        self.name.setAccessibleName("Name in the vault")
        self.name.setObjectName("certificate_import_name")
        self.name.setPlaceholderText("such as mybrand-client")
        self.name.setMaxLength(64)
        self.replace.setObjectName("certificate_import_replace")
        self.trust.setObjectName("certificate_import_trust")
        self.trust.setToolTip("Whether the listener accepts client certificates by this entry")
        self.accept_button.setObjectName("certificate_import_accept")
        self.accept_button.setProperty("kind", "primary")
        for button in (self.cancel, self.unlock, self.files.choose):
            button.setAutoDefault(False)
        self.accept_button.setDefault(True)

    def _lay_out(self) -> None:
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addStretch()
        buttons.addWidget(self.cancel)
        buttons.addWidget(self.accept_button)
        layout = self._column
        layout.setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)
        layout.setContentsMargins(20, 20, 20, 16)
        layout.setSpacing(_GAP)
        layout.addWidget(self.files)
        layout.addWidget(self.files_note)
        layout.addWidget(self.password_row)
        layout.addLayout(_below_field(self.password_note))
        layout.addWidget(self.preview)
        layout.addWidget(self.completes_note)
        layout.addWidget(self.name_row)
        for widget in (self.name_note, self.replace, self.trust):
            layout.addLayout(_below_field(widget))
        layout.addWidget(self.save_note)
        layout.addStretch()
        layout.addSpacing(4)
        layout.addLayout(buttons)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Paste):  # no field has taken it
            self.files.paste()
        else:
            super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        done = super().event(event)
        if event.type() == QEvent.Type.LayoutRequest:  # something came or went: as tall as what is there now
            self.resize(self.width(), self._column.totalHeightForWidth(self.width()))
        return done

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if files_of(event.mimeData()) and self.files.isEnabled():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        event.acceptProposedAction()
        self.files.add(files_of(event.mimeData()))

    @Slot(bool)
    def _show_password(self, shown: bool) -> None:  # noqa: FBT001 - a slot of a checkable button
        self.password.setEchoMode(QLineEdit.EchoMode.Normal if shown else QLineEdit.EchoMode.Password)
        self._recolor()

    @Slot()
    def _recolor(self) -> None:
        shown = self.show_password.isChecked()
        self.show_password.setIcon(icons.icon("eye-slash" if shown else "eye", self._theme.colors.muted))


def _row(text: str, field: QWidget, *others: QWidget) -> QWidget:
    """A labelled field with what belongs to it on one line."""
    row = QWidget(field.parentWidget())
    label = QLabel(text, row)
    label.setProperty("role", "muted")
    label.setFixedWidth(LABEL_WIDTH)
    label.setBuddy(field)
    layout = QHBoxLayout(row)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(8)
    layout.addWidget(label)
    layout.addSpacing(_GAP - 8)
    layout.addWidget(field, 1)
    for widget in others:
        layout.addWidget(widget)
    return row


def _below_field(widget: QWidget) -> QHBoxLayout:
    """A widget moved in to where the fields begin; takes no room while it is hidden."""
    layout = QHBoxLayout()
    layout.setContentsMargins(LABEL_WIDTH + _GAP, 0, 0, 0)
    layout.addWidget(widget)
    return layout
