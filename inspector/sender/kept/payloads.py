"""Own payloads: a folder of plain files that Git likes, `NAME.json` with the body byte for byte, whatever it is, and
`NAME.about.json` beside it with title, tags and note. A `.json` that somebody drops in is a payload, too.

Imports the contract, `inspector.home`, `inspector.whole_file` and errors. Files are made for their owner alone (0600):
a body may hold a device token. Git keeps no such modes, so sharing the folder takes no harm. What others change in the
folder shows at the next `list`. Touches the disk: the window does it in the worker.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from stat import S_ISREG

from inspector.contract.push import Service
from inspector.errors import StateError, UsageError
from inspector.home import Home
from inspector.sender.kept.names import folded, slug
from inspector.sender.kept.payload import (
    About,
    Payload,
    Stored,
    checked_note,
    checked_tags,
    checked_title,
    read_about,
    write_about,
)
from inspector.whole_file import begun

ENDING, ABOUT = ".json", ".about.json"
MOST_BYTES = 4 * 1024 * 1024
"""What is kept at hand of a body; a larger file is listed, and can be sent by its path."""

_Stamp = tuple[int, int]


def folder_of(home: Home) -> Path:
    """Where a home's payloads are: `payloads` in it, or the folder that was chosen since (`use_folder`)."""
    try:
        chosen = (home.data / "payloads.folder").read_text(encoding="utf-8").strip()
    except (OSError, ValueError):
        chosen = ""
    return Path(chosen) if chosen and Path(chosen).is_absolute() else home.data / "payloads"


def use_folder(home: Home, folder: Path | None) -> Path:
    """Use this folder from now on, such as a Git checkout; None for the home's own one. Raises UsageError where it is
    no folder, StateError where that can't be noted."""
    if folder is not None and not folder.expanduser().is_dir():
        raise UsageError(f"There is no folder {folder}.", "Make it first, or name another one.")
    home.create()
    with _told(home.data):
        if folder is None:
            (home.data / "payloads.folder").unlink(missing_ok=True)
        else:
            with begun(home.data / "payloads.folder") as file:
                file.write(f"{folder.expanduser().absolute()}\n".encode("utf-8", "surrogateescape"))
    return folder_of(home)


