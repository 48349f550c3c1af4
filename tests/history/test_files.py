"""Files that can't be used are said to be so, in plain words, and are left exactly as they were."""

from __future__ import annotations

import os
import random
import shutil
import sqlite3
import stat
import struct
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inspector.errors import HistoryError
from inspector.history.files import connect
from inspector.history.reader import HistoryReader
from inspector.history.schema import APPLICATION_ID, VERSION
from inspector.history.store import HistoryWriter, fresh_path_beside
from tests.history.examples import bytes_beside, connection, handshake, push

OPENERS: list[Callable[[Path], object]] = [HistoryWriter.open, HistoryReader.open]
needs_root = pytest.mark.skipif(
    sys.platform == "win32" or os.geteuid() != 0, reason="root alone can take another user's place"
)


@pytest.fixture
def full(path: Path) -> Path:
    """A history of many pages, closed."""
    with HistoryWriter.open(path) as writer:
        for number in range(40):
            writer.add([push(retry_key=number.to_bytes(16, "big"), connection=connection()), handshake()] * 8)
    return path


def refused(path: Path, opener: Callable[[Path], object]) -> HistoryError:
    """The error of an open that must fail and must not touch anything."""
    before = bytes_beside(path)
    with pytest.raises(HistoryError) as caught:
        opener(path)
    assert bytes_beside(path) == before
    assert "\n" not in caught.value.message
    assert caught.value.exit_code == 4
    return caught.value


def edit(path: Path, place: int, replacement: bytes) -> None:
    content = bytearray(path.read_bytes())
    content[place : place + len(replacement)] = replacement
    path.write_bytes(content)


# making one


def test_a_new_file_is_for_its_owner_alone(path: Path) -> None:
    old = os.umask(0)
    try:
        with HistoryWriter.open(path) as writer:
            writer.add([push()])
            modes = {entry.name: stat.S_IMODE(entry.stat().st_mode) for entry in path.parent.iterdir()}
    finally:
        os.umask(old)
    assert modes == {path.name: 0o600, f"{path.name}-wal": 0o600, f"{path.name}-shm": 0o600}


def test_rights_that_others_were_given_are_taken_away(full: Path) -> None:
    full.chmod(0o644)
    with HistoryWriter.open(full) as writer:
        writer.add([push()])
        for entry in full.parent.iterdir():
            assert stat.S_IMODE(entry.stat().st_mode) == 0o600


def test_an_empty_file_is_a_new_one(path: Path) -> None:
    path.touch(0o644)
    with HistoryWriter.open(path) as writer:
        assert writer.add([push()])[0].id == 1
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_odd_names_are_names(tmp_path: Path) -> None:
    path = tmp_path / "a b%20#?&é.sqlite3"
    with HistoryWriter.open(path) as writer:
        writer.add([push()])
        with HistoryReader.open(path) as reader:
            assert list(reader.ids()) == [1]
    assert [entry.name for entry in tmp_path.iterdir()] == [path.name]


def test_a_relative_path_is_one_too(tmp_path: Path) -> None:
    os.chdir(tmp_path)
    with HistoryWriter.open(Path("history.sqlite3")) as writer:
        writer.add([push()])
    assert (tmp_path / "history.sqlite3").exists()


def test_a_link_leads_to_its_file(tmp_path: Path, path: Path) -> None:
    link = tmp_path / "link.sqlite3"
    link.symlink_to(path)
    for number in (1, 2):
        with HistoryWriter.open(link) as writer:
            assert writer.add([push()])[0].id == number
    assert link.is_symlink()


@pytest.mark.parametrize("opener", OPENERS)
def test_a_missing_folder_is_named(tmp_path: Path, opener: Callable[[Path], object]) -> None:
    with pytest.raises(HistoryError, match="does not exist") as caught:
        opener(tmp_path / "none" / "history.sqlite3")
    assert str(tmp_path / "none") in caught.value.message
    assert "--home" in caught.value.next_step
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("opener", OPENERS)
def test_links_in_a_circle(path: Path, opener: Callable[[Path], object]) -> None:
    path.symlink_to(path)
    with pytest.raises(HistoryError, match="links"):
        opener(path)


@pytest.mark.parametrize("opener", OPENERS)
def test_a_folder_that_is_a_file(tmp_path: Path, opener: Callable[[Path], object]) -> None:
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(HistoryError, match="is not a folder"):
        opener(tmp_path / "file" / "history.sqlite3")


