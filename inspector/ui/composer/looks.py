"""What a body can be looked at with, each made when it is first wanted. Imports PySide6 and its own room (lazily)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from PySide6.QtCore import SignalInstance
from PySide6.QtWidgets import QWidget

from inspector.ui.composer.pane_bar import PREVIEW, PROVIDER
from inspector.ui.theme import Theme
from inspector.ui.worker import Worker


@dataclass(frozen=True, slots=True)
class Look:
    """A widget, and how it is given the body as it would be sent: quick, whatever its size."""

    widget: QWidget
    show_body: Callable[[bytes], None]
    close_down: Callable[[], None]


def looks(
    worker: Worker, theme: Theme, *, show_path: Callable[[str], None], message: SignalInstance
) -> Mapping[str, Callable[[QWidget], Look]]:
    """How each is made, by the key of its pane. `show_path` is a slot that goes to a path's place in the body,
    `message` is where lines for the status bar go."""

    def preview(parent: QWidget) -> Look:
        from inspector.ui.composer.preview.pane import PreviewPane

        pane = PreviewPane(theme, worker, parent)
        return Look(pane, pane.show_body, pane.close_down)

    def provider(parent: QWidget) -> Look:
        from inspector.ui.composer.provider_view import ProviderView

        view = ProviderView(theme, worker, parent)
        view.message.connect(message)
        view.origin_chosen.connect(show_path)
        return Look(view, view.show_body, view.close_down)

    return {PREVIEW: preview, PROVIDER: provider}
