"""Payloads in from files and folders, and out to a folder. Imports its own room and errors. Touches the disk."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from inspector.errors import StateError, UsageError
from inspector.sender.kept.names import folded, slug
from inspector.sender.kept.payload import About, Payload, read_about, write_about
from inspector.sender.kept.payloads import ABOUT, ENDING, MOST_BYTES, Payloads
from inspector.whole_file import begun

MOST_FILES = 2000


@dataclass(frozen=True, slots=True)
class Imported:
    """What came in, and what was left out: a line each."""

    payloads: tuple[Payload, ...]
    left_out: tuple[str, ...]


def import_files(into: Payloads, paths: Iterable[Path]) -> Imported:
    """Take files, and all `.json` files of folders, each with the sidecar beside it. A body that is here already under
    the same title is left out and told; another one of that title gets a name of its own. Raises UsageError where
    nothing is there to take."""
    files = [file for path in paths for file in _below(path)]
    if not files:
        raise UsageError("There is no .json file to import.", "Name files, or a folder that holds some.")
    taken, left_out = [], []
    here = {(folded(one.title), one.body) for one in into.list()}
    for file in files[:MOST_FILES]:
        try:
            if file.stat().st_size > MOST_BYTES:
                left_out.append(f"{file.name}: more than {MOST_BYTES:,} bytes.")
                continue
            body = file.read_bytes()
            beside = file.with_name(f"{file.name.removesuffix(ENDING)}{ABOUT}")
            about = read_about(beside.read_bytes() if beside.is_file() else None)
        except OSError as error:
            left_out.append(f"{file.name}: {error.strerror or error}.")
            continue
        title = about.title or file.name.removesuffix(ENDING)
        if (folded(title), body) in here:
            left_out.append(f"{file.name}: here already.")
            continue
        here.add((folded(title), body))
        try:
            taken.append(into.save(title[:100], body, tags=about.tags, note=about.note))
        except UsageError as error:
            left_out.append(f"{file.name}: {error.message}")
    left_out += [f"{file.name}: more than {MOST_FILES:,} files at once." for file in files[MOST_FILES:]]
    return Imported(tuple(taken), tuple(left_out))


def export_files(payloads: Iterable[Payload], folder: Path) -> tuple[Path, ...]:
    """Write payloads with their sidecars into a folder, which is made; never over a file that is there. Returns the
    bodies' files. Raises StateError."""
    written: list[Path] = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        taken = {folded(path.name.removesuffix(ENDING)) for path in folder.glob(f"*{ENDING}")}
        for payload in payloads:
            name = payload.name if folded(payload.name) not in taken else slug(payload.title, taken)
            taken.add(folded(name))
            written.append(folder / f"{name}{ENDING}")
            with begun(written[-1], over=False) as file:
                file.write(payload.body)
            with begun(folder / f"{name}{ABOUT}") as file:
                file.write(write_about(About(payload.title, payload.tags, payload.note)))
    except OSError as error:
        raise StateError(
            f"Can't write into {folder}: {error.strerror or error}.",
            "Check its permissions and the space left, or name another folder.",
        ) from error
    return tuple(written)


def _below(path: Path) -> list[Path]:
    if path.is_dir():
        found = sorted(path.glob(f"*{ENDING}"), key=lambda file: file.name.removesuffix(ENDING))
        return [
            file
            for file in found
            if file.is_file() and not file.name.endswith(ABOUT) and not file.name.startswith(".")
        ]
    if not path.is_file():
        raise UsageError(f"There is no file {path}.", "Name .json files, or a folder that holds some.")
    return [path]
