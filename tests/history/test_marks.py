"""Notes, colours and pins on events: kept, searched, taken off, told to live views."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector.history.model import MARK_COLORS, Mark
from inspector.history.query import parse
from inspector.history.reader import HistoryReader
from inspector.history.store import HistoryWriter
from tests.history.examples import anything, handshake, push

NOW = datetime(2026, 1, 1, 12, tzinfo=UTC)


def mark_of(reader: HistoryReader, identifier: int) -> Mark | None:
    event = reader.event(identifier)
    assert event is not None
    return event.mark


def found(reader: HistoryReader, text: str) -> list[int]:
    return list(reader.ids(parse(text, now=NOW)))


def test_a_mark_is_kept_and_shown_in_the_row(writer: HistoryWriter, reader: HistoryReader) -> None:
    writer.add([push(), handshake()])
    assert mark_of(reader, 1) is None
    mark = Mark("The phone stayed silent.", "red", pinned=True)
    assert writer.annotate(1, mark)
    assert mark_of(reader, 1) == mark
    first, second = reader.rows([1, 2])
    assert (first.mark_color, first.pinned, first.has_note) == ("red", True, True)
    assert (second.mark_color, second.pinned, second.has_note) == ("", False, False)


@pytest.mark.parametrize("nothing", [None, Mark()])
def test_a_mark_is_taken_off(writer: HistoryWriter, reader: HistoryReader, nothing: Mark | None) -> None:
    writer.add([push()])
    writer.annotate(1, Mark("Look again", "blue"))
    assert writer.annotate(1, nothing)
    assert mark_of(reader, 1) is None
    assert found(reader, "has:note or has:mark") == []


def test_what_is_gone_and_what_is_no_colour(writer: HistoryWriter, reader: HistoryReader) -> None:
    assert not writer.annotate(1, Mark("too late"))
    writer.add([push()])
    with pytest.raises(ValueError, match="pink"):
        writer.annotate(1, Mark(color="pink"))
    assert mark_of(reader, 1) is None


def test_live_views_look_again(writer: HistoryWriter, reader: HistoryReader) -> None:
    writer.add([push(), push()])
    before = reader.newest_change()
    writer.annotate(2, Mark(pinned=True))
    assert list(reader.changes_since(before)[0]) == [2]


def test_marks_are_searched(writer: HistoryWriter, reader: HistoryReader) -> None:
    writer.add([push() for _ in range(4)])
    writer.annotate(1, Mark("Stille im Köcher", "red"))
    writer.annotate(2, Mark(color="green", pinned=True))
    writer.annotate(3, Mark("silence", pinned=True))
    assert found(reader, "köcher") == [1]
    assert found(reader, "note:KÖCHER or note:sil*") == [1, 3]
    assert found(reader, "mark:red") == [1]
    assert found(reader, "mark:*") == [1, 2]
    assert found(reader, "is:pinned -has:note") == [2]
    assert found(reader, "-has:mark -is:pinned") == [4]


@given(note=anything, color=st.sampled_from(("", *MARK_COLORS)), pinned=st.booleans())
def test_any_mark_comes_back(
    tmp_path_factory: pytest.TempPathFactory, note: str, color: str, *, pinned: bool
) -> None:
    path = tmp_path_factory.mktemp("marks") / "history.sqlite3"
    mark = Mark(note, color, pinned)
    with HistoryWriter.open(path) as writer, HistoryReader.open(path) as reader:
        writer.add([push()])
        writer.annotate(1, mark)
        assert mark_of(reader, 1) == (None if mark == Mark() else mark)
