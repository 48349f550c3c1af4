"""The log file: where it is, whom it is for, and what happens when it can't be had."""

from __future__ import annotations

import logging
import shutil
import stat
from collections.abc import Iterator

import pytest

from inspector import log
from inspector.home import Home


@pytest.fixture(autouse=True)
def closed_afterwards() -> Iterator[None]:
    yield
    log.tear_down()


def test_a_traceback_goes_to_a_file_that_only_its_owner_reads(home: Home) -> None:
    log.set_up(home)
    error = ValueError("what happened")
    log.unexpected(ValueError, error, error.__traceback__)
    assert "what happened" in home.log_file.read_text()
    assert stat.S_IMODE(home.log_file.stat().st_mode) == 0o600


def test_setting_up_twice_logs_once(home: Home) -> None:
    log.set_up(home)
    log.set_up(home)
    logging.getLogger("inspector.test").warning("only once")
    assert home.log_file.read_text().count("only once") == 1


def test_a_lost_log_is_no_trouble(home: Home, capfd: pytest.CaptureFixture[str]) -> None:
    log.set_up(home)
    shutil.rmtree(home.data)
    logging.getLogger("inspector.test").warning("nowhere to go")
    assert capfd.readouterr() == ("", "")


def test_a_home_that_can_not_be_written_logs_nowhere(home: Home, capfd: pytest.CaptureFixture[str]) -> None:
    home.data.write_text("a file in the way")
    log.set_up(home)
    logging.getLogger("inspector.test").warning("nowhere to go")
    assert capfd.readouterr() == ("", "")
