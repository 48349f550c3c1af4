"""The bodies to begin with, grouped by service. Imports the sender's templates and PySide6."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QFont, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QComboBox, QSizePolicy, QStyle, QStyleOptionComboBox, QWidget

from inspector.sender.kept.library import Entry
from inspector.sender.templates import Template, all_templates
from inspector.ui.qt_text import tip

FIRST = "ios"
_BAD_TAG = "known-bad"
_BAD = "Known to be bad"
OWN = "Yours"
_CHANGED = " · changed"
_PADDING = 8
_NAME_ROLE = Qt.ItemDataRole.UserRole


class TemplateCombo(QComboBox):
    """`picked` carries the Template, also when the one shown is picked again; `own_picked` the Entry of a payload of
    one's own."""

    picked = Signal(object)
    own_picked = Signal(object)
    _changed = False  # on the class: Qt asks for the style's options before __init__ has come that far

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._templates = {template.name: template for template in all_templates()}
        self.setAccessibleName("Template")
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(12)
        self.setMaxVisibleItems(20)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._own: dict[str, Entry] = {}
        self.setModel(_grouped(self._templates.values(), (), self))
        self.show_name(FIRST)
        self.activated.connect(self._pick)
        self.currentIndexChanged.connect(self._describe)
        self._describe()

    @property
    def name(self) -> str:
        """The shown template's name; empty where the body came from elsewhere."""
        return str(self.currentData(_NAME_ROLE) or "")

    def template(self, name: str) -> Template | None:
        """A template by name."""
        return self._templates.get(name)

    def show_name(self, name: str) -> None:
        """Show a template as chosen, without picking it."""
        self.setCurrentIndex(self.findData(name, _NAME_ROLE))

    def offer_own(self, entries: Sequence[Entry]) -> None:
        """Offer payloads of one's own before the templates; what is shown stays."""
        if {one.source: one for one in entries} == self._own:
            return
        shown, title = self.currentData(_NAME_ROLE), self.currentText() or self.placeholderText()
        self._own = {one.source: one for one in entries}
        self.setModel(_grouped(self._templates.values(), entries, self))  # the one before goes with it
        self.setCurrentIndex(self.findData(shown, _NAME_ROLE) if shown else -1)
        if self.currentIndex() < 0:
            self.show_other(title)

    def show_entry(self, entry: Entry) -> None:
        """Show an entry of the library as chosen, without picking it."""
        self.show_name(entry.source)
        if self.currentIndex() < 0:
            self.show_other(entry.title)

    def show_other(self, title: str) -> None:
        """Say where the body came from instead."""
        self.setPlaceholderText(title)
        self.setCurrentIndex(-1)
        self._describe()

    def mark_changed(self, changed: bool) -> None:  # noqa: FBT001 - it is or is not
        """Say beside the name whether what is written differs from what is kept under it."""
        if changed != self._changed:
            self._changed = changed
            self.setAccessibleDescription("Changed since it was saved" if changed else "")
            self._describe()
            self.update()

    def initStyleOption(self, option: QStyleOptionComboBox) -> None:
        super().initStyleOption(option)
        room = self.style().subControlRect(
            QStyle.ComplexControl.CC_ComboBox, option, QStyle.SubControl.SC_ComboBoxEditField, self
        )
        more = _CHANGED if self._changed else ""
        left = room.width() - option.fontMetrics.horizontalAdvance(more) - _PADDING
        # What is not elided here is cut, and what is said of it would be the first to go.
        title = option.fontMetrics.elidedText(option.currentText, Qt.TextElideMode.ElideRight, left)
        option.currentText = f"{title}{more}"

    @Slot()
    def _describe(self) -> None:
        """The tooltip has what there is no room for."""
        title = self.currentText() or self.placeholderText()
        more = _CHANGED if self._changed else ""
        self.setToolTip(
            tip(f"{title}{more}\nChoosing one replaces the body; undo brings the one before back")
        )

    @Slot(int)
    def _pick(self, _place: int) -> None:
        own = self._own.get(self.name)
        if own is not None:
            self.own_picked.emit(own)
        elif (template := self._templates.get(self.name)) is not None:
            self.picked.emit(template)


def _grouped(templates: Iterable[Template], own: Iterable[Entry], parent: QWidget) -> QStandardItemModel:
    """One row for each template below a row for its group that can't be chosen: one's own, the services, then the bad
    ones."""
    model = QStandardItemModel(parent)
    groups: dict[str, list[tuple[str, str, str]]] = {}
    for entry in own:
        groups.setdefault(OWN, []).append((entry.source, entry.title, entry.description))
    for template in sorted(templates, key=lambda one: _BAD_TAG in one.tags):
        title = f"{template.title} (unconfirmed)" if template.unconfirmed else template.title
        label = _BAD if _BAD_TAG in template.tags else template.service.label
        groups.setdefault(label, []).append((template.name, title, template.description))
    font = parent.font()
    font.setWeight(QFont.Weight.DemiBold)
    for label, group in groups.items():
        heading = QStandardItem(label)
        heading.setFlags(Qt.ItemFlag.NoItemFlags)
        heading.setFont(font)
        model.appendRow(heading)
        for name, title, words in group:
            row = QStandardItem(title)
            row.setData(name, _NAME_ROLE)
            row.setToolTip(words)
            model.appendRow(row)
    return model
