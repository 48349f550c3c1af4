"""Files that are whole or not there."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from inspector.whole_file import begun


def test_an_end_right_after_the_file_was_made_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    really = os.open

    def open_and_end(path: str, flags: int, mode: int = 0o777) -> int:
        os.close(really(path, flags, mode))
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "open", open_and_end)
    with pytest.raises(KeyboardInterrupt), begun(tmp_path / "whole"):
        pass
    monkeypatch.undo()
    assert list(tmp_path.iterdir()) == []
