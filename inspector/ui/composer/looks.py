"""What a body can be looked at with, each made when it is first wanted. Imports PySide6 and its own room (lazily)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from PySide6.QtCore import SignalInstance
from PySide6.QtWidgets import QWidget

from inspector.contract.variables import Values
from inspector.ui.composer.pane_bar import PREVIEW, PROVIDER, RESOLVED
from inspector.ui.theme import Theme
from inspector.ui.worker import Worker


@dataclass(frozen=True, slots=True)
class Look:
    """A widget, and how it is given the body as it is written and as it would be sent: quick, whatever its size."""

    widget: QWidget
    show_body: Callable[[bytes, bytes], None]
    close_down: Callable[[], None]


def looks(
    worker: Worker,
    theme: Theme,
    *,
    values: Callable[[], Values],
    show_path: Callable[[str], None],
    message: SignalInstance,
) -> Mapping[str, Callable[[QWidget], Look]]:
    """How each is made, by the key of its pane. `values` gives what variables stand for, `show_path` is a slot
    that goes to a path's place in the body, `message` is where lines for the status bar go."""

    def preview(parent: QWidget) -> Look:
        from inspector.ui.composer.preview.pane import PreviewPane

        pane = PreviewPane(theme, worker, parent)
        return Look(pane, lambda _written, sent: pane.show_body(sent), pane.close_down)

    def provider(parent: QWidget) -> Look:
        from inspector.ui.composer.provider_view import ProviderView

        view = ProviderView(theme, worker, parent)
        view.message.connect(message)
        view.origin_chosen.connect(show_path)
        return Look(view, lambda _written, sent: view.show_body(sent), view.close_down)

    def resolved(parent: QWidget) -> Look:
        from inspector.ui.composer.variables.resolved_view import ResolvedView

        view = ResolvedView(values, worker, theme, parent)
        return Look(view, lambda written, _sent: view.show_body(written), view.close_down)

    return {PREVIEW: preview, PROVIDER: provider, RESOLVED: resolved}
