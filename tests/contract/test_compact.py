"""A document as a program sends it."""

from __future__ import annotations

import json

from hypothesis import given, settings
from hypothesis import strategies as st

from inspector.contract.compact import byte_length, compact
from inspector.contract.decode import decode
from inspector.contract.verbatim import Verbatim

VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@settings(max_examples=100, deadline=None)
@given(VALUES)
def test_it_is_the_same_document(value: object) -> None:
    text = compact(value)
    assert json.loads(text) == value
    assert byte_length(text) == len(text.encode())


def test_there_is_no_white_space_and_emoji_stay() -> None:
    assert compact({"a": [1, "é 😀"]}) == '{"a":[1,"é 😀"]}'


def test_half_a_pair_is_escaped_so_that_it_fits_utf_8() -> None:
    assert compact({"a": "x\ud83dy"}) == '{"a":"x\\ud83dy"}'
    assert byte_length("\ud83d") == 3


def test_what_python_can_not_hold_is_written_as_it_was() -> None:
    raw = b'{"a":1e999,"b":["verbatim0;",-1E+400],"c":' + b"9" * 700 + b"}"
    assert compact(decode(raw).value) == raw.decode()
    assert compact({"verbatim": Verbatim("[[]]")}) == '{"verbatim":[[]]}'
