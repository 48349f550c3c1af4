"""What of the composer comes back at the next start. Imports its own room."""

from __future__ import annotations

from typing import TYPE_CHECKING

from inspector.errors import UsageError

if TYPE_CHECKING:
    from inspector.ui.composer.composer import Composer


def save(composer: Composer) -> dict[str, str]:
    """What comes back at the next start: target (and whether it is our own listener, which may be elsewhere then),
    identity, the target's settings, template, recent targets, panes, how it is sent again. Never the body nor a secret,
    and not that certificates were not checked."""
    form = composer.form
    try:
        target = form.target.url()
    except UsageError:
        target = ""
    bar = composer.pane_bar
    state = {
        "target": target,
        "template": form.template.name,
        "recent": "\n".join(form.target.recent),
        "panes": " ".join(button.objectName() for button in bar.buttons() if button.isChecked()),
        "splits": composer.panes.save_state(),
        "retry": f"{composer.send_row.pace.interval:g} {composer.send_row.pace.attempts}",
        **form.settings.save_state(),
    }
    if target and target == form.target.listener_url:
        state["listener"] = target
    if form.identity.chosen is not None:
        state["identity"] = form.identity.chosen
    return state


def restore(composer: Composer, state: dict[str, str]) -> None:
    """Bring back what `save` gave; what is missing or unknown stays as it is."""
    form = composer.form
    form.target.set_recent(state.get("recent", "").split("\n"))
    if state.get("target"):
        composer.set_target(state["target"])
    composer.set_listener_url(state.get("listener", ""))
    if "identity" in state:
        composer.set_identity(state["identity"])
    form.settings.restore_state(state)
    composer.send_row.pace.restore(state.get("retry", ""))
    if "panes" in state:
        composer.pane_bar.restore(state["panes"].split(" "))
    composer.panes.restore_state(state.get("splits", ""))
    if composer.body_pane.untouched:
        composer.begin_with(state.get("template", ""))
