"""Script files: what is written is read again, and what is wrong is said."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings

from inspector.contract.push import Service
from inspector.errors import UsageError
from inspector.sender.player.script import Devices, Script, read_script, write_script
from inspector.sender.player.scripts import built_in, find_script
from tests.sender.player.test_play import scripts

LEAST: dict[str, Any] = {"format": "push-inspector-script", "version": 1, "devices": [{"service": "apns"}]}


@settings(max_examples=60, deadline=None)
@given(scripts())
def test_what_is_written_is_read_again(script: Script) -> None:
    assert read_script(write_script(script).encode(), "x.json") == script


@pytest.mark.parametrize("script", built_in(), ids=lambda script: script.name)
def test_built_in_scripts_are_files_too(script: Script, tmp_path: Path) -> None:
    file = tmp_path / "mine.json"
    file.write_text(write_script(script), encoding="utf-8")
    assert find_script(str(file)) == find_script(script.name) == script


def test_the_least_there_may_be() -> None:
    assert read_script(json.dumps(LEAST).encode(), "x.json") == Script(
        devices=(Devices(service=Service.APNS),)
    )


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"devices": []}, "devices"),
        ({"devices": [{"service": "unknown"}]}, "devices.0.service"),
        ({"devices": [{"service": "apns", "count": 0}]}, "devices.0.count"),
        ({"devices": [{"service": "apns", "count": "2"}]}, "devices.0.count"),
        ({"pauses": 1}, "pauses"),
        ({"pause": {"least": 2, "most": 1}}, "pause: most is less than least"),
        ({"pause": {"least": float("nan"), "most": 1}}, "pause.least"),
        ({"devices_each": 2}, "devices_each is 2, but there are 1 devices"),
        ({"conversations": 400_000, "pushes": 400_000}, "at most 500,000"),
        ({"out_of_order": 1.5}, "out_of_order"),
        ({"texts": [""]}, "texts.0"),
        ({"texts": ["\ud800"]}, "x.json can't be played"),
        ({"version": 2}, "version"),
        (
            {"devices": [{"service": "x"}]},
            "devices.0.service: it can't have that value, but apns, fcm or huawei",
        ),
        ({"nope": 1}, "nope: a script has no such field"),
        ({"devices": 1}, "devices: it must be a list"),
        ({"format": "har"}, "format"),
    ],
)
def test_what_is_wrong_is_named(change: dict[str, Any], words: str) -> None:
    with pytest.raises(UsageError) as caught:
        read_script(json.dumps(LEAST | change).encode(), "x.json")
    assert words in caught.value.message
    assert caught.value.next_step
    assert "\n" not in caught.value.message


@pytest.mark.parametrize("text", [b"", b"{", b"[]", b"{}", b"1", b"\xff\xfe\x00", b"[" * 200_000])
def test_what_is_no_script(text: bytes) -> None:
    with pytest.raises(UsageError):
        read_script(text, "x.json")


@pytest.mark.parametrize("source", ["short-chatt", "nothing-like-it", "missing.json", "/"])
def test_no_such_script(source: str) -> None:
    with pytest.raises(UsageError) as caught:
        find_script(source)
    assert "short-chat" in caught.value.next_step
