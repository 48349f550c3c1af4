"""What is odd about the pushes of one conversation, in sentences with the figures. Pure; imports the contract's words
and the conversation's records.

A stream is what one device gets: pushes of one direction, service and device token, within one dialog. Each stream
counts for itself, as one message goes to every device: the same sequence to two of them is no repeat. A retry is no
finding as long as the attempt before it asked for it, by a 5xx or by no answer.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from inspector.contract.push import Service, Severity
from inspector.history.conversation_model import ConversationPush
from inspector.history.model import Direction

MOST_NAMED = 3  # sequences or pushes that a sentence names one by one


class FindingCode(StrEnum):
    """What kind of finding it is."""

    GAP = "sequence_gap"
    STEP_BACK = "sequence_step_back"
    REPEAT = "sequence_repeat"
    CONFLICT = "text_conflict"
    BADGE_FALLS = "badge_falls"
    OUT_OF_STEP = "out_of_step"


@dataclass(frozen=True, slots=True)
class ConversationFinding:
    """One finding: the pushes it is about, the one to look at last, and the service of their stream (None where they
    are of several)."""

    code: FindingCode
    severity: Severity
    ids: tuple[int, ...]
    sentence: str
    service: Service | None = None


def find(pushes: Iterable[ConversationPush]) -> tuple[ConversationFinding, ...]:
    """All findings of a conversation's pushes, given in the order they came, by the push that shows them."""
    streams: dict[tuple[str, ...], _Stream] = {}
    dialogs: dict[tuple[str, ...], str] = {}
    found: list[ConversationFinding] = []
    for push in pushes:
        device = (push.direction.value, push.service.value, push.device)
        # A push without a dialog (older traffic has none) belongs to the one that its device is in.
        dialog = dialogs[device] = push.dialog_id or dialogs.get(device, "")
        stream = streams.get((*device, dialog))
        if stream is None:
            stream = streams[(*device, dialog)] = _Stream()
        found += stream.take(push)
    for stream in streams.values():
        found += stream.gaps()
        found += stream.conflicts()
    found += _out_of_step(streams)
    return tuple(sorted(found, key=lambda finding: (finding.ids[-1], finding.code)))


class _Stream:
    """What one device has got so far."""

    def __init__(self) -> None:
        self.highest: ConversationPush | None = None  # of those with a sequence
        self._in_order: ConversationPush | None = None  # the last one that was neither a retry nor late
        self._seen: list[int] = []  # sequences, ascending
        self._last: dict[int, ConversationPush] = {}
        self._texts: dict[int, dict[bytes | None, list[ConversationPush]]] = {}
        self._jumps: list[tuple[ConversationPush, ConversationPush]] = []

    def take(self, push: ConversationPush) -> Iterator[ConversationFinding]:
        sequence = push.sequence
        if sequence is None:
            yield from self._badge(push)
            self._in_order = push
            return
        before = self._last.get(sequence)
        highest = self.highest
        if before is not None:
            texts = self._texts[sequence]
            if push.text_key in texts:
                yield from _repeat(before, push)
            texts.setdefault(push.text_key, []).append(push)
        else:
            insort(self._seen, sequence)
            self._texts[sequence] = {push.text_key: [push]}
            if highest is not None and highest.sequence is not None:
                if sequence < highest.sequence:
                    yield _finding(
                        FindingCode.STEP_BACK,
                        (highest, push),
                        f"Sequence steps back from {highest.sequence} to {sequence}",
                    )
                elif sequence > highest.sequence + 1:
                    self._jumps.append((highest, push))
        if highest is None or highest.sequence is None or sequence > highest.sequence:
            self.highest = push
            yield from self._badge(push)
            self._in_order = push
        self._last[sequence] = push

    def _badge(self, push: ConversationPush) -> Iterator[ConversationFinding]:
        """A badge of 0 says that the consumer has read; a fall to anything else does not."""
        before = self._in_order
        if before is None or before.badge is None or push.badge is None or not 0 < push.badge < before.badge:
            return
        yield _finding(
            FindingCode.BADGE_FALLS,
            (before, push),
            f"Badge falls from {before.badge} to {push.badge} although nothing says the consumer has read",
        )

    def gaps(self) -> Iterator[ConversationFinding]:
        """The jumps over sequences that did not come later either."""
        for before, after in self._jumps:
            assert before.sequence is not None
            assert after.sequence is not None
            low, high = before.sequence + 1, after.sequence - 1
            between = self._seen[bisect_left(self._seen, low) : bisect_left(self._seen, after.sequence)]
            missing = high - low + 1 - len(between)
            if missing:
                words = f"{_missing_words(low, high, between, missing)} never came"
                jump = f"Sequence jumps from {before.sequence} to {after.sequence}"
                yield _finding(FindingCode.GAP, (before, after), f"{jump}: {words}")

    def conflicts(self) -> Iterator[ConversationFinding]:
        for sequence, texts in self._texts.items():
            if len(texts) > 1:
                firsts = [pushes[0] for pushes in texts.values()]
                count = "two" if len(texts) == 2 else f"{len(texts)}"
                yield _finding(
                    FindingCode.CONFLICT,
                    firsts,
                    f"Sequence {sequence} came with {count} texts ({_numbers(firsts)})",
                    Severity.ERROR,
                )


