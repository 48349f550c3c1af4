"""What of the main window comes back at the next start: sizes, columns, choices. Imports PySide6 and the settings."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from inspector.errors import UsageError
from inspector.listen_request import ListenRequest
from inspector.ui.settings import Settings
from inspector.ui.toolbar import DROP, Toolbar

if TYPE_CHECKING:
    from inspector.ui.main_window import MainWindow

FIRST_SIZE = (1440, 900)
FIRST_SPLIT = (790, 600)


def restore(window: MainWindow, settings: Settings) -> None:
    """Bring the window back to what it was, or to a sensible first size."""
    if not window.restoreGeometry(settings.data("window/geometry")):
        room = window.screen().availableGeometry()
        window.resize(min(FIRST_SIZE[0], room.width()), min(FIRST_SIZE[1], room.height()))
    columns = settings.data("window/columns")
    if not columns.isEmpty():
        window.pushes.table.view.horizontalHeader().restoreState(columns)
    if not window.splitter.restoreState(settings.data("window/composer_split")):
        window.splitter.setSizes(list(FIRST_SPLIT))
    window.pushes.splitter.restoreState(settings.data("window/detail_split"))
    window.toolbar.set_address(settings.text("listener/address", "127.0.0.1:8443"))
    window.toolbar.set_answer(settings.text("listener/answer", "200"))
    window.setup.suggest(_request(window.toolbar))
    window.toolbar.filter_box.keep_in(settings)
    window.composer.restore_state(settings.texts("composer"))
    window.set_composer_shown(shown=settings.flag("window/composer", default=not window.narrow))
    window.pushes.table.view.setFocus()


def save(window: MainWindow, settings: Settings) -> None:
    """Keep what the window is."""
    request = _request(window.toolbar)
    window.setup.change(host=request.host, port=request.port)
    settings.put("window/geometry", window.saveGeometry())
    settings.put("window/columns", window.pushes.table.view.horizontalHeader().saveState())
    settings.put("window/composer_split", window.splitter.saveState())
    settings.put("window/detail_split", window.pushes.splitter.saveState())
    settings.put("window/composer", window.toolbar.compose.isChecked())
    settings.put("window/scheme", window.theme.choice.value)
    # Kept here too: what was typed comes back with the first paint, also where it is no address yet.
    settings.put("listener/address", window.toolbar.typed_address)
    settings.put("listener/answer", window.toolbar.answer_key)
    settings.put_texts("composer", window.composer.save_state())
    settings.save()


def _request(toolbar: Toolbar) -> ListenRequest:
    """What the toolbar alone says of how to listen."""
    key = toolbar.answer_key
    answer = ListenRequest(drop=True) if key == DROP else ListenRequest(status=int(key))
    try:
        host, port = toolbar.wanted_address()
    except UsageError:
        return answer
    return replace(answer, host=host, port=port)
