"""The words of the page of conversations. Pure; imports history's records and the push table's words."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from inspector.contract.answers import meaning
from inspector.history.conversation_findings import ConversationFinding, FindingCode
from inspector.history.conversation_model import Conversation, ConversationPush, ConversationSummary
from inspector.history.model import Direction
from inspector.ui.push_columns import attempt_words, gap_words, local_time, reason_words

NO_CONVERSATION_NAME = "No conversation"
NO_BRAND = "no brand"

# What a finding may come from, and what it does not prove.
HINTS = {
    FindingCode.GAP: "Perhaps the consumer wrote these messages: no push is sent for them.",
    FindingCode.STEP_BACK: "A message came late, or its numbers began anew.",
    FindingCode.REPEAT: "A push that was answered for good is not to be sent again.",
    FindingCode.CONFLICT: "Same service, device, dialog and sequence, but not the same text.",
    FindingCode.BADGE_FALLS: "A badge of 0 would say that all was read.",
    FindingCode.OUT_OF_STEP: "Each message goes to all devices of the consumer.",
}


def brand_name(summary: ConversationSummary) -> str:
    return summary.brand_id or NO_BRAND


def conversation_name(conversation_id: str | None) -> str:
    if conversation_id is None:
        return NO_CONVERSATION_NAME
    return conversation_id or "empty id"


def when(at: int, now: datetime) -> str:
    """A moment, as short as tells it: the time today, the day this year."""
    local = datetime.fromtimestamp(at / 1_000_000).astimezone()
    if local.date() == now.date():
        return f"{local:%H:%M:%S}"
    return f"{local:%b %d %H:%M}" if local.year == now.year else f"{local:%Y-%m-%d}"


def pushes_words(count: int, *, more: bool = False) -> str:
    if count == 1 and not more:
        return "1 push"
    return f"{count:,}{'+' if more else ''} pushes"


def status_words(push: ConversationPush) -> str:
    if push.status is not None:
        return str(push.status)
    return "failed" if push.direction is Direction.OUT else "none"


def text_words(push: ConversationPush) -> str:
    """The message; for a sent push that failed, why."""
    if push.status is None and push.reason:
        return reason_words(push.reason)
    return " ".join((push.message or "").split())


def attempt_text(push: ConversationPush) -> str:
    """A retry's number and how long it came after the attempt before."""
    if push.attempt <= 1:
        return ""
    return f"{push.attempt}" if push.gap is None else f"{push.attempt} · {gap_words(push.gap)}"


def mark_tip(pushes: Sequence[ConversationPush]) -> str:
    """What a mark of the plot stands for."""
    first = pushes[0]
    if len(pushes) > 1:
        refused = sum(push.status is not None and push.status >= 400 for push in pushes)
        lines = [
            f"{pushes_words(len(pushes))} from {local_time(first.at)} to {local_time(pushes[-1].at)}",
            f"sequence {sequence_range(pushes)}" if sequence_range(pushes) else "",
            f"{refused:,} refused" if refused else "",
        ]
        return "\n".join(line for line in lines if line)
    facts = [
        local_time(first.at),
        f"sequence {first.sequence}" if first.sequence is not None else "",
        f"badge {first.badge}" if first.badge is not None else "",
    ]
    answer = status_words(first) if first.status is None else f"{first.status} {meaning(first.status)}"
    lines = [
        f"#{first.id} · {first.service.label} · {answer}",
        ", ".join(fact for fact in facts if fact),
        attempt_words(first.attempt, first.gap),
        text_words(first),
    ]
    return "\n".join(line for line in lines if line)


def break_words(microseconds: int) -> str:
    """A quiet time in few letters, as a break is narrow: `95 s`, `58 min`, `1.9 h`, `3 days`."""
    seconds = microseconds / 1_000_000
    for size, unit, most in ((1, "s", 120), (60, "min", 7200), (3600, "h", 172_800)):
        if seconds < most:
            value = seconds / size
            return f"{value:.1f} {unit}" if unit == "h" and value < 9.95 else f"{value:.0f} {unit}"
    return f"{seconds / 86_400:,.0f} days"


def sequence_range(pushes: Sequence[ConversationPush]) -> str:
    known = [push.sequence for push in pushes if push.sequence is not None]
    if not known:
        return ""
    return f"{min(known)}" if min(known) == max(known) else f"{min(known)} to {max(known)}"


def findings_words(count: int) -> str:
    if not count:
        return "Nothing odd found"
    return "1 finding" if count == 1 else f"{count:,} findings"


def head_facts(conversation: Conversation) -> str:
    """The line below a conversation's name."""
    pushes = conversation.pushes
    services = dict.fromkeys(push.service.label for push in pushes)
    retries = sum(push.attempt > 1 for push in pushes)
    refused = sum(push.status is not None and push.status >= 400 for push in pushes)
    facts = [
        pushes_words(conversation.total),
        f"the newest {len(pushes):,} shown" if conversation.is_cut else "",
        " and ".join(services) if len(services) < 3 else ", ".join(services),
        f"sequence {sequence_range(pushes)}" if sequence_range(pushes) else "",
        ("1 retry" if retries == 1 else f"{retries:,} retries") if retries else "",
        f"{refused:,} refused" if refused else "",
        gap_words(pushes[-1].at - pushes[0].at) + " long" if len(pushes) > 1 else "",
    ]
    return " · ".join(fact for fact in facts if fact)


def finding_tip(finding: ConversationFinding) -> str:
    return f"{finding.sentence}.\n{HINTS[finding.code]}"
