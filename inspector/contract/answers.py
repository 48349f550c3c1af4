"""What an answer's status means to the pusher. Pure; imports nothing of the package.

Source: LivePerson's developer documentation, which names four statuses and when a push is sent again. Whether
the first attempt counts among the four is not documented.
"""

from __future__ import annotations

RETRY_INTERVAL_SECONDS = 10.0
RETRY_ATTEMPTS = 4

DOCUMENTED: tuple[tuple[int, str], ...] = (
    (200, "accepted"),
    (401, "service token or auth key denied"),
    (403, "this user's token cannot receive pushes"),
    (500, "error while processing"),
)
"""The documented statuses and their meaning, in the documents' order."""

_MEANINGS = dict(DOCUMENTED)


def meaning(status: int) -> str:
    """What a status means to the pusher, in a few words, for any number."""
    if will_retry(status):
        return f"{_MEANINGS.get(status, 'error of the endpoint')}, sent again"
    if 400 <= status <= 499:
        return f"{_MEANINGS.get(status, 'refused')}, final"
    if status in _MEANINGS:
        return _MEANINGS[status]
    if 200 <= status <= 299:
        return "not documented; only 200 is known to mean accepted"
    if 300 <= status <= 399:
        return "not documented; the pusher is not known to follow redirects"
    if 100 <= status <= 199:
        return "not a final answer"
    return "not an HTTP status"


def will_retry(status: int) -> bool:
    """Whether the pusher sends the same push again after this status (as it does after a network error)."""
    return 500 <= status <= 599
