"""What of the target's settings comes back at the next start. Imports the words for sending and this room's state."""

from __future__ import annotations

import json
from dataclasses import replace

from inspector.sender.kept.target_fields import from_json, is_secret, to_json
from inspector.sender.request import KEPT, SendRequest, TrustKind
from inspector.ui.target_settings.differences import settings_of
from inspector.ui.target_settings.state import TargetState

SETTINGS, SAVED = "target_settings", "target_saved"


def save(state: TargetState) -> dict[str, str]:
    """The settings as texts. A secret that was typed is left out; of one that a saved target has in the vault, that it
    is there is kept. That nothing was checked is not: it is to be decided anew."""
    saved = {SETTINGS: json.dumps(to_json(_without_typed(state.request)), ensure_ascii=False)}
    if state.saved is not None:
        saved[SAVED] = state.saved.id
    return saved


def restore(state: TargetState, texts: dict[str, str]) -> None:
    """Bring back what `save` gave; what is missing or can't be read stays as it is."""
    identifier = texts.get(SAVED, "")
    try:
        content = json.loads(texts.get(SETTINGS, ""))
        request = from_json(content, identifier)
    except (ValueError, TypeError, KeyError, AttributeError):
        return
    state.load(settings_of(request))
    state.awaited = identifier


def _without_typed(request: SendRequest) -> SendRequest:
    def kept(value: str) -> str:
        return KEPT if value == KEPT else ""

    return replace(
        request,
        trust=TrustKind.USUAL if request.trust is TrustKind.NOTHING else request.trust,
        basic_password=kept(request.basic_password),
        proxy_password=kept(request.proxy_password),
        headers=tuple(
            (name, kept(value) if is_secret(request, name) else value) for name, value in request.headers
        ),
    )
