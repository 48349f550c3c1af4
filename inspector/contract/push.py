"""What a parsed push is: the words every other room uses for it. Pure; imports `inspector.frozen` only."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from inspector.frozen import quickly_made


class Service(StrEnum):
    """The provider a push is for. `unknown` where the body does not say, or says it in two ways."""

    APNS = "apns"
    FCM = "fcm"
    HUAWEI = "huawei"
    UNKNOWN = "unknown"

    @property
    def label(self) -> str:
        """The short label people see."""
        return {"apns": "iOS", "fcm": "FCM", "huawei": "Huawei"}.get(self.value, "?")


class Severity(StrEnum):
    """How bad a problem is."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


@dataclass(frozen=True, slots=True)
class Problem:
    """One departure of a body from the documented contract.

    `path` is a JSON path as people write it: `aps.alert`, `data.payload.badge`, `list[2]`; empty for the whole body.
    """

    code: str
    severity: Severity
    path: str
    message: str


@quickly_made
@dataclass(frozen=True, slots=True)
class Push:
    """A captured body: every byte of it, and what could be read from it.

    `raw` is exactly what was received. `document` is the decoded JSON (None where `is_json` is false); unknown
    keys stay in it. The other fields hold what the contract names, from where the service keeps it, and are None
    where absent or of a wrong type. Texts are clean Unicode (a lone surrogate became U+FFFD), `badge` and
    `sequence` fit in 64 bits.
    """

    raw: bytes
    is_json: bool
    document: object
    service: Service
    problems: tuple[Problem, ...]
    push_service: int | None = None
    notification_type: str | None = None
    device_token: str | None = None
    message: str | None = None
    backend_service: str | None = None
    conversation_id: str | None = None
    dialog_id: str | None = None
    originator_id: str | None = None
    brand_id: str | None = None
    badge: int | None = None
    sequence: int | None = None