class Payloads:
    """The payloads of one folder, which is made when the first one is saved. Not for two threads at once.

    Everything that writes raises StateError where the disk refuses, and UsageError for what can't be done.
    """

    def __init__(self, folder: Path, *, reserved: Iterable[str] = ()) -> None:
        """`reserved` are names that new payloads do not get: those of the templates."""
        self.folder = folder
        self._reserved = frozenset(folded(name) for name in reserved)
        self._seen: dict[str, tuple[_Stamp, _Stamp | None, Payload]] = {}

    def list(self) -> tuple[Payload, ...]:
        """All of them, by title. Only what has changed since the last time is read again. A folder that is not there
        yet is empty; raises StateError for one that can't be read."""
        found: dict[str, tuple[_Stamp, _Stamp | None, Payload]] = {}
        files = self._files()
        for file, stamp in files.items():
            if not file.endswith(ENDING) or file.endswith(ABOUT):
                continue
            name = file.removesuffix(ENDING)
            about = files.get(f"{name}{ABOUT}")
            known = self._seen.get(name)
            if known is None or known[:2] != (stamp, about):
                known = (stamp, about, self._read(name, stamp[1]))
            found[name] = known
        self._seen = found
        return tuple(
            sorted((one[2] for one in found.values()), key=lambda one: (folded(one.title), one.name))
        )

    def find(self, name: str) -> Payload:
        """The payload of that name. Raises UsageError where there is none, or it is too large."""
        payload = next((one for one in self.list() if one.name == name), None)
        if payload is None:
            payload = next(
                (one for one in self.list() if folded(name) in (folded(one.name), folded(one.title))), None
            )
        if payload is None:
            raise UsageError(
                f"There is no payload {_short(name)}.",
                "List what there is with: push-inspector payloads list",
            )
        if payload.size > MOST_BYTES:
            raise UsageError(
                payload.problem, f"Name the file itself: {self.folder / (payload.name + ENDING)}"
            )
        return payload

    def whole(self, payload: Payload) -> Payload:
        """A payload with its body, also where that is too large to keep at hand."""
        return replace(payload, body=self.stored(payload.name).body)

    def save(self, title: str, body: bytes, *, tags: Iterable[str] = (), note: str = "") -> Payload:
        """A new payload, with a file's name made from its title."""
        about = About(checked_title(title), checked_tags(tags), checked_note(note))
        return self.put_back(Stored(slug(about.title, self._taken()), body, write_about(about)))

    def save_over(self, name: str, body: bytes) -> Stored:
        """Give a payload another body; returns what it was before, for `put_back`."""
        before = self.stored(name)
        self._write(f"{name}{ENDING}", body)
        return before

    def describe(
        self,
        name: str,
        *,
        title: str | None = None,
        tags: Iterable[str] | None = None,
        note: str | None = None,
    ) -> Payload:
        """Change title, tags or note; None leaves one as it is. Another title gives the files another name."""
        before = self.stored(name)
        about = read_about(before.about)
        if about.problem and before.about is not None:
            raise UsageError(
                f"{name}{ABOUT} can't be changed: {about.problem[0].lower()}{about.problem[1:]}",
                "Correct that file, or delete it; the payload stays.",
            )
        new = About(
            about.title if title is None else checked_title(title),
            about.tags if tags is None else checked_tags(tags),
            about.note if note is None else checked_note(note),
            about.more,
        )
        target = name
        if title is not None and new.title != about.title:
            target = slug(new.title, self._taken() - {folded(name)})
        with _told(self.folder):
            if target != name:
                (self.folder / f"{name}{ENDING}").rename(self.folder / f"{target}{ENDING}")
            self._write(f"{target}{ABOUT}", write_about(new))
            if target != name:
                (self.folder / f"{name}{ABOUT}").unlink(missing_ok=True)
        return self.find(target)

    def duplicate(self, name: str, title: str = "") -> Payload:
        """A second one like it, under the title given or “… copy”."""
        payload = self.find(name)
        return self.save(
            title or f"{payload.title[:100]} copy", payload.body, tags=payload.tags, note=payload.note
        )

    def delete(self, name: str) -> Stored:
        """Delete a payload; returns its files for `put_back`."""
        before = self.stored(name)
        with _told(self.folder):
            (self.folder / f"{name}{ENDING}").unlink()
            (self.folder / f"{name}{ABOUT}").unlink(missing_ok=True)
        return before

    def put_back(self, stored: Stored, *, over: bool = False) -> Payload:
        """Write a payload's files as they were. Without `over` never in the place of one that is there by now."""
        name = stored.name
        if not over and folded(name) in {folded(one) for one in self._names()}:
            raise UsageError(f"There is a payload {_short(name)} already.", "Choose another title.")
        self._write(f"{name}{ENDING}", stored.body)
        if stored.about is not None:
            self._write(f"{name}{ABOUT}", stored.about)
        elif over:
            with _told(self.folder):
                (self.folder / f"{name}{ABOUT}").unlink(missing_ok=True)
        return self.find(name)

    def stored(self, name: str) -> Stored:
        """A payload's two files as they are now. Raises UsageError where there is none."""
        if name not in self._names():
            raise UsageError(f"There is no payload {_short(name)}.", "It may have been deleted or renamed.")
        about = self.folder / f"{name}{ABOUT}"
        with _told(self.folder, "read"):
            return Stored(
                name,
                (self.folder / f"{name}{ENDING}").read_bytes(),
                about.read_bytes() if about.is_file() else None,
            )

    def _names(self) -> set[str]:
        return {
            file.removesuffix(ENDING)
            for file in self._files()
            if file.endswith(ENDING) and not file.endswith(ABOUT)
        }

    def _taken(self) -> set[str]:
        return {folded(name) for name in self._names()} | self._reserved

    def _files(self) -> dict[str, _Stamp]:
        """The regular files of the folder with their times and sizes; hidden ones are none of ours."""
        found: dict[str, _Stamp] = {}
        try:
            with os.scandir(self.folder) as entries:
                for entry in entries:
                    if entry.name.startswith(".") or not entry.name.endswith(ENDING):
                        continue
                    try:
                        state = entry.stat()
                    except OSError:  # gone meanwhile, or a link to nowhere
                        continue
                    if S_ISREG(state.st_mode):
                        found[entry.name] = (state.st_mtime_ns, state.st_size)
        except FileNotFoundError:
            return {}
        except OSError as error:
            raise StateError(
                f"The folder of payloads {self.folder} can't be read: {error.strerror or error}.",
                "Check its permissions, or name another folder with --payloads DIR.",
            ) from error
        return found

    def _read(self, name: str, size: int) -> Payload:
        from inspector.contract.parse import parse

        about_file = self.folder / f"{name}{ABOUT}"
        try:
            body = (self.folder / f"{name}{ENDING}").read_bytes() if size <= MOST_BYTES else b""
            about = read_about(about_file.read_bytes() if about_file.is_file() else None)
        except OSError as error:
            about = About(problem=f"It can't be read: {error.strerror or error}.")
            body = b""
        problem = about.problem
        if size > MOST_BYTES:
            problem = f"{name} has {size:,} bytes, and the library takes up to {MOST_BYTES:,}."
        service = parse(body).service if body else Service.UNKNOWN
        return Payload(name, about.title or name, service, about.tags, about.note, problem, size, body)

    def _write(self, file: str, data: bytes) -> None:
        with _told(self.folder):
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            with begun(self.folder / file) as opened:
                opened.write(data)


def _short(name: str) -> str:
    return name if len(name) <= 60 else f"{name[:59]}…"


@contextmanager
def _told(folder: Path, deed: str = "written") -> Iterator[None]:
    """What the disk refuses, in the words of the error tree."""
    try:
        yield
    except OSError as error:
        raise StateError(
            f"The folder {folder} can't be {deed}: {error.strerror or error}.",
            "Check its permissions and the space left; nothing else was changed.",
        ) from error
