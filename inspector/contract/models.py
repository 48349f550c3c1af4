"""The documented bodies as pydantic models: the one statement of which fields there are, where, and of what type.

Strict (`true` is no number, `"1"` is none, nor is `1.0`) and open (unknown keys are kept). The descriptions stand in
problems' messages, after the field's name and "was expected". Which service a body is for is settled elsewhere, so
the two fields that say it are only described here. Imports pydantic only.

Source: LivePerson's developer documentation for the bodies; Apple's "Generating a remote notification" for `aps`.
"""

from __future__ import annotations

from functools import cache
from typing import Annotated, Any, ClassVar

from pydantic import BaseModel, ConfigDict, Discriminator, Field, Tag

Int64 = Annotated[int, Field(ge=-(2**63), le=2**63 - 1)]
AnyObject = dict[Any, Any]
Uuid = Annotated[
    str, Field(pattern="^[0-9A-Fa-f]{8}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{12}$")
]

UNCONFIRMED = frozenset(
    {
        "agentPid",
        "campaignInfo",
        "event",
        "expirationEpochTime",
        "externalConsumerId",
        "id",
        "leCampaignId",
        "leEngagementId",
        "lookBackPeriod",
        "title",
        "transactionId",
    }
)
"""Keys of proactive and IVR pushes: their names are known from the SDK's documents, from no capture."""

OLD_BRAND_ID = "brandID"
"""How older documents spell `brandId`."""


class Part(BaseModel):
    """An object of a body."""

    model_config = ConfigDict(extra="allow", strict=True)

    parts: ClassVar[dict[str, type[Part]]] = {}
    """The keys whose value is again an object of documented keys, where it is an object."""

    @classmethod
    @cache
    def documented(cls) -> dict[str, str]:
        """The documented keys as they are written on the wire, each with its description."""
        return {field.alias or name: field.description or "" for name, field in cls.model_fields.items()}


class Origin(Part):
    """What a push is about. For iOS these fields stand at the top, else in `data.payload`."""

    backend_service: str = Field(alias="backendService", description="the name of the service it came from")
    conversation_id: Uuid = Field(alias="conversationId", description="the conversation’s UUID")
    # Absent in older traffic.
    dialog_id: Uuid = Field("", alias="dialogId", description="the dialog’s UUID")
    originator_id: str = Field(alias="originatorId", description="the sender as AccountID.AgentNumber")
    brand_id: str = Field(alias="brandId", description="the account")
    badge: Int64 = Field(description="the unread count")
    sequence: Int64 = Field(description="the sequence of the message that caused the push")


class Envelope(Part):
    """What stands at the top of every body."""

    push_service: int = Field(alias="push-service", description="1 (APNS), 2 (GCM, today FCM) or 3 (HUAWEI)")
    notification_type: str = Field(alias="notificationType", description="apn, gcm or huawei")
    device_token: str = Field(alias="device-token", description="the token that the app registered")


class Alert(Part):
    """`aps.alert` where it is an object. Lists and objects have factories: pydantic would copy a default deeply, for
    every push."""

    title: str = ""
    subtitle: str = ""
    body: str = ""
    title_loc_key: str = Field("", alias="title-loc-key")
    title_loc_args: list[str] = Field(alias="title-loc-args", default_factory=list)
    subtitle_loc_key: str = Field("", alias="subtitle-loc-key")
    subtitle_loc_args: list[str] = Field(alias="subtitle-loc-args", default_factory=list)
    loc_key: str = Field("", alias="loc-key")
    loc_args: list[str] = Field(alias="loc-args", default_factory=list)
    action_loc_key: str = Field("", alias="action-loc-key")
    launch_image: str = Field("", alias="launch-image")


class Sound(Part):
    """`aps.sound` where it is an object."""

    critical: int = 0
    name: str = ""
    volume: float = 0


def _text_or_object(value: object) -> str | None:
    return "<text>" if isinstance(value, str) else "<object>" if isinstance(value, dict | Part) else None


class Aps(Part):
    """The APNs dictionary, passed on as it is."""

    parts = {"alert": Alert, "sound": Sound}

    alert: Annotated[
        Annotated[str, Tag("<text>")] | Annotated[Alert, Tag("<object>")], Discriminator(_text_or_object)
    ] = ""
    badge: Int64 = 0
    sound: Annotated[
        Annotated[str, Tag("<text>")] | Annotated[Sound, Tag("<object>")], Discriminator(_text_or_object)
    ] = ""
    thread_id: str = Field("", alias="thread-id")
    category: str = ""
    content_available: int = Field(0, alias="content-available")
    mutable_content: int = Field(0, alias="mutable-content")
    target_content_id: str = Field("", alias="target-content-id")
    interruption_level: str = Field("", alias="interruption-level")
    relevance_score: float = Field(0, alias="relevance-score")
    stale_date: int = Field(0, alias="stale-date")
    content_state: AnyObject = Field(alias="content-state", default_factory=dict)
    timestamp: int = 0
    event: str = ""
    dismissal_date: int = Field(0, alias="dismissal-date")
    attributes_type: str = Field("", alias="attributes-type")
    attributes: AnyObject = Field(default_factory=dict)
    filter_criteria: str = Field("", alias="filter-criteria")


class IosPush(Origin, Envelope):
    """The body for APNs."""

    parts = {"aps": Aps}

    aps: Aps = Field(description="the APNs dictionary")


class Payload(Origin):
    """`data.payload`."""


class Data(Part):
    """`data`."""

    parts = {"payload": Payload}

    message: str = Field(description="the message’s text")
    payload: Payload = Field(description="an object with the fields of the push")


class FcmPush(Envelope):
    """The body for FCM."""

    parts = {"data": Data}

    data: Data = Field(description="an object with message and payload")


class HuaweiPush(FcmPush):
    """The body for Huawei: FCM's, but for the service that it names."""
