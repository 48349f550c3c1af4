"""Own payloads in a folder of plain files."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inspector.contract.push import Service
from inspector.errors import StateError, UsageError
from inspector.home import Home
from inspector.sender.kept.library import find_entry, open_payloads, search
from inspector.sender.kept.names import folded, slug
from inspector.sender.kept.payload import About, Stored, read_about, split_tags, write_about
from inspector.sender.kept.payload_files import export_files, import_files
from inspector.sender.kept.payloads import MOST_BYTES, Payloads, folder_of, use_folder
from inspector.sender.templates import find, names

IOS = find("ios").body


@pytest.fixture
def payloads(tmp_path: Path) -> Payloads:
    return Payloads(tmp_path / "payloads", reserved=names())


def test_a_folder_that_is_not_there_is_empty(payloads: Payloads) -> None:
    assert payloads.list() == ()
    assert not payloads.folder.exists()


@pytest.mark.parametrize("body", [IOS, b"", b"not \xff json\r\n\x00", b'{"a":1.10}', b"\xef\xbb\xbf{}"])
def test_a_body_is_kept_byte_for_byte(payloads: Payloads, body: bytes) -> None:
    kept = payloads.save("A first one", body, tags=("smoke", " brand  x ", "smoke"), note="Why.\nAnd how.\n")
    assert (payloads.folder / "a-first-one.json").read_bytes() == body
    assert (kept.name, kept.title, kept.tags, kept.note) == (
        "a-first-one", "A first one", ("smoke", "brand x"), "Why.\nAnd how.",
    )  # fmt: skip
    (again,) = Payloads(payloads.folder).list()
    assert again == kept
    assert again.body == body
    about = (payloads.folder / "a-first-one.about.json").read_text(encoding="utf-8")
    assert list(json.loads(about)) == ["title", "tags", "note"]
    assert about.endswith("}\n")


@pytest.mark.skipif(sys.platform == "win32", reason="modes are POSIX")
def test_nobody_else_reads_what_may_hold_a_token(payloads: Payloads) -> None:
    payloads.save("Mine", IOS)
    assert {path.stat().st_mode & 0o777 for path in payloads.folder.iterdir()} == {0o600}
    assert payloads.folder.stat().st_mode & 0o777 == 0o700


def test_what_others_put_there_shows_at_the_next_listing(payloads: Payloads) -> None:
    payloads.save("Mine", IOS)
    (payloads.folder / "dropped.json").write_bytes(find("fcm").body)
    (payloads.folder / ".hidden.json").write_bytes(IOS)
    (payloads.folder / "lone.about.json").write_bytes(b"{}")
    (payloads.folder / "README.md").write_bytes(b"# mine")
    (payloads.folder / "folder.json").mkdir()
    dropped, mine = payloads.list()
    assert (dropped.name, dropped.title, dropped.service, dropped.tags) == (
        "dropped",
        "dropped",
        Service.FCM,
        (),
    )
    assert mine.service is Service.APNS
    (payloads.folder / "dropped.json").write_bytes(find("huawei").body)
    os.utime(payloads.folder / "dropped.json", ns=(1, 1))
    (payloads.folder / "dropped.about.json").write_bytes(b'{"title": "Zed", "note": ""}')
    assert [(one.title, one.service) for one in payloads.list()] == [
        ("Mine", Service.APNS), ("Zed", Service.HUAWEI),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("about", "word"),
    [(b"{", "no JSON"), (b"[]", "object"), (b'{"tags": "x"}', "wrong type"), (b'{"title": 7}', "wrong type")],
)
def test_a_broken_sidecar_is_told_and_the_payload_is_listed(
    payloads: Payloads, about: bytes, word: str
) -> None:
    payloads.save("Mine", IOS)
    (payloads.folder / "mine.about.json").write_bytes(about)
    (payload,) = payloads.list()
    assert payload.body == IOS
    assert payload.title == "mine"
    assert word in payload.problem
    with pytest.raises(UsageError, match=word):
        payloads.describe("mine", title="Other")
    assert (payloads.folder / "mine.about.json").read_bytes() == about


def test_a_file_that_is_too_large_is_listed_and_told(payloads: Payloads) -> None:
    payloads.folder.mkdir()
    with (payloads.folder / "big.json").open("wb") as file:
        file.truncate(MOST_BYTES + 1)
    (big,) = payloads.list()
    assert big.body == b""
    assert "4,194,304" in big.problem
    with pytest.raises(UsageError, match="4,194,304"):
        payloads.find("big")


def test_what_is_too_large_to_be_at_hand_is_read_whole_where_it_is_wanted(payloads: Payloads) -> None:
    payloads.save("Mine", b"{}", note="a note")
    (payloads.folder / "mine.json").write_bytes(b" " * (MOST_BYTES + 1))
    (listed,) = payloads.list()
    assert listed.body == b""
    whole = payloads.whole(listed)
    assert len(whole.body) == whole.size == MOST_BYTES + 1
    assert whole.note == "a note"


def test_saving_over_and_deleting_can_be_undone(payloads: Payloads) -> None:
    payloads.save("Mine", IOS, tags=["a"])
    before = payloads.save_over("mine", b"{}")
    assert payloads.find("mine").body == b"{}"
    assert payloads.put_back(before, over=True).body == IOS
    (payloads.folder / "mine.about.json").write_bytes(b'{"x": 1, "title": "T"}')
    gone = payloads.delete("mine")
    assert list(payloads.folder.iterdir()) == []
    assert payloads.put_back(gone).title == "T"
    assert (payloads.folder / "mine.about.json").read_bytes() == b'{"x": 1, "title": "T"}'
    with pytest.raises(UsageError, match="already"):
        payloads.put_back(gone)


def test_titles_tags_and_notes_change_and_unknown_keys_stay(payloads: Payloads) -> None:
    payloads.save("Mine", IOS)
    (payloads.folder / "mine.about.json").write_bytes(b'{"owner": "Ada", "title": "Mine"}')
    renamed = payloads.describe("mine", title="Ours, now", tags=split_tags("a, b ,,c"))
    assert (renamed.name, renamed.title, renamed.tags) == ("ours-now", "Ours, now", ("a", "b", "c"))
    assert sorted(path.name for path in payloads.folder.iterdir()) == ["ours-now.about.json", "ours-now.json"]
    about = json.loads((payloads.folder / "ours-now.about.json").read_bytes())
    assert about == {"title": "Ours, now", "tags": ["a", "b", "c"], "note": "", "owner": "Ada"}
    assert payloads.describe("ours-now", note="Only this").tags == ("a", "b", "c")
    assert payloads.duplicate("ours-now").title == "Ours, now copy"
    assert payloads.duplicate("ours-now", "Second").name == "second"


@pytest.mark.parametrize("title", ["", "  ", "x" * 121, "a\x07b"])
def test_a_title_that_can_not_be_is_refused(payloads: Payloads, title: str) -> None:
    with pytest.raises(UsageError, match="title"):
        payloads.save(title, IOS)
    assert payloads.list() == ()


def test_what_is_not_there_is_said(payloads: Payloads) -> None:
    for deed in (payloads.find, payloads.delete, payloads.stored, payloads.duplicate):
        with pytest.raises(UsageError, match="no payload"):
            deed("../../etc/passwd")
    payloads.save("Some Title", IOS)
    assert payloads.find("SOME title").name == "some-title"


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_can_not_be_written_is_said(payloads: Payloads) -> None:
    payloads.folder.mkdir(mode=0o500)
    with pytest.raises(StateError, match="can't be written"):
        payloads.save("Mine", IOS)


def test_a_file_in_the_folder_s_place_is_said(payloads: Payloads) -> None:
    payloads.folder.write_bytes(b"")
    with pytest.raises(StateError, match="can't be read"):
        payloads.list()


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("iOS: VIP, step 2!", "ios-vip-step-2"),
        ("Grüße an ÀÉ", "grüße-an-àé"),
        ("שלום", "שלום"),
        ("../../etc/passwd", "etc-passwd"),
        ("con", "con-payload"),
        ("LPT1", "lpt1-payload"),
        ("🎉", "payload"),
        ("x" * 120, "x" * 60),
        (".hidden.about", "hidden-about"),
    ],
)
def test_names_of_files(title: str, name: str) -> None:
    assert slug(title) == name


def test_names_do_not_clash_where_a_file_system_folds_them(payloads: Payloads) -> None:
    assert payloads.save("Straße", IOS).name == "straße"
    assert payloads.save("STRASSE", IOS).name == "strasse-2"
    assert payloads.save("iOS", IOS).name == "ios-2", "a template has the other one"


@settings(max_examples=100)
@given(st.text(max_size=130), st.lists(st.text(max_size=10), max_size=4))
def test_any_title_makes_a_name_of_its_own(title: str, others: list[str]) -> None:
    taken = {folded(slug(other)) for other in others}
    name = slug(title, taken)
    assert folded(name) not in taken
    assert name
    assert not set(name) & set('/\\:*?"<>|. \n\x00')
    assert len(name.encode("utf-8", "surrogatepass")) < 200


@settings(max_examples=60)
@given(st.text(max_size=20), st.lists(st.text(max_size=5), max_size=3), st.text(max_size=20))
def test_a_sidecar_reads_back_as_written(title: str, tags: list[str], note: str) -> None:
    from inspector.contract.characters import clean

    about = About(clean(title), tuple(map(clean, tags)), clean(note), {"x": [1, None]})
    assert read_about(write_about(about)) == about


def test_the_library_searches_all_there_is(payloads: Payloads) -> None:
    payloads.save("VIP customer", find("fcm").body, tags=["smoke"], note="For the release")
    entries = open_payloads(payloads)
    assert entries[0].own
    assert len(entries) == 1 + len(names())
    assert [one.name for one in search(entries, "SMOKE vip")] == ["vip-customer"]
    assert search(entries, "release own")[0].name == "vip-customer"
    assert {one.name for one in search(entries, "proactive fcm")} >= {"fcm-proactive"}
    assert search(entries, "loc-key")[0].name == "ios-localized"
    assert search(entries, "nothing at all like this") == ()
    assert search(entries, "") == entries


def test_a_source_is_a_template_or_an_own_payload(payloads: Payloads) -> None:
    payloads.save("Mine", b"{}")
    (payloads.folder / "ios.json").write_bytes(b"[]")
    assert find_entry("ios", payloads).body == IOS
    assert find_entry("own:ios", payloads).body == b"[]"
    assert find_entry("mine", payloads).body == b"{}"
    entries = {one.name: one for one in open_payloads(payloads) if one.own}
    assert entries["ios"].source == "own:ios"
    assert "own:ios" in entries["ios"].problem
    with pytest.raises(UsageError, match="template or payload"):
        find_entry("iosx", payloads)


def test_export_and_import_bring_all_along(payloads: Payloads, tmp_path: Path) -> None:
    payloads.save("One", b"\xff", tags=["t"], note="n")
    payloads.save("Two", IOS)
    out = tmp_path / "out"
    assert len(export_files(payloads.list(), out)) == 2
    assert len(export_files(payloads.list()[:1], out)) == 1, "never over what is there"
    assert (out / "one-2.json").read_bytes() == b"\xff"
    there = Payloads(tmp_path / "there")
    done = import_files(there, [out])
    assert {(one.title, one.body, one.tags, one.note) for one in there.list()} == {
        ("One", b"\xff", ("t",), "n"), ("Two", IOS, (), ""),
    }  # fmt: skip
    assert len(done.payloads) == 2
    assert done.left_out == ("one-2.json: here already.",)
    again = import_files(there, [out / "two.json"])
    assert again.left_out == ("two.json: here already.",)
    with pytest.raises(UsageError, match="no file"):
        import_files(there, [tmp_path / "gone.json"])
    with pytest.raises(UsageError, match=r"no \.json"):
        import_files(there, [])


def test_another_folder_may_be_chosen(home: Home, tmp_path: Path) -> None:
    assert folder_of(home) == home.data / "payloads"
    checkout = tmp_path / "checkout"
    with pytest.raises(UsageError, match="no folder"):
        use_folder(home, checkout)
    checkout.mkdir()
    assert use_folder(home, checkout) == checkout == folder_of(home)
    assert use_folder(home, None) == home.data / "payloads"


def test_a_stored_payload_shows_no_body() -> None:
    assert "hush" not in repr(Stored("a", b"hush", b"hush"))
