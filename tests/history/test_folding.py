"""Text made equal for searching."""

from __future__ import annotations

import json

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from inspector.history.folding import SEPARATOR, fold, fold_all, fold_body, is_plain
from tests.history.examples import anything


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("HELLO", "hello"),
        ("ÉCOLE", "école"),
        ("e\u0301cole", "école"),
        ("Straße", "STRASSE"),
        ("ПРИВЕТ", "привет"),
        ("ΣΊΣΥΦΟΣ", "Σίσυφος"),
        ("\u212a", "k"),
        ("\ufb01ne", "FINE"),
        ("a\0b", "A\ufffdB"),
        ("\ud83d", "\ufffd"),
    ],
)
def test_what_looks_alike_is_equal(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@given(anything)
def test_folding_twice_changes_nothing_and_sqlite_can_keep_it(text: str) -> None:
    folded = fold(text)
    assert fold(folded) == folded
    assert "\0" not in folded
    folded.encode()


@given(anything, st.text(st.characters(max_codepoint=127), min_size=1, max_size=2))
@example("Ecole e\u0301", "e")
def test_what_ascii_finds_in_a_text_it_finds_in_the_folded_text(text: str, part: str) -> None:
    lowered = "".join(letter.lower() if letter.isascii() else letter for letter in text)
    if part.lower() in lowered:
        assert fold(part) in fold(text)


@pytest.mark.parametrize(
    ("body", "plain"),
    [
        (b"", True),
        (b'{"alert":"Hi"}', True),
        (b'{"alert":"line\\nbreak and \\"quotes\\""}', True),
        (b'{"alert":"caf\\u00e9"}', False),
        (b'{"url":"https:\\/\\/x"}', False),
        (b'{"payload":"{\\"alert\\":\\"caf\\\\u00e9\\"}"}', False),
        ("é".encode(), False),
        (b"\xff", False),
        (b"a\0b", False),
    ],
)
def test_plain_bodies_need_no_folding(body: bytes, plain: bool) -> None:
    assert is_plain(body) is plain


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ('{"alert":"Grüße"}'.encode(), ["grüsse", "GRÜSSE"]),
        (b'{"alert":"caf\\u00e9 \\ud83d\\ude00"}', ["Café", "😀", "\\u00E9"]),
        (b'{"url":"https:\\/\\/example.com"}', ["https://example.com", "https:\\/\\/"]),
        (json.dumps({"payload": json.dumps({"alert": "é ☂"})}).encode(), ['"alert": "É ☂"']),
        ('{"alert":"Grüße"}'.encode("latin-1"), ["grüße"]),
        ('{"alert":"Grüße"}'.encode("utf-16-le"), ["grüße"]),
        ('{"alert":"Grüße"}'.encode("utf-16"), ["grüße"]),
        (b"abc\0def", ["ABC", "def"]),
        (b'"\\ud800 alone"', ["alone"]),
    ],
)
def test_bodies_are_searched_as_they_read_and_as_they_are(body: bytes, found: list[str]) -> None:
    for text in found:
        assert fold(text) in fold_body(body)


@given(st.binary())
@example(b"\0")
@example(b"\\u")
@example(b'\\ud83d\\ude00\\ud83d"\\')
def test_any_bytes_can_be_folded(body: bytes) -> None:
    fold_body(body).encode()


def test_nothing_is_found_across_two_texts() -> None:
    folded = fold_all(["Ab", None, "", "cD"], [b"\xc3\xa9f"])
    assert folded.split(SEPARATOR) == ["ab", "cd", fold("éf")]
