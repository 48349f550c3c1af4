"""A decoded JSON document as a tree of key, value and type. Children are made when they are first looked at, so a
document of any size opens at once, and told to the view by the hundreds. Imports PySide6 and the theme."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QColor, QFont

from inspector.contract.masking import mask_token
from inspector.contract.paths import format_path, parse_path
from inspector.contract.token_places import is_token_name
from inspector.ui.qt_text import tip
from inspector.ui.theme import Theme, fixed_font

PATH_ROLE = Qt.ItemDataRole.UserRole
VALUE_ROLE = Qt.ItemDataRole.UserRole + 1
_Index = QModelIndex | QPersistentModelIndex
_NO_PARENT = QModelIndex()
_LONGEST_CELL = 2000
FETCHED = 500


class _Node:
    __slots__ = ("children", "key", "parent", "place", "shown", "step", "value")

    def __init__(self, parent: _Node | None, place: int, step: str | int, value: object) -> None:
        self.parent = parent
        self.place = place
        self.step = step
        self.key = f"[{step}]" if isinstance(step, int) else step
        self.value = value
        self.children: list[_Node] | None = None
        self.shown = 0  # how many of the children the view knows; it asks for more as it comes to their end

    @property
    def path(self) -> str:
        """The JSON path, as problems write it."""
        steps: list[str | int] = []
        node: _Node | None = self
        while node is not None and node.parent is not None:
            steps.append(node.step)
            node = node.parent
        return format_path(tuple(reversed(steps)))

    def expand(self) -> list[_Node]:
        if self.children is None:
            self.children = [
                _Node(self, place, step, value) for place, (step, value) in enumerate(_members(self.value))
            ]
            self.shown = min(FETCHED, len(self.children))
        return self.children


def _members(value: object) -> Iterable[tuple[str | int, object]]:
    if isinstance(value, dict):
        return ((str(key), child) for key, child in value.items())
    return enumerate(value) if isinstance(value, list) else ()


class JsonTreeModel(QAbstractItemModel):
    """Two columns, key and value. `PATH_ROLE` is the JSON path, `VALUE_ROLE` the value as text to copy."""

    def __init__(self, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._font = fixed_font()
        self._root = _Node(None, 0, "", {})
        self._problem_paths: dict[str, str] = {}
        self._masked = True

    def show(self, document: object, problem_paths: dict[str, str]) -> None:
        """Show another document; `problem_paths` maps JSON paths to messages."""
        self.beginResetModel()
        value = document if isinstance(document, dict | list) else {"(value)": document}
        self._root = _Node(None, 0, "", value)
        self._problem_paths = problem_paths
        self.endResetModel()

    def set_masked(self, masked: bool) -> None:  # noqa: FBT001 - a Qt-style setter
        """Hide or reveal device tokens."""
        self.beginResetModel()
        self._masked = masked
        self.endResetModel()

    def index_of(self, path: str) -> QModelIndex:
        """The index of a JSON path; where it is not there, of the nearest parent that is."""
        node, index = self._root, QModelIndex()
        for step in parse_path(path):
            found = next((child for child in node.expand() if child.step == step), None)
            if found is None:
                break
            self._show_up_to(node, index, found.place + 1)
            node, index = found, self.createIndex(found.place, 0, found)
        return index

    def index(self, row: int, column: int, parent: _Index = _NO_PARENT) -> QModelIndex:
        node = self._node(parent)
        children = node.expand()
        return self.createIndex(row, column, children[row]) if 0 <= row < node.shown else QModelIndex()

    def parent(self, index: _Index = _NO_PARENT) -> QModelIndex:  # type: ignore[override]
        above = self._node(index).parent if index.isValid() else None
        if above is None or above is self._root:
            return QModelIndex()
        return self.createIndex(above.place, 0, above)

    def rowCount(self, parent: _Index = _NO_PARENT) -> int:
        if parent.isValid() and parent.column() != 0:
            return 0
        node = self._node(parent)
        node.expand()
        return node.shown

    def canFetchMore(self, parent: _Index) -> bool:
        node = self._node(parent)
        return not (parent.isValid() and parent.column() != 0) and len(node.expand()) > node.shown

    def fetchMore(self, parent: _Index) -> None:
        if self.canFetchMore(parent):
            self._show_up_to(self._node(parent), parent, self._node(parent).shown + FETCHED)

    def _show_up_to(self, node: _Node, index: _Index, count: int) -> None:
        count = min(count, len(node.expand()))
        if count > node.shown:
            self.beginInsertRows(index, node.shown, count - 1)
            node.shown = count
            self.endInsertRows()

    def hasChildren(self, parent: _Index = _NO_PARENT) -> bool:
        if parent.isValid() and parent.column() != 0:
            return False
        value = self._node(parent).value
        return isinstance(value, dict | list) and bool(value)

    def columnCount(self, _parent: _Index = _NO_PARENT) -> int:
        return 2

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return ("Key", "Value")[section]
        return None

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        node = self._node(index)
        if role == Qt.ItemDataRole.DisplayRole:
            return node.key if index.column() == 0 else self._value_text(node)
        if role == Qt.ItemDataRole.ForegroundRole:
            return QColor(self._color(node, index.column()))
        if role == Qt.ItemDataRole.FontRole:
            return QFont(self._font)
        if role == Qt.ItemDataRole.ToolTipRole:
            return tip(self._problem_paths.get(node.path) or f"{node.path} · {_type_name(node.value)}")
        if role == PATH_ROLE:
            return node.path
        if role == VALUE_ROLE:
            return _plain(node.value)
        return None

    def _value_text(self, node: _Node) -> str:
        if self._masked and is_token_name(node.key) and isinstance(node.value, str):
            return f'"{mask_token(node.value)}"'
        if isinstance(node.value, str):
            return '"' + _plain(node.value)[:_LONGEST_CELL].replace("\n", "⏎") + '"'
        return _plain(node.value)[:_LONGEST_CELL]

    def _color(self, node: _Node, column: int) -> str:
        colors = self._theme.colors
        if column == 0:
            return colors.amber if node.path in self._problem_paths else colors.json_key
        if isinstance(node.value, str):
            return colors.json_string
        if isinstance(node.value, bool) or node.value is None:
            return colors.json_word
        if isinstance(node.value, dict | list):
            return colors.muted
        return colors.json_number

    def _node(self, index: _Index) -> _Node:
        if not index.isValid():
            return self._root
        node = index.internalPointer()
        assert isinstance(node, _Node)
        return node


def _type_name(value: object) -> str:
    if isinstance(value, dict):
        return f"object of {len(value)}"
    if isinstance(value, list):
        return f"array of {len(value)}"
    if isinstance(value, bool):
        return "boolean"
    if value is None:
        return "null"
    return "string" if isinstance(value, str) else "number"


def _plain(value: object) -> str:
    if isinstance(value, dict):
        return "{ }" if not value else f"{{ {len(value)} }}"
    if isinstance(value, list):
        return "[ ]" if not value else f"[ {len(value)} ]"
    if isinstance(value, bool):
        return "true" if value else "false"
    if value is None:
        return "null"
    return str(value).encode("utf-8", errors="backslashreplace").decode("utf-8")
