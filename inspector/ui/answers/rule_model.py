"""The rules in their order: the table's model, and the one place where they are changed. Imports PySide6, the words
for rules and their check."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from inspector.listener.rule import Rule
from inspector.listener.rule_trial import Trial
from inspector.ui.answers.judgement import Judgement, judge
from inspector.ui.answers.wording import answer_words, name_of, spoken, when_words
from inspector.ui.qt_text import tip

RULE_ROLE = Qt.ItemDataRole.UserRole
JUDGEMENT_ROLE = Qt.ItemDataRole.UserRole + 1
TRIAL_ROLE = Qt.ItemDataRole.UserRole + 2

COLUMNS = ("on", "name", "when", "answer", "trial")
TITLES = {"on": "", "name": "Rule", "when": "Pushes", "answer": "Answer", "trial": "This push"}
HINTS = {
    "on": "Whether the rule is on, and its place: the first that fires chooses the answer",
    "name": "What rows of the history call it",
    "when": "Which pushes it is for, and how often it fires",
    "answer": "What those pushes are answered",
    "trial": "Whether it would fire for the push that is tried",
}

_Index = QModelIndex | QPersistentModelIndex
_NO_PARENT = QModelIndex()


class RuleModel(QAbstractTableModel):
    """`rules_changed` says that a rule came, went, moved or changed. A rule that can't be followed
    stays, but is not active."""

    rules_changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rules: list[Rule] = []
        self._judgements: tuple[Judgement, ...] = ()
        self._trials: tuple[Trial, ...] = ()
        self._deleted: list[tuple[tuple[int, Rule], ...]] = []

    # what others ask

    @property
    def rules(self) -> tuple[Rule, ...]:
        """All of them."""
        return tuple(self._rules)

    @property
    def active(self) -> tuple[Rule, ...]:
        """Those that are on and can be followed: what the listener gets."""
        return tuple(rule for rule in self.as_followed if rule.enabled)

    @property
    def as_followed(self) -> tuple[Rule, ...]:
        """All of them, switched off where they can't be followed."""
        return tuple(
            rule if judgement.sound else replace(rule, enabled=False)
            for rule, judgement in zip(self._rules, self._judgements, strict=True)
        )

    @property
    def unsound(self) -> int:
        """How many are on, but can't be followed."""
        return sum(
            rule.enabled and not judgement.sound
            for rule, judgement in zip(self._rules, self._judgements, strict=True)
        )

    def rule(self, row: int) -> Rule:
        return self._rules[row]

    def judgement(self, row: int) -> Judgement:
        """What is wrong with a rule."""
        return self._judgements[row]

    def free_name(self, wanted: str) -> str:
        """A name that no rule has: the wanted one, or that with a number."""
        taken = {rule.name.casefold() for rule in self._rules}
        if wanted.casefold() not in taken:
            return wanted
        stem, _, number = wanted.rpartition(" ")
        if not (stem and number.isascii() and number.isdigit()):
            stem = wanted
        count = 2
        while f"{stem} {count}".casefold() in taken:
            count += 1
        return f"{stem} {count}"

    # changing

    def replace_all(self, rules: Sequence[Rule]) -> None:
        """Show what was read, instead of what is there."""
        self.beginResetModel()
        self._rules = list(rules)
        self._judgements = judge(self._rules)
        self._trials = ()
        self._deleted.clear()
        self.endResetModel()
        self.rules_changed.emit()

    def insert(self, row: int, rules: Sequence[Rule]) -> None:
        """Add rules before `row`, under names of their own."""
        for place, rule in enumerate(rules, row):
            self._put(place, replace(rule, name=self.free_name(rule.name)))
        self._changed()

    def change(self, row: int, rule: Rule) -> None:
        """Put another rule in a place."""
        if rule != self._rules[row]:
            self._rules[row] = rule
            self._changed()

    def set_enabled(self, row: int, *, enabled: bool) -> None:
        """Switch a rule on or off."""
        self.change(row, replace(self._rules[row], enabled=enabled))

    def move(self, row: int, target: int) -> bool:
        """Take a rule to the place `target`; False where there is none."""
        if row == target or not 0 <= target < len(self._rules):
            return False
        before = target + 1 if target > row else target
        self.beginMoveRows(QModelIndex(), row, row, QModelIndex(), before)
        self._rules.insert(target, self._rules.pop(row))
        self._judgements = judge(self._rules)
        self.endMoveRows()
        self._changed()
        return True

    def delete(self, rows: Sequence[int]) -> None:
        """Take rules out; `undo_delete` brings them back."""
        places = sorted(set(rows))
        if not places:
            return
        self._deleted.append(tuple((place, self._rules[place]) for place in places))
        for place in reversed(places):
            self.beginRemoveRows(QModelIndex(), place, place)
            del self._rules[place]
            self._judgements = judge(self._rules)
            self.endRemoveRows()
        self._changed()

    def undo_delete(self) -> int | None:
        """Bring back what was deleted last, where it was; returns the first place, None where there is nothing."""
        if not self._deleted:
            return None
        gone = self._deleted.pop()
        for place, rule in gone:
            self._put(min(place, len(self._rules)), rule)
        self._changed()
        return min(gone[0][0], len(self._rules) - 1)

    def show_trials(self, trials: tuple[Trial, ...]) -> None:
        """What each rule would do with the push that is tried; none ends the trial."""
        self._trials = trials
        self._look_again()

    def _put(self, place: int, rule: Rule) -> None:
        self.beginInsertRows(QModelIndex(), place, place)
        self._rules.insert(place, rule)
        self._judgements = judge(self._rules)
        self.endInsertRows()

    def _changed(self) -> None:
        self._judgements = judge(self._rules)
        self._trials = ()  # they were of other rules; whoever tries a push tries it again
        self._look_again()
        self.rules_changed.emit()

    def _look_again(self) -> None:
        if self._rules:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._rules) - 1, len(COLUMNS) - 1))

    # what Qt asks

    def rowCount(self, parent: _Index = _NO_PARENT) -> int:
        return 0 if parent.isValid() else len(self._rules)

    def columnCount(self, parent: _Index = _NO_PARENT) -> int:
        return 0 if parent.isValid() else len(COLUMNS)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation is Qt.Orientation.Horizontal and 0 <= section < len(COLUMNS):
            if role == Qt.ItemDataRole.DisplayRole:
                return TITLES[COLUMNS[section]]
            if role == Qt.ItemDataRole.ToolTipRole:
                return HINTS[COLUMNS[section]]
            if role == Qt.ItemDataRole.TextAlignmentRole:
                return int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        return None

    def flags(self, index: _Index) -> Qt.ItemFlag:
        if not index.isValid():
            return Qt.ItemFlag.ItemIsDropEnabled
        flags = super().flags(index) | Qt.ItemFlag.ItemIsDragEnabled
        return flags | Qt.ItemFlag.ItemIsUserCheckable if index.column() == 0 else flags

    def supportedDropActions(self) -> Qt.DropAction:
        return Qt.DropAction.MoveAction

    def setData(self, index: _Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        if role != Qt.ItemDataRole.CheckStateRole or not index.isValid() or index.column() != 0:
            return False
        self.set_enabled(index.row(), enabled=Qt.CheckState(value) is Qt.CheckState.Checked)
        return True

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        row, key = index.row(), COLUMNS[index.column()]
        rule, judgement = self._rules[row], self._judgements[row]
        trial = self._trials[row] if row < len(self._trials) else None
        if role == RULE_ROLE:
            return rule
        if role == JUDGEMENT_ROLE:
            return judgement
        if role == TRIAL_ROLE:
            return trial
        if role == Qt.ItemDataRole.DisplayRole:
            return self._text(row, key, trial)
        if role == Qt.ItemDataRole.ToolTipRole:
            words = judgement.words if key in ("on", "name") else ""
            return tip(words or self._text(row, key, trial)) or None
        if role == Qt.ItemDataRole.CheckStateRole and key == "on":
            return Qt.CheckState.Checked if rule.enabled else Qt.CheckState.Unchecked
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return spoken(rule, row + 1) if key == "on" else self._text(row, key, trial)
        return None

    def _text(self, row: int, key: str, trial: Trial | None) -> str:
        rule = self._rules[row]
        if key == "on":
            return ""  # the place is drawn; as a text of the rule it would be one that changes with others
        if key == "name":
            return name_of(rule)
        if key == "when":
            return when_words(rule)
        if key == "answer":
            return answer_words(rule.answer)
        return trial.reason if trial is not None else ""
