"""The values of one run."""

from __future__ import annotations

import json

from inspector.contract.variables import resolve
from inspector.sender.kept.series import Series

TEXT = '[{{seq}},{{badge}},"{{uuid}}","{{uuid c}}","{{env A}}"]'


def test_what_is_peeked_at_is_what_is_sent() -> None:
    series = Series({"A": "x"}, seq_start=7)
    shown = resolve(TEXT, series.peek()).text
    assert resolve(TEXT, series.peek()).text == shown, "looking uses nothing up"
    assert resolve(TEXT, series.next()).text == shown
    first, second = json.loads(shown), json.loads(resolve(TEXT, series.next()).text)
    assert (first[0], second[0], first[1], second[1]) == (7, 8, 1, 2)
    assert first[2] != second[2]
    assert first[3] == second[3]
    assert resolve(TEXT, series.at(0)).text == shown


def test_another_environment_and_a_new_run() -> None:
    series = Series({"A": "x"})
    series.next()
    series.use({"A": "y"}, frozenset({"A"}))
    there = json.loads(resolve(TEXT, series.peek()).text)
    assert (there[0], there[4]) == (2, "y")
    assert series.peek().secrets == {"A"}
    series.restart()
    anew = json.loads(resolve(TEXT, series.peek()).text)
    assert anew[0] == 1
    assert anew[3] != there[3]
