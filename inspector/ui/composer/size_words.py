"""How large a body is, in words for the line below the editor. Pure; imports the composer's own room."""

from __future__ import annotations

from inspector.ui.composer.body_check import BodyCheck


def size_words(check: BodyCheck) -> tuple[str, str]:
    """The size as the body's provider counts it, and shorter where there is little room."""
    own = check.own_size
    if own is None:
        words = f"{check.size:,} B"
        return words, words
    words = f"{own.provider} {own.size:,} / {own.limit:,} B"
    if check.fullness == "over":
        return f"{words}, too large", f"{own.size - own.limit:,} B over"
    return words, f"{own.limit - own.size:,} B left" if check.fullness == "near" else f"{own.size:,} B"


def size_tip(check: BodyCheck) -> str:
    """What is counted, the sizes for all providers, and what to do where it is too much."""
    own = check.own_size
    lines = []
    if own is None and check.sizes:
        lines.append("The body does not say which provider it is for.")
    elif own is None:
        lines.append("This is no JSON object, so nothing of it can be sent on.")
    elif check.fullness == "over":
        more = own.size - own.limit
        lines.append(f"{more:,} bytes more than {own.provider} takes; the push proxy may still cut it down.")
    elif check.fullness == "near":
        lines.append(f"{own.limit - own.size:,} bytes are left of what {own.provider} takes.")
    lines += [
        f"{'Sent on to' if size.own else 'As'} {size.provider}: {size.size:,} of {size.limit:,} bytes ({size.measured})"
        for size in sorted(check.sizes, key=lambda size: not size.own)
    ]
    lines.append(f"To the push proxy: {check.size:,} bytes as they are sent")
    return "\n".join(lines)
