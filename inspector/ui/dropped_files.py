"""Files dropped on the window: a JSON file goes to the composer, exported events to the history, anything else to the
certificates."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from inspector.ui.main_window import MainWindow


def take_files(window: MainWindow, paths: list[Path]) -> None:
    """Take what was dropped. Files are read off the UI thread."""
    payloads = [path for path in paths if path.suffix.lower() == ".json"]
    exported = [path for path in paths if path.suffix.lower() in (".jsonl", ".har")]
    others = [path for path in paths if path not in payloads and path not in exported]
    if payloads:
        first = payloads[0]

        def load(body: bytes) -> None:
            window.open_composer()
            window.composer.load_body(body, title=first.name)

        window.worker.submit("", first.read_bytes, load, window.show_failure)
    if exported:
        window.exchange.import_files(exported)
    if others:
        window.show_certificates()
        window.certificates.show_import(others)
