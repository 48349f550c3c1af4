"""The keys of the main window, in one table: what is installed is what the help shows. Each names a slot of the
window or of one of its parts."""

from __future__ import annotations

from operator import attrgetter
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QIcon, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFrame,
    QGridLayout,
    QLabel,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from inspector.ui.theme import fixed_font

if TYPE_CHECKING:
    from inspector.ui.main_window import MainWindow

KEYS: tuple[tuple[str, str, str], ...] = (
    ("Ctrl+L", "Start or stop listening", "switch_listening"),
    ("Ctrl+Shift+L", "The listener’s settings", "show_listener_settings"),
    ("Ctrl+F", "Filter", "focus_filter"),
    ("Ctrl+N", "Open the composer", "open_composer"),
    ("Ctrl+Return", "Send what the composer holds; on the page of runs, start the run", "send_composed"),
    ("Ctrl+Shift+O", "The payload library", "composer.library.open"),
    ("Ctrl+S", "Save what the composer holds as a payload", "composer.library.save"),
    ("Ctrl+Shift+V", "Begin with what was copied: cURL, JSON, HTTP", "composer.library.start_from_clipboard"),
    ("Ctrl+R", "Resend the selected push, or all selected", "resend_current"),
    ("Ctrl+Shift+R", "Resend all that the filter shows", "runs.resend_shown"),
    ("Ctrl+D", "Compare the two selected pushes", "compare_selected"),
    ("Ctrl+E", "Edit the selected push and resend it", "edit_current"),
    ("Ctrl+O", "Open another history file", "files.open"),
    ("Ctrl+Shift+H", "What can be done with the history file", "files.show_menu"),
    ("Ctrl+Shift+E", "Export the history", "exchange.export_history"),
    ("Ctrl+Shift+I", "Import events", "exchange.import_history"),
    ("Ctrl+G", "Show the selected push in its conversation", "conversations.show_selected"),
    ("Ctrl+1", "Pushes", "show_pushes"),
    ("Ctrl+2", "Conversations", "show_conversations"),
    ("Ctrl+3", "Runs", "show_runs"),
    ("Ctrl+4", "Certificates", "show_certificates"),
    ("Ctrl+5", "Answers", "show_answers"),
    ("Ctrl+End", "Go to the newest row", "go_to_newest"),
    ("Esc", "Go back; stop a run that is looked at", "go_back"),
    ("F1", "These keys", "show_help"),
    ("Ctrl+Q", "Quit", "close"),
)
ELSEWHERE = (
    ("Ctrl+C", "Copy the selected rows, or the selected value"),
    ("Ctrl+Space", "In the filter: offer fields and values; Tab takes the first"),
    ("Ctrl+Shift+F", "Saved and recent filters"),
    ("Alt+S", "In the composer: the target’s settings"),
    ("Ctrl+Shift+Return", "In the composer: check the connection"),
    ("Space", "Pin the selected row, or let go of it"),
    ("Ctrl+M", "Write a note on the selected row"),
    ("Ctrl+V", "On the certificates page: import the certificate on the clipboard"),
    ("Ctrl+Z", "On the certificates page: put back what was deleted last"),
    ("/", "On the certificates page: search"),
    (
        "Alt+1",
        "In the composer: the form; Alt+2 its JSON, Alt+3 to Alt+5 the panes to look with",
    ),
    ("Alt+Up", "Move a rule up; with Alt+Down, down"),
    ("Right", "Go to the next push in a conversation’s plot, or on in a run’s; with Left, back"),
)


def install(window: MainWindow) -> None:
    """Install the keys on the window."""
    for sequence, _, method in KEYS:
        shortcut = QShortcut(QKeySequence(sequence), window)
        shortcut.activated.connect(attrgetter(method)(window))
    copy = QShortcut(
        QKeySequence.StandardKey.Copy, window.pushes.table.view, context=Qt.ShortcutContext.WidgetShortcut
    )
    copy.activated.connect(window.pushes.table.copy_selection)


def show_keys(window: MainWindow) -> None:
    """A dialog that lists them."""
    dialog = QDialog(window)
    dialog.setWindowTitle("Keys")
    table = QWidget(dialog)
    grid = QGridLayout(table)
    grid.setContentsMargins(12, 8, 16, 8)
    grid.setHorizontalSpacing(24)
    grid.setVerticalSpacing(6)
    for place, (sequence, words) in enumerate([(key, text) for key, text, _ in KEYS] + list(ELSEWHERE)):
        key = QLabel(QKeySequence(sequence).toString(QKeySequence.SequenceFormat.NativeText))
        key.setFont(fixed_font())
        key.setProperty("role", "muted")
        grid.addWidget(key, place, 0)
        grid.addWidget(QLabel(words), place, 1)
    buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
    buttons.button(QDialogButtonBox.StandardButton.Close).setIcon(QIcon())
    buttons.rejected.connect(dialog.reject)
    layout = QVBoxLayout(dialog)
    layout.setContentsMargins(20, 16, 20, 16)
    layout.setSpacing(16)
    area = QScrollArea(dialog)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setWidgetResizable(True)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setWidget(table)
    area.setMinimumWidth(table.sizeHint().width())
    area.setAccessibleName("Keys")
    layout.addWidget(area)
    layout.addWidget(buttons)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.resize(dialog.sizeHint().width(), min(table.sizeHint().height() + 96, window.height() - 40))
    dialog.open()
