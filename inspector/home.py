"""Where the program keeps its state: one folder with the history, the vault, the settings and the logs.

Imports the standard library and platformdirs (lazily), `inspector.errors` and `inspector.whole_file`.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from inspector.errors import StateError
from inspector.whole_file import begun

ENVIRONMENT_VARIABLE = "PUSH_INSPECTOR_HOME"
FIRST_HISTORY = "history.sqlite3"
MOST_RECENT = 10


@dataclass(frozen=True, slots=True)
class Home:
    """The folders of one home. With a given root all state is below it; by default each kind of state
    is where the platform wants it."""

    data: Path
    config: Path
    logs: Path

    @classmethod
    def at(cls, root: Path) -> Home:
        """A home whose whole state is below `root`."""
        root = root.expanduser().absolute()
        return cls(data=root, config=root, logs=root / "logs")

    @classmethod
    def default(cls) -> Home:
        """`PUSH_INSPECTOR_HOME` where it is set, else the platform's own directories."""
        if root := os.environ.get(ENVIRONMENT_VARIABLE):
            return cls.at(Path(root))
        from platformdirs import PlatformDirs

        dirs = PlatformDirs("push-inspector", appauthor=False)
        return cls(
            data=Path(dirs.user_data_dir), config=Path(dirs.user_config_dir), logs=Path(dirs.user_log_dir)
        )

    @property
    def history_file(self) -> Path:
        """The history in use: the first one, or the one that was chosen since (`use_history`)."""
        try:
            name = self._history_choice.read_text(encoding="utf-8").strip()
        except (OSError, ValueError):
            name = ""
        inside = Path(name).name == name
        return self.data / (name if name and (inside or Path(name).is_absolute()) else FIRST_HISTORY)

    @property
    def _history_choice(self) -> Path:
        return self.data / "history.current"

    @property
    def _recent(self) -> Path:
        return self.data / "history.recent"

    def recent_histories(self) -> list[Path]:
        """The histories that were in use, the newest first and the one in use among them; some may be gone since."""
        try:
            names = self._recent.read_text(encoding="utf-8").splitlines()
        except (OSError, ValueError):
            names = []
        paths = [self.history_file, *(self.data / name for name in names if name)]
        return list(dict.fromkeys(paths))[:MOST_RECENT]

    def use_history(self, path: Path) -> None:
        """Use this file as the history from now on. Raises StateError."""
        recent = [path, *self.recent_histories()]
        names = dict.fromkeys(self._name(one) for one in recent)
        try:
            with begun(self._recent) as file:
                file.write("".join(f"{name}\n" for name in list(names)[:MOST_RECENT]).encode())
            with begun(self._history_choice) as file:
                file.write(f"{self._name(path)}\n".encode())
        except OSError as error:
            raise StateError(
                f"Can't note in {self.data} which history is in use: {error.strerror or error}.",
                "Make that folder writable, or name another one with --home DIR.",
            ) from error

    def _name(self, path: Path) -> str:
        """How a history is noted: by its name in the data folder, by its whole path elsewhere."""
        return path.name if path.parent == self.data else str(path.absolute())

    @property
    def vault_file(self) -> Path:
        return self.data / "vault.json"

    @property
    def vault_key_file(self) -> Path:
        """The random key of last resort; its own folder, so that copying the vault does not copy its key."""
        return self.config / "secrets" / "vault.key"

    @property
    def idle_lock_file(self) -> Path:
        """After how long the vault is locked."""
        return self.config / "idle-lock.json"

    @property
    def settings_file(self) -> Path:
        return self.config / "settings.ini"

    @property
    def profile_file(self) -> Path:
        """How the listener is set up."""
        return self.config / "profile.json"

    @property
    def targets_file(self) -> Path:
        """The saved targets to send to."""
        return self.config / "targets.json"

    @property
    def retention_file(self) -> Path:
        """How much of the history is kept."""
        return self.config / "retention.json"

    @property
    def log_file(self) -> Path:
        return self.logs / "push-inspector.log"

    def create(self) -> None:
        """Make the folders, closed to others (0700). Raises StateError where that can't be done."""
        for folder in (self.data, self.config, self.logs):
            try:
                folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            except OSError as error:
                raise StateError(
                    f"Can't make the folder {folder}: {error.strerror or error}.",
                    "Name another one with --home DIR or PUSH_INSPECTOR_HOME.",
                ) from error