@pytest.mark.parametrize("opener", OPENERS)
def test_a_folder_or_pipe_in_its_place(tmp_path: Path, opener: Callable[[Path], object]) -> None:
    (tmp_path / "folder.sqlite3").mkdir()
    os.mkfifo(tmp_path / "pipe.sqlite3")
    for name in ("folder.sqlite3", "pipe.sqlite3"):
        with pytest.raises(HistoryError, match="not a regular file"):
            opener(tmp_path / name)


def test_there_is_nothing_to_read_yet(path: Path) -> None:
    with pytest.raises(HistoryError, match="no history"):
        HistoryReader.open(path)
    assert not path.exists()
    path.touch()
    assert "no history" in refused(path, HistoryReader.open).message


# files that are something else


@pytest.mark.parametrize("opener", OPENERS)
@pytest.mark.parametrize(
    "content",
    [
        b"x",
        b"SQLite format 3",
        b"SQLite format 3\0",
        b'{"events": []}\n' * 1000,
        b"\0" * 8192,
        random.Random(1).randbytes(50_000),
    ],
    ids=["letter", "no magic", "magic alone", "json", "zeros", "random"],
)
def test_what_is_not_sqlite_is_left_alone(
    path: Path, content: bytes, opener: Callable[[Path], object]
) -> None:
    path.write_bytes(content)
    path.chmod(0o644)
    error = refused(path, opener)
    assert "is not an SQLite file" in error.message
    assert str(path.with_name("history-2.sqlite3")) in error.next_step
    assert stat.S_IMODE(path.stat().st_mode) == 0o644


