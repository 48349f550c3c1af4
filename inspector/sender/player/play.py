"""A script laid out: which push is due when, and what its body is. Pure; imports `run_plan` and the player's own
parts."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from random import Random
from uuid import UUID

from inspector.sender.player.bodies import Conversation, Device, make_body, make_token
from inspector.sender.player.script import Script
from inspector.sender.run_plan import Plan, at_times


class Why(StrEnum):
    """Why a push is sent: in its turn, behind the one after it, again as a retry, or twice at once."""

    TURN = "turn"
    LATE = "late"
    RETRY = "retry"
    DUPLICATE = "duplicate"


@dataclass(frozen=True, slots=True)
class Move:
    """One push of the exchange. `due` is seconds from the beginning, `conversation` and `device` are places in lists,
    `sequence` is the message's."""

    due: float
    conversation: int
    device: int
    sequence: int
    why: Why


@dataclass(frozen=True, slots=True)
class Exchange:
    """What a script comes to. `moves` are in the order in which they are due."""

    script: Script
    conversations: tuple[Conversation, ...]
    moves: tuple[Move, ...]

    def body(self, number: int) -> bytes:
        """The body of one move."""
        move = self.moves[number]
        conversation = self.conversations[move.conversation]
        text = self.script.texts[(move.conversation + move.sequence - 1) % len(self.script.texts)]
        return make_body(conversation, conversation.devices[move.device], text, move.sequence)

    def plan(self, speed: float = 1.0) -> Plan:
        """The exchange as a run sends it, `speed` times as fast as it is written. Raises UsageError for no speed.

        With one connection all comes in this order. With several, one push may overtake another where an answer takes
        longer than the pause between them, as on a real network.
        """
        return at_times([move.due for move in self.moves], self.body, speed=speed)


def play(script: Script) -> Exchange:
    """Lay a script out. The same script, with the same seed, always comes to the same exchange."""
    chance = Random(script.seed)  # noqa: S311 - it shall be the same again, nothing secret comes of it
    conversations = _conversations(script, chance)
    moves: list[tuple[float, int, Move]] = []
    for place, conversation in enumerate(conversations):
        begins = chance.uniform(0, script.spread)
        dues = [begins]
        for _ in range(script.pushes - 1):
            dues.append(dues[-1] + chance.uniform(script.pause.least, script.pause.most))
        for device in range(len(conversation.devices)):
            for move in _stream(script, chance, place, device, dues):
                moves.append((move.due, len(moves), move))
    moves.sort()  # by time; at the same time, as the streams have them
    first = moves[0][0]
    return Exchange(
        script,
        conversations,
        tuple(
            Move(due - first, move.conversation, move.device, move.sequence, move.why)
            for due, _, move in moves
        ),
    )


def _conversations(script: Script, chance: Random) -> tuple[Conversation, ...]:
    devices: list[Device] = []
    for group in script.devices:
        given = group.tokens[: group.count]
        made = [make_token(group.service, chance) for _ in range(group.count - len(given))]
        devices += [Device(group.service, token) for token in (*given, *made)]
    found = []
    for number in range(script.conversations):
        first = number * script.devices_each
        theirs = tuple(devices[(first + place) % len(devices)] for place in range(script.devices_each))
        identifier = _uuid(chance)
        originator = f"{script.brand_id}.{chance.randrange(10**9, 10**10)}"
        found.append(Conversation(identifier, identifier, script.brand_id, originator, theirs))
    return tuple(found)


def _stream(script: Script, chance: Random, conversation: int, device: int, dues: list[float]) -> list[Move]:
    """What one device gets of one conversation."""
    order = list(range(script.pushes))
    late: set[int] = set()
    place = 0
    while place < script.pushes - 1:
        if chance.random() < script.out_of_order:
            order[place], order[place + 1] = order[place + 1], order[place]
            late.add(place)
            place += 1
        place += 1
    moves = []
    for due, number in zip(dues, order, strict=True):
        sequence = number + 1
        moves.append(Move(due, conversation, device, sequence, Why.LATE if number in late else Why.TURN))
        if chance.random() < script.duplicates:
            moves.append(Move(due, conversation, device, sequence, Why.DUPLICATE))
        if chance.random() < script.repeats.share:
            for attempt in range(1, script.repeats.attempts):
                again = due + attempt * script.repeats.interval
                moves.append(Move(again, conversation, device, sequence, Why.RETRY))
    return moves


def _uuid(chance: Random) -> str:
    return str(UUID(int=chance.getrandbits(128), version=4))
