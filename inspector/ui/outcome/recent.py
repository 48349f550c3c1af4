"""The last results of sendings, to compare with. Imports the sender's records."""

from __future__ import annotations

from collections import deque

from inspector.sender.model import SendResult

MOST_RESULTS = 20


class Recent:
    """The last results, the newest last."""

    def __init__(self) -> None:
        self.results: deque[SendResult] = deque(maxlen=MOST_RESULTS)

    def add(self, result: SendResult) -> None:
        """Keep one more; the oldest goes where there are too many."""
        if not any(one is result for one in self.results):
            self.results.append(result)

    def others(self, result: SendResult) -> tuple[SendResult, ...]:
        """The other ones, the newest before `result` first, then those that came after it."""
        place = next((place for place, one in enumerate(self.results) if one is result), len(self.results))
        known = tuple(self.results)
        return (*reversed(known[:place]), *reversed(known[place + 1 :]))