def _repeat(before: ConversationPush, push: ConversationPush) -> Iterator[ConversationFinding]:
    """The same text again: a retry, unless the answer before was final or it is not counted as an attempt."""
    verb = "came" if push.direction is Direction.IN else "was sent"
    if before.accepted:
        why = f"{verb} again although it was accepted"
    elif before.status is not None and 400 <= before.status < 500:
        why = f"{verb} again although {before.status} is final"
    elif push.attempt > 1:
        return
    else:
        why = f"{verb} twice"
    yield _finding(
        FindingCode.REPEAT,
        (before, push),
        f"Sequence {push.sequence} {why} ({_numbers((before, push))})",
    )


def _out_of_step(streams: dict[tuple[str, ...], _Stream]) -> Iterator[ConversationFinding]:
    """Services that have not got as far as another one, for each direction and dialog."""
    groups: dict[tuple[str, str], dict[str, ConversationPush]] = {}
    for (direction, service, _device, dialog), stream in streams.items():
        highest = stream.highest
        if highest is None or service == Service.UNKNOWN:
            continue
        group = groups.setdefault((direction, dialog), {})
        other = group.get(service)
        if other is None or _sequence(other) < _sequence(highest):
            group[service] = highest
    for group in groups.values():
        order = sorted(group.values(), key=_sequence, reverse=True)
        if len(order) > 1 and _sequence(order[0]) != _sequence(order[-1]):
            places = [f"{push.service.label} is at {push.sequence}" for push in order[:1]]
            places += [f"{push.service.label} at {push.sequence}" for push in order[1:]]
            words = ", ".join(places)
            pushes = sorted(order, key=lambda push: push.id)
            yield _finding(FindingCode.OUT_OF_STEP, pushes, words)


def _finding(
    code: FindingCode,
    pushes: Sequence[ConversationPush],
    sentence: str,
    severity: Severity = Severity.WARNING,
) -> ConversationFinding:
    service = None if code is FindingCode.OUT_OF_STEP else pushes[-1].service
    return ConversationFinding(code, severity, tuple(push.id for push in pushes), sentence, service)


def _sequence(push: ConversationPush) -> int:
    assert push.sequence is not None  # it is the highest of its stream
    return push.sequence


def _numbers(pushes: Sequence[ConversationPush]) -> str:
    named = ", ".join(f"#{push.id}" for push in pushes[:MOST_NAMED])
    return named if len(pushes) <= MOST_NAMED else f"{named} …"


def _missing_words(low: int, high: int, between: Sequence[int], missing: int) -> str:
    """What did not come out of `low` to `high`, of which `between` did; the range may be very long."""
    if missing == high - low + 1 and missing > 2:
        return f"{low} to {high}"
    came = set(between)
    named: list[str] = []
    for sequence in range(low, low + len(between) + MOST_NAMED):
        if sequence <= high and sequence not in came and len(named) < MOST_NAMED:
            named.append(str(sequence))
    if missing > MOST_NAMED:
        return f"{', '.join(named)} and {missing - MOST_NAMED:,} more"
    return named[0] if missing == 1 else f"{', '.join(named[:-1])} and {named[-1]}"