@settings(max_examples=100)
@given(
    content=st.binary(min_size=1, max_size=300)
    | st.binary(max_size=200).map(lambda tail: b"SQLite format 3\0" + tail)
)
def test_any_bytes_are_left_alone(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    path = tmp_path_factory.getbasetemp() / "any" / "history.sqlite3"
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(content)
    for opener in OPENERS:
        refused(path, opener)


@pytest.mark.parametrize("opener", OPENERS)
@pytest.mark.parametrize("journal_mode", ["DELETE", "WAL"])
def test_another_applications_file_is_left_alone(
    path: Path, journal_mode: str, opener: Callable[[Path], object]
) -> None:
    with closing(sqlite3.connect(path)) as database:
        database.execute(f"PRAGMA journal_mode = {journal_mode}")
        database.execute("CREATE TABLE events (id INTEGER PRIMARY KEY, note TEXT)")
        database.execute("PRAGMA user_version = 1")
        database.commit()
        if journal_mode == "WAL":  # still in use, its log not merged
            database.execute("INSERT INTO events VALUES (1, 'theirs')")
            database.commit()
        error = refused(path, opener)
    assert "another application" in error.message
    assert "history-2.sqlite3" in error.next_step


@pytest.mark.parametrize("opener", OPENERS)
def test_an_empty_database_of_somebody_elses_is_left_alone(
    path: Path, opener: Callable[[Path], object]
) -> None:
    with closing(sqlite3.connect(path)) as database:
        database.execute("VACUUM")
    assert "another application" in refused(path, opener).message


# files of ours that can't be used


@pytest.mark.parametrize("opener", OPENERS)
def test_a_newer_file_is_left_alone(full: Path, opener: Callable[[Path], object]) -> None:
    with closing(sqlite3.connect(full)) as database:
        database.execute(f"PRAGMA user_version = {VERSION + 1}")
        database.execute("ALTER TABLE events ADD COLUMN note TEXT")
    error = refused(full, opener)
    assert "newer version" in error.message
    assert "Update" in error.next_step
    assert "history-2.sqlite3" in error.next_step


@pytest.mark.parametrize("opener", OPENERS)
def test_a_newer_file_whose_version_is_only_in_its_log(full: Path, opener: Callable[[Path], object]) -> None:
    with closing(connect(full, "rw")) as database:
        database.execute(f"PRAGMA user_version = {VERSION + 1}")
        killed = full.parent / "killed"
        killed.mkdir()
        for name in ("", "-wal"):
            shutil.copy(f"{full}{name}", killed)
    copy = killed / full.name
    before = {name: content for name, content in bytes_beside(copy).items() if not name.endswith("-shm")}
    with pytest.raises(HistoryError, match="newer version"):
        opener(copy)
    # The index of the log is nobody's data: SQLite makes it anew from the log.
    after = {name: content for name, content in bytes_beside(copy).items() if not name.endswith("-shm")}
    assert after == before


def test_a_reader_does_not_bring_an_older_file_up_to_date(path: Path) -> None:
    with closing(sqlite3.connect(path)) as database:
        database.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        database.execute("CREATE TABLE something (old TEXT)")
        database.commit()
    assert "older version" in refused(path, HistoryReader.open).message


@pytest.mark.parametrize("opener", OPENERS)
@pytest.mark.parametrize(
    "size", [99, 100, 511, 512, 4095, 4096, 5000, 8192, 20_000], ids=lambda size: f"{size} bytes left"
)
def test_a_truncated_file_is_damaged(full: Path, size: int, opener: Callable[[Path], object]) -> None:
    assert full.stat().st_size > 100_000
    os.truncate(full, size)
    error = refused(full, opener)
    assert "damaged" in error.message
    assert "history-2.sqlite3" in error.next_step


@pytest.mark.parametrize("place", [0, 16, 100, 103, 4096, 8192], ids=lambda place: f"at {place}")
def test_damage_in_the_first_pages_is_found(full: Path, place: int) -> None:
    edit(full, place, b"\xde\xad\xbe\xef" * 8)
    assert "damaged" in refused(full, HistoryWriter.open).message


def test_damage_in_the_middle_of_a_small_file_is_found(full: Path) -> None:
    pages = full.stat().st_size // 4096
    found = 0
    original = full.read_bytes()
    for page in range(2, pages, 5):
        full.write_bytes(original)
        edit(full, page * 4096, b"\xff" * 200)
        found += "damaged" in refused(full, HistoryWriter.open).message
    assert found == len(range(2, pages, 5))


@pytest.mark.parametrize("table", ["events", "connections", "totals", "certificates"])
@pytest.mark.parametrize("opener", OPENERS)
def test_a_missing_table_is_damage(full: Path, table: str, opener: Callable[[Path], object]) -> None:
    with closing(sqlite3.connect(full)) as database:
        database.execute(f"DROP TABLE {table}")
    assert "damaged" in refused(full, opener).message


@pytest.mark.parametrize("opener", OPENERS)
def test_emptied_totals_are_damage(full: Path, opener: Callable[[Path], object]) -> None:
    with closing(sqlite3.connect(full)) as database:
        database.execute("DELETE FROM totals")
        database.commit()
    assert "totals" in refused(full, opener).message


@pytest.mark.parametrize("emptied", [True, False])
def test_a_log_without_its_file_is_not_thrown_away(tmp_path: Path, path: Path, emptied: bool) -> None:
    with HistoryWriter.open(path) as writer:
        writer.add([push()])
        lost = tmp_path / "lost"
        lost.mkdir()
        shutil.copy(f"{path}-wal", lost)
    if emptied:
        (lost / path.name).touch()
    for opener in OPENERS:
        error = refused(lost / path.name, opener)
        assert "history.sqlite3-wal" in error.message
        assert "history-2.sqlite3" in error.next_step


def test_a_killed_writers_log_is_merged(tmp_path: Path, path: Path) -> None:
    with HistoryWriter.open(path) as writer:
        writer.add([push(), push()])
        killed = tmp_path / "killed"
        killed.mkdir()
        for name in ("", "-wal"):
            shutil.copy(f"{path}{name}", killed)
    with HistoryReader.open(killed / path.name) as reader:
        assert list(reader.ids()) == [1, 2]
    with HistoryWriter.open(killed / path.name) as writer:
        assert writer.add([push()])[0].id == 3


def test_a_creation_that_was_cut_short_is_begun_anew(tmp_path: Path, path: Path) -> None:
    """What a kill leaves while the first tables are written: the first page, and a journal that says that there was
    no page at all before."""
    HistoryWriter.open(path).close()
    cut = tmp_path / "cut" / path.name
    cut.parent.mkdir()
    cut.write_bytes(path.read_bytes()[:4096])
    header = bytes.fromhex("d9d505f920a163d7") + struct.pack(">5I", 0, 12345, 0, 512, 4096)
    Path(f"{cut}-journal").write_bytes(header.ljust(512, b"\0"))
    with HistoryWriter.open(cut) as writer:
        assert writer.add([push()])[0].id == 1


# the free name beside


@pytest.mark.parametrize(
    ("taken", "name", "fresh"),
    [
        ([], "history.sqlite3", "history-2.sqlite3"),
        (["history-2.sqlite3"], "history.sqlite3", "history-3.sqlite3"),
        (["history-2.sqlite3-wal", "history-3.sqlite3-journal"], "history.sqlite3", "history-4.sqlite3"),
        ([], "history-2.sqlite3", "history-3.sqlite3"),
        (["history-10.sqlite3"], "history-9.sqlite3", "history-11.sqlite3"),
        ([], "my-notes", "my-notes-2"),
        ([], "-5.sqlite3", "-5-2.sqlite3"),
        ([], "a.b.sqlite3", "a.b-2.sqlite3"),
    ],
)
def test_a_fresh_path_is_free(tmp_path: Path, taken: list[str], name: str, fresh: str) -> None:
    for each in taken:
        (tmp_path / each).touch()
    assert fresh_path_beside(tmp_path / name) == tmp_path / fresh


def test_a_dangling_link_is_not_free(tmp_path: Path) -> None:
    (tmp_path / "history-2.sqlite3").symlink_to(tmp_path / "nowhere")
    assert fresh_path_beside(tmp_path / "history.sqlite3").name == "history-3.sqlite3"


# read-only places, as a user who is not root


@pytest.fixture
def public(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder that other users can reach."""
    folder = Path(subprocess.check_output(["mktemp", "-d", "/tmp/history-test.XXXXXX"], text=True).strip())
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


def as_nobody(program: str, path: Path) -> str:
    """Run a program as a user who owns nothing; its output. Python itself may be root's, so it is left after."""
    done = subprocess.run(
        [sys.executable, "-c", program, str(path)],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


WRITE_AS_NOBODY = """
import os
import sys
from pathlib import Path
from inspector.errors import HistoryError
from inspector.history.store import HistoryWriter
os.setgroups([])
os.setgid(65534)
os.setuid(65534)
try:
    HistoryWriter.open(Path(sys.argv[1])).close()
except HistoryError as error:
    print(error.message, "|", error.next_step)
"""
READ_AS_NOBODY = """
import os
import sys
from pathlib import Path
from inspector.errors import HistoryError
from inspector.history.reader import HistoryReader
os.setgroups([])
os.setgid(65534)
os.setuid(65534)
try:
    with HistoryReader.open(Path(sys.argv[1])) as reader:
        print(list(reader.ids()), reader.rows(reader.ids())[0].message)
except HistoryError as error:
    print(error.message, "|", error.next_step)
"""

COPY_AS_NOBODY = """
import os
import sys
from pathlib import Path
from inspector.errors import HistoryError
from inspector.history.copying import save_copy
from inspector.history.reader import HistoryReader
here, there = Path(sys.argv[1]), Path(sys.argv[1]).parent / "copies" / "copy.sqlite3"
os.setgroups([])
os.setgid(65534)
os.setuid(65534)
try:
    save_copy(here, there)
    with HistoryReader.open(there) as reader:
        print(list(reader.ids()))
except HistoryError as error:
    print(error.message, "|", error.next_step)
"""


@needs_root
def test_a_read_only_folder_can_be_copied_from(public: Path) -> None:
    path = public / "history.sqlite3"
    with HistoryWriter.open(path) as writer:
        writer.add([push()])
    path.chmod(0o644)
    copies = public / "copies"
    copies.mkdir(0o700)
    assert f"Can't write {copies / 'copy.sqlite3'}: Permission denied" in as_nobody(COPY_AS_NOBODY, path)
    copies.chmod(0o777)
    assert as_nobody(COPY_AS_NOBODY, path) == "[1]"


@needs_root
def test_a_read_only_folder_can_be_read_but_not_written(public: Path) -> None:
    path = public / "history.sqlite3"
    assert "can't be made: Permission denied" in as_nobody(WRITE_AS_NOBODY, path)
    with HistoryWriter.open(path) as writer:
        writer.add([push()])
    path.chmod(0o644)
    assert as_nobody(READ_AS_NOBODY, path) == "[1] My Test: 123"
    said = as_nobody(WRITE_AS_NOBODY, path)
    assert f"the file {path} is read-only" in said
    assert "--home" in said
    path.chmod(0o666)
    assert f"the folder {public} is read-only" in as_nobody(WRITE_AS_NOBODY, path)
    assert [entry.name for entry in public.iterdir()] == [path.name]


@needs_root
def test_a_log_in_a_read_only_folder_is_not_ignored(public: Path) -> None:
    path = public / "history.sqlite3"
    with HistoryWriter.open(path) as writer:
        writer.add([push()])
        media = public / "media"
        media.mkdir()
        for name in ("", "-wal"):
            shutil.copy(f"{path}{name}", media)
            Path(f"{media / path.name}{name}").chmod(0o644)
    said = as_nobody(READ_AS_NOBODY, media / path.name)
    assert "is not merged" in said
    assert "Copy the file together with its log" in said


@needs_root
def test_a_file_of_another_users_is_not_ours_to_read(public: Path) -> None:
    path = public / "history.sqlite3"
    HistoryWriter.open(path).close()
    assert "can't be opened" in as_nobody(READ_AS_NOBODY, path)
    (public / "closed").mkdir(0o700)
    assert "Permission denied" in as_nobody(READ_AS_NOBODY, public / "closed" / "history.sqlite3")
