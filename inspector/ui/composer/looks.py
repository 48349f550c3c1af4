"""What a body can be looked at with, each made when it is first wanted. Imports PySide6 and its own room (lazily)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Protocol, runtime_checkable

from PySide6.QtWidgets import QWidget

from inspector.ui.composer.pane_bar import PREVIEW, PROVIDER
from inspector.ui.theme import Theme
from inspector.ui.worker import Worker


@runtime_checkable
class BodyLook(Protocol):
    """A widget that shows a body as it would be sent."""

    def show_body(self, body: bytes) -> None: ...


def looks(worker: Worker, theme: Theme) -> Mapping[str, Callable[[QWidget], QWidget]]:
    """How each is made, by the key of its pane."""

    def preview(parent: QWidget) -> QWidget:
        from inspector.ui.composer.preview.pane import PreviewPane

        return PreviewPane(theme, worker, parent)

    def provider(parent: QWidget) -> QWidget:
        from inspector.ui.composer.provider_view import ProviderView

        return ProviderView(theme, worker, parent)

    return {PREVIEW: preview, PROVIDER: provider}
