"""A file of settings: JSON with a format and a version, whole or not there, closed to others (0600).

What can't be understood, or is newer, is named and never written over. Imports `inspector.errors` and
`inspector.whole_file`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from inspector.errors import StateError
from inspector.whole_file import begun


@dataclass(frozen=True, slots=True)
class SettingsFile:
    """One such file. `what` is it in a sentence, as in `profile`; `format` stands in the file itself, `version` is the
    latest that is known here, and `kinds` are the types of the fields that may be there."""

    path: Path
    what: str
    format: str
    version: int
    kinds: Mapping[str, type]

    def read(self) -> dict[str, Any]:
        """The content, empty where there is no file yet. Raises StateError."""
        try:
            data = self.path.read_bytes()
        except FileNotFoundError:
            return {}
        except OSError as error:
            raise StateError(
                f"The {self.what} {self.path} can't be read: {error.strerror or error}.",
                "Check its owner and its permissions.",
            ) from error
        try:
            content = json.loads(data)
        except (ValueError, RecursionError) as error:
            raise self.damaged("it is no JSON") from error
        if not isinstance(content, dict) or content.get("format") != self.format:
            raise self.damaged(f"it is no {self.what}")
        version = content.get("version")
        if type(version) is not int or not all(
            isinstance(content.get(name, kind()), kind) for name, kind in self.kinds.items()
        ):
            raise self.damaged(f"it is no {self.what}")
        if version > self.version:
            raise StateError(
                f"The {self.what} {self.path} was made by a newer Push Inspector (format {version}); it was left as it"
                " is.",
                "Update Push Inspector, or use another home (--home DIR).",
            )
        return content

    def write(self, content: Mapping[str, Any]) -> None:
        """Have the file hold this content. Raises StateError; what was there before stays then."""
        document = {**content, "format": self.format, "version": self.version}
        data = (json.dumps(document, indent=2, ensure_ascii=False) + "\n").encode("utf-8", "surrogatepass")
        try:
            with begun(self.path) as file:
                file.write(data)
        except OSError as error:
            raise StateError(
                f"The {self.what} {self.path} can't be written: {error.strerror or error}.",
                "Free some space, or check the folder's permissions; what was saved before is still there.",
            ) from error

    def damaged(self, why: str) -> StateError:
        """What to raise where the content makes no sense."""
        return StateError(
            f"The {self.what} {self.path} is damaged and was left as it is: {why.rstrip('.')}.",
            "Correct it, or move it away to begin anew.",
        )
