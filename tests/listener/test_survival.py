"""A listener that is killed, or whose disk is full: nothing that was answered 200 is lost. The short form of
`tests/benchmarks/survival.py`."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.benchmarks.stage import Stage, set_stage
from tests.benchmarks.survival import kills, outage

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="processes can't be killed so there")


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    return set_stage(tmp_path / "stage")


def test_ten_kills_lose_nothing(stage: Stage) -> None:
    found = list(kills(stage, 10))
    assert [kill.lost for kill in found] == [()] * 10
    assert sum(kill.acknowledged for kill in found) > 100


def test_a_full_disk_is_told_and_outlived(stage: Stage, tmp_path: Path) -> None:
    try:
        found = outage(stage, tmp_path / "disk")
    except OSError as error:
        pytest.skip(f"only root on Linux can mount a small file system: {error}")
    assert found.lost == ()
    assert (found.before >= 20, found.refused, found.after >= 20) == (True, 6, True)
    told, again = (line for line in found.said.splitlines() if "answered" in line)
    assert "full" in told
    assert "500" in told
    assert "can be written again" in again
