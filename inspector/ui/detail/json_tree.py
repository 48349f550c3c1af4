"""A decoded JSON document as a tree of key, value and type. Children are made when they are first looked at, so a
document of any size opens at once, and told to the view by the hundreds. Imports PySide6 and the theme."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QColor, QFont

from inspector.contract.paths import Path, format_path, parse_path
from inspector.contract.token_places import is_token_name
from inspector.contract.token_text import token_text
from inspector.contract.verbatim import Verbatim
from inspector.ui import icons
from inspector.ui.qt_text import tip
from inspector.ui.theme import Theme, fixed_font

PATH_ROLE = Qt.ItemDataRole.UserRole
VALUE_ROLE = Qt.ItemDataRole.UserRole + 1
COLUMNS = ("Key", "Value", "Type")
KEY, VALUE, TYPE = range(3)
_Index = QModelIndex | QPersistentModelIndex
_NO_PARENT = QModelIndex()
_LONGEST_CELL = 2000
_ICON = 14
FETCHED = 500
WHOLE = "(value)"  # the key of a document that is only a value


class _Node:
    __slots__ = ("children", "key", "original", "parent", "place", "shown", "step", "value")

    def __init__(
        self, parent: _Node | None, place: int, step: str | int, value: object, original: object
    ) -> None:
        self.parent = parent
        self.place = place
        self.step = step
        self.key = f"[{step}]" if isinstance(step, int) else step
        self.value = value
        self.original = original
        self.children: list[_Node] | None = None
        self.shown = 0  # how many of the children the view knows; it asks for more as it comes to their end

    @property
    def steps(self) -> Path:
        """The keys and indexes that lead here."""
        steps: list[str | int] = []
        node: _Node | None = self
        while node is not None and node.parent is not None:
            steps.append(node.step)
            node = node.parent
        return tuple(reversed(steps))

    @property
    def path(self) -> str:
        """The JSON path, as problems write it."""
        return format_path(self.steps)

    def expand(self) -> list[_Node]:
        if self.children is None:
            originals = dict(_members(self.original))
            self.children = [
                _Node(self, place, step, value, originals.get(step, value))
                for place, (step, value) in enumerate(_members(self.value))
            ]
            self.shown = min(FETCHED, len(self.children))
        return self.children


def _members(value: object) -> Iterable[tuple[str | int, object]]:
    if isinstance(value, dict):
        return ((str(key), child) for key, child in value.items())
    return enumerate(value) if isinstance(value, list) else ()


class JsonTreeModel(QAbstractItemModel):
    """Key, value and type. `PATH_ROLE` is the JSON path, `VALUE_ROLE` the value as text to copy."""

    def __init__(self, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._font = fixed_font()
        self._root = _Node(None, 0, "", {}, {})
        self._problem_paths: dict[str, str] = {}

    def show(self, document: object, problem_paths: dict[str, str], original: object = None) -> None:
        """Show another document; `problem_paths` maps JSON paths to messages. Where what is shown is masked, `original`
        is what it was, for the types."""
        self.beginResetModel()
        original = document if original is None else original
        if not isinstance(document, dict | list):
            document, original = {WHOLE: document}, {WHOLE: original}
        self._root = _Node(None, 0, "", document, original)
        self._problem_paths = problem_paths
        self.endResetModel()

    def steps_of(self, index: _Index) -> Path:
        """The keys and indexes that lead to a value; none for a document that is only a value."""
        steps = self._node(index).steps
        return () if steps == (WHOLE,) and len(self._root.expand()) == 1 else steps

    def value_of(self, index: _Index) -> object:
        """The value itself, as it is shown."""
        return self._node(index).value

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
        return len(COLUMNS)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return COLUMNS[section]
        return None

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        node = self._node(index)
        if role == Qt.ItemDataRole.DisplayRole:
            return (node.key, _value_text(node.value), type_name(node.original))[index.column()]
        if role == Qt.ItemDataRole.ForegroundRole:
            return QColor(self._color(node, index.column()))
        if role == Qt.ItemDataRole.FontRole:
            return None if index.column() == TYPE else QFont(self._font)
        if role == Qt.ItemDataRole.DecorationRole:
            problem = index.column() == KEY and node.path in self._problem_paths
            return icons.pixmap("warning-circle", self._theme.colors.amber, _ICON) if problem else None
        if role == Qt.ItemDataRole.ToolTipRole:
            return tip(self._tip(node))
        if role == PATH_ROLE:
            return node.path
        if role == VALUE_ROLE:
            return _plain(node.value)
        return None

    def _tip(self, node: _Node) -> str:
        lines = [node.path, self._problem_paths.get(node.path, "")]
        if is_token_name(node.key) and isinstance(node.value, str) and (said := token_text(node.value)):
            lines.append(f"As text: {said}")
        return "\n".join(line for line in lines if line)

    def _color(self, node: _Node, column: int) -> str:
        colors = self._theme.colors
        if column == KEY:
            return colors.amber if node.path in self._problem_paths else colors.json_key
        if column == TYPE:
            return colors.muted
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


def _value_text(value: object) -> str:
    if isinstance(value, str):
        return '"' + _plain(value)[:_LONGEST_CELL].replace("\n", "⏎") + '"'
    return _plain(value)[:_LONGEST_CELL]


def type_name(value: object) -> str:
    """What a JSON value is, in a word or three."""
    if isinstance(value, dict):
        return f"object, {len(value)} {'key' if len(value) == 1 else 'keys'}"
    if isinstance(value, list):
        return f"array, {len(value)} {'item' if len(value) == 1 else 'items'}"
    if isinstance(value, bool):
        return "boolean"
    if value is None:
        return "null"
    if isinstance(value, Verbatim) and not value.is_number:
        return "nested too deep"
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
