"""Files dropped on the window: a JSON file goes to the composer, exported events to the history, a history is opened,
anything else goes to the certificates."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from inspector.ui.main_window import MainWindow


HISTORY = ".sqlite3"


def take_files(window: MainWindow, paths: list[Path]) -> None:
    """Take what was dropped. Files are read off the UI thread."""
    payloads = [path for path in paths if path.suffix.lower() == ".json"]
    exported = [path for path in paths if path.suffix.lower() in (".jsonl", ".har")]
    histories = [path for path in paths if path.suffix.lower() == HISTORY]
    others = [path for path in paths if path not in (*payloads, *exported, *histories)]
    if histories:
        window.files.open_file(histories[0])
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
