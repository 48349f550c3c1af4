"""The body made one for another provider. Imports the contract, PySide6 and its own room."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QToolButton, QWidget

from inspector.contract.push import Service
from inspector.errors import InspectorError
from inspector.ui.json_editor import JsonEditor
from inspector.ui.worker import Worker

_LANE = "composer convert"
_PROVIDERS = (Service.APNS, Service.FCM, Service.HUAWEI)


class Converting(QObject):
    """A button with a menu of the other providers. `converted` brings the service and the remarks on what was changed,
    `failed` the InspectorError that says why nothing was."""

    converted = Signal(object, object)
    failed = Signal(object)

    def __init__(self, editor: JsonEditor, worker: Worker, parent: QWidget) -> None:
        super().__init__(parent)
        self._editor = editor
        self._worker = worker
        self.button = QToolButton(parent)
        self.button.setObjectName("composer_convert")
        self.button.setText("Con&vert")
        self.button.setAccessibleName("Convert to another provider")
        self.button.setToolTip("Make the body one for another provider; undo takes it back")
        self.button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(self.button)
        self._actions: dict[Service, QAction] = {}
        for service in _PROVIDERS:
            action = self._actions[service] = menu.addAction(f"To {service.label}")
            action.setData(service.value)
        menu.triggered.connect(self._convert)
        self.button.setMenu(menu)

    def show_service(self, service: Service) -> None:
        """The body is for this provider now."""
        for other, action in self._actions.items():
            action.setEnabled(other is not service)

    @Slot(QAction)
    def _convert(self, action: QAction) -> None:
        from inspector.contract.convert import Converted, convert

        service, text = Service(action.data()), self._editor.text()

        def done(converted: Converted) -> None:
            if self._editor.text() == text:  # whoever went on typing meant what is there now
                self._editor.replace_text(converted.text)
                self.converted.emit(service, converted.remarks)

        def failed(error: BaseException) -> None:
            if not isinstance(error, InspectorError):
                raise error
            self.failed.emit(error)

        self._worker.submit(_LANE, lambda: convert(text, service, variables=True), done, failed)
