"""What is done to the rules of the page as a whole: adding, copying, deleting, and bringing back. Imports PySide6."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject, QTimer, Signal, Slot
from PySide6.QtGui import QGuiApplication

from inspector.errors import UsageError
from inspector.listener.rule import Rule
from inspector.ui.answers.rule_model import RuleModel
from inspector.ui.answers.table import RulesTable
from inspector.ui.answers.wording import name_of
from inspector.ui.notice_bar import NoticeBar

UNDO_MILLISECONDS = 12_000  # for so long a button offers it; Ctrl+Z does it later too
NEW_RULE = Rule("New rule")


class RuleDeeds(QObject):
    """Works on what is chosen in the table. `added` says that a rule was begun whose name is to be written, `message`
    what was done."""

    added = Signal()
    message = Signal(str)

    def __init__(
        self, model: RuleModel, table: RulesTable, notice: NoticeBar, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._model = model
        self._table = table
        self._notice = notice
        self._forget = QTimer(self, singleShot=True, interval=UNDO_MILLISECONDS)
        self._forget.timeout.connect(notice.hide)
        table.copy_wanted.connect(self.copy)
        table.paste_wanted.connect(self.paste)
        table.duplicate_wanted.connect(self.duplicate)
        table.delete_wanted.connect(self.delete)
        table.undo_wanted.connect(self.undo_delete)

    @Slot(object)
    def add(self, preset: Rule | None) -> None:
        """Add a rule below the one looked at, with the cursor in its name."""
        row = self._table.current_row
        self.insert(row + 1 if row >= 0 else self._model.rowCount(), (preset or NEW_RULE,))
        self.added.emit()

    @Slot()
    def duplicate(self) -> None:
        """Add a copy of the chosen rules below them."""
        rows = self._table.chosen_rows
        if rows:
            self.insert(rows[-1] + 1, self._table.chosen_rules)

    @Slot()
    def copy(self) -> None:
        """Put the chosen rules on the clipboard as JSON, for the profile of somebody else."""
        rules = self._table.chosen_rules
        if not rules:
            return
        from inspector.listener.rule_json import rules_to_json

        QGuiApplication.clipboard().setText(rules_to_json(rules))
        secret = ", the device token too" if any(rule.match.device_token for rule in rules) else ""
        self.message.emit(f"Copied {_counted(rules)} as JSON{secret}")

    @Slot()
    def paste(self) -> None:
        """Add the rules that are on the clipboard as JSON."""
        self.take_json(QGuiApplication.clipboard().text(), "What is on the clipboard")

    def take_json(self, text: str, source: str) -> None:
        """Add the rules of a JSON text, below the one looked at; `source` says where it is from."""
        from inspector.listener.rule_json import rules_from_json

        try:
            rules = rules_from_json(text)
        except UsageError as error:
            self._forget.stop()
            self._notice.show_error(UsageError(f"{source} holds no rules. {error.message}", error.next_step))
            return
        if rules:
            self._notice.hide()
            row = self._table.current_row
            self.insert(row + 1 if row >= 0 else self._model.rowCount(), rules)
            self.message.emit(f"Added {_counted(rules)}")

    @Slot()
    def delete(self) -> None:
        """Take the chosen rules out; they can be brought back."""
        rules, rows = self._table.chosen_rules, self._table.chosen_rows
        if not rows:
            return
        self._model.delete(rows)
        self._table.choose(rows[0])
        self._notice.show_hint(f"Deleted {_counted(rules)}.", "Undo", self.undo_delete)
        self._forget.start()

    @Slot()
    def undo_delete(self) -> None:
        """Bring back what was deleted last."""
        self._forget.stop()
        self._notice.hide()
        row = self._model.undo_delete()
        if row is not None:
            self._table.choose(row)
            self._table.setFocus()

    def insert(self, row: int, rules: Sequence[Rule]) -> None:
        """Put rules before the one in a place, and look at them."""
        self._model.insert(row, rules)
        self._table.choose_all(row, len(rules))
        self._table.setFocus()


def _counted(rules: Sequence[Rule]) -> str:
    return f"“{name_of(rules[0])}”" if len(rules) == 1 else f"{len(rules):,} rules"
