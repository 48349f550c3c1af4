"""Rules that can't be followed (yet), kept from one start to the next: the profile takes only those that can.

Imports home, the certificates' way to write a file whole, and the rules' JSON; lazily. No Qt.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from inspector.errors import InspectorError
from inspector.listener.rule import Rule

if TYPE_CHECKING:
    from pathlib import Path

    from inspector.home import Home

_NAME = "rule-drafts.json"


@dataclass(frozen=True, slots=True)
class Draft:
    """A rule and its place among all."""

    place: int
    rule: Rule


def drafts_file(home: Home) -> Path:
    """Where they are."""
    return home.config / _NAME


def read_drafts(home: Home) -> tuple[Draft, ...]:
    """The drafts in the order of their places; none where there is no file that can be read: a draft is only the
    beginning of something, and must not keep the window from its rules."""
    from inspector.listener.rule_json import rules_from_data

    try:
        content = json.loads(drafts_file(home).read_bytes())
        drafts = [Draft(int(one["place"]), rules_from_data([one["rule"]], sound=False)[0]) for one in content]
    except (OSError, ValueError, TypeError, KeyError, RecursionError, InspectorError):
        return ()
    return tuple(sorted(drafts, key=lambda draft: draft.place))


def write_drafts(home: Home, drafts: Sequence[Draft]) -> None:
    """Keep these and no others. Raises OSError."""
    from inspector.certificates.files import write_whole
    from inspector.listener.rule_json import rules_to_data

    path = drafts_file(home)
    if not drafts:
        path.unlink(missing_ok=True)
        return
    home.create()
    content = [{"place": draft.place, "rule": rules_to_data([draft.rule])[0]} for draft in drafts]
    write_whole(path, (json.dumps(content, indent=1) + "\n").encode(), mode=0o600)


def with_drafts(rules: Sequence[Rule], drafts: Sequence[Draft]) -> tuple[Rule, ...]:
    """The sound rules with the drafts at their places."""
    together = list(rules)
    for draft in drafts:
        together.insert(min(max(draft.place, 0), len(together)), draft.rule)
    return tuple(together)
