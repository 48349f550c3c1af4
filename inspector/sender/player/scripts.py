"""The scripts that come with the program, and those in files. Imports the player's script and the standard library."""

from __future__ import annotations

import os
from difflib import get_close_matches
from functools import cache
from pathlib import Path

from inspector.contract.push import Service
from inspector.errors import UsageError
from inspector.sender.player.script import Devices, Pause, Repeats, Script, read_script

_CHAT = (
    "Hello, this is Dana. How can I help?",
    "Thank you, I am looking into it.",
    "One moment please …",
    "Your order left our warehouse this morning.",
    "It should be with you by Thursday.",
    "Is there anything else I can do for you?",
    "Bonjour, je m’en occupe tout de suite.",
    "مرحبًا، كيف يمكنني مساعدتك؟",
    "お待たせいたしました。",
    "You are welcome 👍🏽 Have a nice day!",
)


@cache
def built_in() -> tuple[Script, ...]:
    """The scripts that come with the program, the simplest first."""
    return (
        Script(
            name="short-chat",
            title="One agent answers one iPhone, eight messages in a quarter of a minute",
            devices=(Devices(service=Service.APNS),),
            pushes=8,
            texts=_CHAT,
            pause=Pause(least=1, most=3),
        ),
        Script(
            name="busy-evening",
            title="Sixty consumers with two devices each, of all three services, within two minutes",
            seed=2,
            devices=(
                Devices(service=Service.APNS, count=60),
                Devices(service=Service.FCM, count=45),
                Devices(service=Service.HUAWEI, count=15),
            ),
            devices_each=2,
            conversations=60,
            pushes=10,
            texts=_CHAT,
            pause=Pause(least=2, most=8),
            spread=60,
        ),
        Script(
            name="bad-network",
            title="Five conversations with retries, duplicates and messages out of order",
            seed=3,
            devices=(
                Devices(service=Service.APNS, count=2),
                Devices(service=Service.FCM, count=2),
                Devices(service=Service.HUAWEI),
            ),
            conversations=5,
            pushes=12,
            texts=_CHAT,
            pause=Pause(least=1, most=4),
            spread=5,
            repeats=Repeats(share=0.15, attempts=3, interval=10),
            out_of_order=0.15,
            duplicates=0.1,
        ),
    )


def find_script(source: str) -> Script:
    """The script of that name, or in that file. Raises UsageError."""
    found = next((script for script in built_in() if script.name == source), None)
    if found is not None:
        return found
    path = Path(source)
    names = [script.name for script in built_in()]
    if path.suffix.lower() != ".json" and not os.path.isfile(path):  # noqa: PTH113 - Path.is_file raises for a name too long
        near = get_close_matches(source, names, n=1)
        raise UsageError(
            f"There is no script “{source[:60]}”.",
            f"Did you mean {near[0]}?" if near else f"There are: {', '.join(names)}; or name a JSON file.",
        )
    try:
        text = path.read_bytes()
    except OSError as error:
        raise UsageError(
            f"Can't read {path}: {error.strerror or error}.",
            f"Name a JSON file, or one of {', '.join(names)}.",
        ) from error
    return read_script(text, path.name)
