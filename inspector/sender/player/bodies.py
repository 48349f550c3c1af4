"""The body of a push as LivePerson would write it for each service, and made-up tokens. Pure; imports the contract's
words.

Source: the three documented samples, whose fields stand here in their order.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from random import Random

from inspector.contract.push import Service

_URL_SAFE = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
_NUMBERS = {Service.APNS: (1, "apn"), Service.FCM: (2, "gcm"), Service.HUAWEI: (3, "huawei")}


@dataclass(frozen=True, slots=True)
class Device:
    """One device: its service, and the token that its app registered."""

    service: Service
    token: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Conversation:
    """One conversation, and the devices of its consumer."""

    conversation_id: str
    dialog_id: str
    brand_id: str
    originator_id: str
    devices: tuple[Device, ...]


def make_token(service: Service, chance: Random) -> str:
    """A token of the length and the letters that such tokens mostly have."""
    if service is Service.APNS:
        return f"{chance.getrandbits(256):064x}"
    if service is Service.FCM:
        return f"{_letters(22, chance)}:APA91b{_letters(134, chance)}"
    return f"IQAAAA{_letters(126, chance)}"


def make_body(conversation: Conversation, device: Device, text: str, number: int) -> bytes:
    """The push for message `number` (from 1), which is also the unread count."""
    about = {
        "backendService": "ams",
        "conversationId": conversation.conversation_id,
        "dialogId": conversation.dialog_id,
        "originatorId": conversation.originator_id,
        "brandId": conversation.brand_id,
        "badge": number,
        "sequence": number,
    }
    service, kind = _NUMBERS[device.service]
    document: dict[str, object]
    if device.service is Service.APNS:
        document = {
            "aps": {"alert": text, "sound": "default"},
            "push-service": service,
            "device-token": device.token,
            **about,
            "notificationType": kind,
        }
    else:
        document = {
            "data": {"message": text, "payload": about},
            "push-service": service,
            "device-token": device.token,
            "notificationType": kind,
        }
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()


def _letters(count: int, chance: Random) -> str:
    return "".join(chance.choices(_URL_SAFE, k=count))
