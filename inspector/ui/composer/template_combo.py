"""The bodies to begin with, grouped by service. Imports the sender's templates and PySide6."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QFont, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QComboBox, QSizePolicy, QWidget

from inspector.sender.templates import Template, all_templates

FIRST = "ios"
_BAD_TAG = "known-bad"
_BAD = "Known to be bad"
_NAME_ROLE = Qt.ItemDataRole.UserRole


class TemplateCombo(QComboBox):
    """`picked` carries the Template, also when the one shown is picked again."""

    picked = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._templates = {template.name: template for template in all_templates()}
        self.setAccessibleName("Template")
        self.setToolTip("Replaces the body; undo brings the one before back")
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(12)
        self.setMaxVisibleItems(20)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setModel(_grouped(self._templates.values(), self))
        self.show_name(FIRST)
        self.activated.connect(self._pick)

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

    def show_other(self, title: str) -> None:
        """Say where the body came from instead."""
        self.setPlaceholderText(title)
        self.setCurrentIndex(-1)

    @Slot(int)
    def _pick(self, _place: int) -> None:
        template = self._templates.get(self.name)
        if template is not None:
            self.picked.emit(template)


def _grouped(templates: Iterable[Template], parent: QWidget) -> QStandardItemModel:
    """One row for each template below a row for its group that can't be chosen: the services, then the bad ones."""
    model = QStandardItemModel(parent)
    groups: dict[str, list[Template]] = {}
    for template in sorted(templates, key=lambda one: _BAD_TAG in one.tags):
        groups.setdefault(_BAD if _BAD_TAG in template.tags else template.service.label, []).append(template)
    font = parent.font()
    font.setWeight(QFont.Weight.DemiBold)
    for label, group in groups.items():
        heading = QStandardItem(label)
        heading.setFlags(Qt.ItemFlag.NoItemFlags)
        heading.setFont(font)
        model.appendRow(heading)
        for template in group:
            row = QStandardItem(f"{template.title} (unconfirmed)" if template.unconfirmed else template.title)
            row.setData(template.name, _NAME_ROLE)
            row.setToolTip(template.description)
            model.appendRow(row)
    return model
