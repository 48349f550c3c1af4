"""Problems are bounded, and the worst are kept."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from inspector.contract.findings import MAX_PROBLEMS, Findings
from inspector.contract.push import Severity


@given(st.lists(st.tuples(st.sampled_from(Severity), st.integers(1, 130)), max_size=6))
def test_the_worst_are_kept_in_the_order_they_were_found(runs: list[tuple[Severity, int]]) -> None:
    findings = Findings()
    found = [(severity, number) for severity, count in runs for number in range(count)]
    for place, (severity, _) in enumerate(found):
        findings.add("code", severity, (place,), "{path} is odd.")
    result = findings.result()
    assert len(result) == min(len(found), MAX_PROBLEMS)
    listed = [problem for problem in result if problem.code == "code"]
    places = [int(problem.path[1:-1]) for problem in listed]
    assert places == sorted(places)
    if len(found) > MAX_PROBLEMS:
        assert result[-1].code == "more_problems"
        assert f"{len(found) - MAX_PROBLEMS + 1} more" in result[-1].message
        order = list(Severity)
        ranks = sorted(order.index(severity) for severity, _ in found)[: MAX_PROBLEMS - 1]
        assert sorted(order.index(problem.severity) for problem in listed) == ranks


def test_words_are_filled_in() -> None:
    findings = Findings()
    findings.add("a", Severity.INFO, (), "{path} is {what}.", what="{path}")
    findings.add("b", Severity.INFO, ("{x}",), "{path} is odd.")
    findings.add("c", Severity.INFO, ("x" * 1000,), "{path} is odd.")
    assert [(problem.path, problem.message) for problem in findings.result()] == [
        ("", "The body is {path}."),
        ('["{x}"]', '["{x}"] is odd.'),
        ("", "A value within the body is odd."),
    ]
