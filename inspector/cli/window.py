"""`gui`: opens the window. The one place of the command line that reaches into `inspector.ui`."""

from __future__ import annotations

import os
import sys

import click

from inspector.cli.group import CONTEXT, common, current_home
from inspector.errors import UsageError
from inspector.workbench import Workbench


def has_display() -> bool:
    """Whether a window can be shown here: always on macOS and Windows, else where a display is set (or Qt was told
    another platform)."""
    if sys.platform in ("darwin", "win32"):
        return True
    return any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"))


@click.command(context_settings=CONTEXT)
@common
def gui() -> int:
    """Open the window."""
    if not has_display():
        raise UsageError(
            "There is no display to open a window on.",
            "Run “push-inspector listen” for the listener alone, or “push-inspector demo --headless”.",
        )
    from inspector.ui.app import run

    return run(Workbench(current_home()))
