"""A check in a few words. Pure; imports the records of the check."""

from __future__ import annotations

from inspector.sender.connection_check import ConnectionCheck, Step, StepState

STATE_WORDS = {
    StepState.OK: "ok",
    StepState.WARNING: "warning",
    StepState.FAILED: "failed",
    StepState.SKIPPED: "skipped",
}


def headline(check: ConnectionCheck) -> str:
    """Whether a push would get through."""
    if check.cancelled:
        return "Check cancelled"
    if check.state is StepState.FAILED:
        return "No push would get through"
    return "A push would get through" if check.state is StepState.OK else "A push would get through, but look"


def counted(check: ConnectionCheck) -> str:
    """How many steps went how."""
    parts = []
    for state in (StepState.FAILED, StepState.WARNING, StepState.OK, StepState.SKIPPED):
        if count := sum(step.state is state for step in check.steps):
            word = "warnings" if state is StepState.WARNING and count > 1 else STATE_WORDS[state]
            parts.append(f"{count} {word}")
    return ", ".join(parts)


def total(check: ConnectionCheck) -> float | None:
    """Milliseconds until the connection stood, as far as it came."""
    spent = [
        one for one in (check.timings.resolve, check.timings.connect, check.timings.tls) if one is not None
    ]
    return sum(spent) if spent else None


def spoken(step: Step) -> str:
    """A step for who does not see its icon."""
    return f"{step.title}: {STATE_WORDS[step.state]}. {step.headline}"
