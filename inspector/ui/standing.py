"""Where a table of events stands, kept while its result is looked up anew: its top and what is selected.

Imports PySide6 and the model.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain, islice

from PySide6.QtCore import QItemSelection, QItemSelectionModel
from PySide6.QtWidgets import QTableView

from inspector.ui.push_model import PushModel

# So many selected rows are found again; each is looked for.
_SELECTED = 256

_Place = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Stood:
    """The ids and places of the top row, the row looked at and those selected."""

    top: _Place | None = None
    current: _Place | None = None
    selected: tuple[_Place, ...] = ()

    @classmethod
    def of(cls, view: QTableView, model: PushModel) -> Stood:
        """Where a view stands now."""
        top, current = view.verticalScrollBar().value(), view.currentIndex()
        chosen = view.selectionModel().selection()
        ranges = [chosen.at(place) for place in range(chosen.size())]
        places = islice(chain.from_iterable(range(one.top(), one.bottom() + 1) for one in ranges), _SELECTED)
        return cls(
            (model.id_at(top), top) if 0 < top < model.rowCount() else None,
            (model.id_at(current.row()), current.row()) if current.isValid() else None,
            tuple((model.id_at(place), place) for place in places),
        )

    def stand_again(self, view: QTableView, model: PushModel) -> bool:
        """Bring a view back there; False where the row that was looked at is gone. A view at its very top stays
        there: it shows what comes first."""
        flag = QItemSelectionModel.SelectionFlag
        chosen = QItemSelection()
        for one in self.selected:
            place = model.position_of(*one)
            if place is not None:
                chosen.select(model.index(place, 0), model.index(place, model.columnCount() - 1))
        view.selectionModel().select(chosen, flag.ClearAndSelect)
        current = model.position_of(*self.current) if self.current else None
        if current is not None:
            view.selectionModel().setCurrentIndex(model.index(current, 0), flag.NoUpdate)
        top = model.position_of(*self.top) if self.top else 0
        if top is not None:
            view.doItemsLayout()  # it has to know of what came
            view.verticalScrollBar().setValue(top)
        return self.current is None or current is not None
