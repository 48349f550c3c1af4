"""What comes back at the next start: sizes, columns, choices. Never a secret. Imports PySide6 and home."""

from __future__ import annotations

from PySide6.QtCore import QByteArray, QSettings

from inspector.home import Home


class Settings:
    """Typed access to the settings file of a home."""

    def __init__(self, home: Home) -> None:
        self._store = QSettings(str(home.settings_file), QSettings.Format.IniFormat)

    def text(self, key: str, default: str = "") -> str:
        value = self._store.value(key, default)
        return value if isinstance(value, str) else default

    def number(self, key: str, default: int) -> int:
        try:
            return int(self.text(key, str(default)))
        except ValueError:
            return default

    def flag(self, key: str, *, default: bool) -> bool:
        return self.text(key, "yes" if default else "no") == "yes"

    def data(self, key: str) -> QByteArray:
        value = self._store.value(key)
        return value if isinstance(value, QByteArray) else QByteArray()

    def texts(self, group: str) -> dict[str, str]:
        """All texts below a group."""
        self._store.beginGroup(group)
        try:
            return {key: self.text(key) for key in self._store.childKeys()}
        finally:
            self._store.endGroup()

    def put(self, key: str, value: str | int | bool | QByteArray) -> None:  # noqa: FBT001 - stored as a word
        if isinstance(value, bool):
            self._store.setValue(key, "yes" if value else "no")
        elif isinstance(value, QByteArray):
            self._store.setValue(key, value)
        else:
            self._store.setValue(key, str(value))

    def put_texts(self, group: str, values: dict[str, str]) -> None:
        self._store.remove(group)
        for key, value in values.items():
            self._store.setValue(f"{group}/{key}", value)

    def save(self) -> None:
        """Write the file now."""
        self._store.sync()
