"""What a conversation is made of: which one it is, its sums for a list, its pushes for a timeline. Pure; imports the
contract's words and history's records.

Device tokens never get here: a device is known by a short digest of its token.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from inspector.contract.push import Service
from inspector.frozen import quickly_made
from inspector.history.model import Direction


@dataclass(frozen=True, slots=True)
class ConversationKey:
    """Which conversation: brand and conversation as they are compared (see `folding`). All pushes without a
    conversation are one group, `NO_CONVERSATION`, whatever their brand."""

    brand: str | None
    conversation: str | None


NO_CONVERSATION = ConversationKey(None, None)


@dataclass(frozen=True, slots=True)
class ConversationSummary:
    """One conversation in a list. `brand_id`, `conversation_id`, `badge` and `message` are the last push's own;
    `sequence` is the highest one. `refused` counts the pushes that were answered 400 or above, `worst_status` is the
    highest of these answers. `more`: there are older pushes that the sums leave out."""

    key: ConversationKey
    brand_id: str | None
    conversation_id: str | None
    pushes: int
    received: int
    first_at: int
    last_at: int
    last_id: int
    services: tuple[Service, ...]
    sequence: int | None
    badge: int | None
    message: str | None
    refused: int
    worst_status: int | None
    retries: int
    more: bool = False

    @property
    def sent(self) -> int:
        return self.pushes - self.received


@dataclass(frozen=True, slots=True)
class ConversationPage:
    """Some conversations, newest activity first. `reached`: the next page is of what lies below this id; 0 where there
    is none."""

    summaries: tuple[ConversationSummary, ...]
    reached: int


@quickly_made
@dataclass(frozen=True, slots=True)
class ConversationPush:
    """One push on a conversation's timeline. `device` tells devices apart, `text_key` texts: two pushes of one stream
    and sequence that have the same say the same."""

    id: int
    at: int
    direction: Direction
    service: Service
    status: int | None
    reason: str | None
    sequence: int | None
    badge: int | None
    attempt: int
    gap: int | None
    dialog_id: str | None
    device: str
    message: str | None
    text_key: bytes | None = field(default=None, repr=False)

    @property
    def accepted(self) -> bool:
        """Whether it was answered so that the pusher has no more to do."""
        return self.status is not None and 200 <= self.status < 300


@dataclass(frozen=True, slots=True)
class Conversation:
    """The pushes of a conversation in the order they were stored, at most the newest ones of them: `total` is how many
    there are. `brand_id` and `conversation_id` are the last push's own."""

    key: ConversationKey
    brand_id: str | None
    conversation_id: str | None
    pushes: tuple[ConversationPush, ...]
    total: int

    @property
    def is_cut(self) -> bool:
        return self.total > len(self.pushes)
