"""The menu of a row of the table: what fits the cell. Imports PySide6, history's records and the table's parts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QGuiApplication, QKeySequence
from PySide6.QtWidgets import QMenu

from inspector.history.model import Kind, Row
from inspector.history.query_writing import turned_round
from inspector.ui.cell_filters import filter_for, more_filters_for
from inspector.ui.mark_menu import add_mark_entries
from inspector.ui.push_columns import COLUMNS
from inspector.ui.push_model import column_of
from inspector.ui.qt_text import menu_text

if TYPE_CHECKING:
    from inspector.ui.push_table import PushTable


def menu_for(table: PushTable, row: Row, key: str, *, revealed: bool, dark: bool) -> QMenu:
    """What fits the cell of a column: filtering by its value, copying, sending again. `revealed`: secrets are shown."""
    menu = QMenu(table)
    _offer_filters(menu, table, row, key)
    if row.kind is Kind.PUSH:
        act(menu, "Show the conversation", lambda: table.conversation_wanted.emit(row), "Ctrl+G")
        _offer_resending(menu, table, row)
        act(menu, "Edit and resend", lambda: table.edit_wanted.emit(row), "Ctrl+E")
        menu.addSeparator()
        act(menu, "Which rule would fire?", lambda: table.try_wanted.emit(row))
        act(menu, "Answer pushes like this with…", lambda: table.rule_wanted.emit(row))
        menu.addSeparator()
        _offer_comparisons(menu, table, row)
        _add_ways(menu, table, row, revealed=revealed)
    add_mark_entries(
        menu,
        row,
        lambda row, change: table.mark_wanted.emit(row.id, change),
        table.note_wanted.emit,
        dark=dark,
    )
    menu.addSeparator()
    text = COLUMNS[column_of(key)].text(row)
    if text:
        act(menu, "Copy this cell", lambda: QGuiApplication.clipboard().setText(text))
    act(menu, "Copy the row", table.copy_selection, QKeySequence(QKeySequence.StandardKey.Copy).toString())
    return menu


def _offer_resending(menu: QMenu, table: PushTable, row: Row) -> None:
    count = table.selected_pushes
    if count > 1:
        act(menu, f"Resend {count:,} pushes…", table.resend_selected_wanted.emit, "Ctrl+R")
    else:
        act(menu, "Resend", lambda: table.resend_wanted.emit(row), "Ctrl+R")
    act(menu, "Resend all that the filter shows…", table.resend_shown_wanted.emit, "Ctrl+Shift+R")


def _add_ways(menu: QMenu, table: PushTable, row: Row, *, revealed: bool) -> None:
    """What a push can be copied as."""
    from inspector.sender.copy_as import WAYS

    ways = menu.addMenu("Copy as" if revealed else "Copy as (secrets masked)")
    for way in WAYS:
        act(ways, way.title, lambda _=False, key=way.key: table.copy_as_wanted.emit(row, key))


def _offer_comparisons(menu: QMenu, table: PushTable, row: Row) -> None:
    if [one.kind for one in table.selected_rows] == [Kind.PUSH] * 2:
        act(menu, "Compare the two", lambda: table.compare_wanted.emit(None), "Ctrl+D")
    else:
        act(menu, "Compare with the push before", lambda: table.compare_wanted.emit(row), "Ctrl+D")
    act(menu, "Compare with the composer", lambda: table.compare_composer_wanted.emit(row))
    menu.addSeparator()


def _offer_filters(menu: QMenu, table: PushTable, row: Row, key: str) -> None:
    term = filter_for(row, key)
    if not term:
        return
    for query in (term, *more_filters_for(row, key)):
        act(
            menu,
            f"Filter by {menu_text(query)}",
            lambda _=False, query=query: table.filter_wanted.emit(query),
        )
    act(menu, "Exclude this value", lambda: table.filter_added.emit(turned_round(term)))
    act(menu, "Add to the filter", lambda: table.filter_added.emit(term))
    menu.addSeparator()


def act(menu: QMenu, text: str, do: object, shortcut: str = "") -> None:
    """Add an entry; the key is shown, it is installed elsewhere."""
    action = menu.addAction(f"{text}\t{shortcut}" if shortcut else text)
    action.triggered.connect(do)
