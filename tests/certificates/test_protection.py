from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inspector.certificates.passphrase import PassphraseKind
from inspector.certificates.protection import Protection, protect, unlock

KIND = PassphraseKind.PASSPHRASE


def test_a_passphrase_opens_what_it_locked_and_another_does_not() -> None:
    protection, password = protect(KIND, "", "right")
    assert unlock(protection, "right") == password
    assert unlock(protection, "Right") is None
    assert unlock(replace(protection, verifier=bytes(32)), "right") is None
    assert len(password) == 64
    assert protect(KIND, "", "right")[1] != password


@settings(max_examples=10)
@given(st.text(min_size=1))
def test_any_text_is_a_passphrase(text: str) -> None:
    protection, password = protect(KIND, "", text)
    assert unlock(protection, text) == password


def test_what_an_environment_that_is_no_utf_8_holds_is_a_passphrase_too() -> None:
    protection, password = protect(KIND, "", "gr\udcfc\udcdfe")
    assert unlock(protection, "gr\udcfc\udcdfe") == password


@pytest.mark.parametrize(
    "fields",
    [
        {"n": 2**13},
        {"n": 2**15 + 1},
        {"n": 2**30},
        {"r": 0},
        {"r": 33},
        {"p": 0},
        {"p": 17},
        {"salt": b"short"},
    ],
)
def test_a_cost_that_is_none_or_ruinous_is_refused(fields: dict[str, int]) -> None:
    sound = Protection(KIND, "", 2**15, 8, 1, bytes(16), bytes(32))
    with pytest.raises(ValueError, match="out of range"):
        replace(sound, **fields)  # type: ignore[arg-type] # meant to be wrong


def test_the_cost_of_a_guess() -> None:
    """In a process of its own: the other tests make it cheap."""
    code = "from inspector.certificates import protection; print(protection._COST)"
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={"PYTHONPATH": str(Path.cwd())},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == "(32768, 8, 1)"
