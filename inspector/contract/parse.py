"""Bytes to a Push: never raises, never loses a byte. Pure; imports its own room and pydantic.

A body that is exactly as documented takes the short way: one pass of the C scanner, one of pydantic. Whatever is odd
in it makes the same body go the long way, which finds everything that there is to say.
"""

from __future__ import annotations

from pydantic import ValidationError

from inspector.contract.anatomy import JsonObject, alert_text, dissect, read_fields
from inspector.contract.decode import ODD, decode_carefully, decode_clean
from inspector.contract.findings import Findings
from inspector.contract.models import FcmPush, HuaweiPush, IosPush, Part, Payload
from inspector.contract.push import Push, Service, Severity
from inspector.contract.rules import check
from inspector.contract.service import decide, describe


def parse(raw: bytes) -> Push:
    """What a captured body is, for any bytes. `Push.raw` is `raw` itself."""
    document = decode_clean(raw)
    if document is ODD:
        findings = Findings()
        is_json, document = decode_carefully(raw, findings)
        if not is_json:
            return Push(raw, False, None, Service.UNKNOWN, findings.result())
    elif clean := _parse_clean(raw, document):
        return clean
    else:
        findings = Findings()
    if not isinstance(document, dict):
        findings.add(
            "not_an_object",
            Severity.ERROR,
            (),
            "The body is {found}; a JSON object was expected.",
            found=describe(document),
        )
        return Push(raw, True, document, Service.UNKNOWN, findings.result())
    decision = decide(document, findings)
    anatomy = dissect(document, findings)
    check(anatomy, decision.layout, findings)
    fields = read_fields(anatomy, decision.layout)
    return Push(raw, True, document, decision.service, findings.result(), **fields)


_IOS = (1, "apn")
_OTHERS: dict[tuple[object, object], tuple[Service, type[FcmPush]]] = {
    (2, "gcm"): (Service.FCM, FcmPush),
    (3, "huawei"): (Service.HUAWEI, HuaweiPush),
}


def _parse_clean(raw: bytes, document: object) -> Push | None:
    """The push of a body that is exactly as documented, else None."""
    if not isinstance(document, dict):
        return None
    number, name = document.get("push-service"), document.get("notificationType")
    if type(number) is not int or type(name) is not str:
        return None
    try:
        if (number, name) == _IOS:
            ios = IosPush.model_validate(document)
            return _clean_ios(raw, document, ios)
        if found := _OTHERS.get((number, name)):
            service, model = found
            return _clean_other(raw, document, service, model.model_validate(document))
    except ValidationError:
        pass
    return None


def _clean_ios(raw: bytes, document: JsonObject, body: IosPush) -> Push | None:
    aps = body.aps
    alert, sound = aps.alert, aps.sound
    if not _is_whole(body) or aps.model_extra or "badge" in aps.model_fields_set:
        return None
    if not isinstance(alert, str) and alert.model_extra:
        return None
    if not isinstance(sound, str) and sound.model_extra:
        return None
    return Push(
        raw,
        True,
        document,
        Service.APNS,
        (),
        body.push_service,
        body.notification_type,
        body.device_token,
        alert_text(document["aps"].get("alert")),  # type: ignore[attr-defined]
        body.backend_service,
        body.conversation_id,
        body.dialog_id,
        body.originator_id,
        body.brand_id,
        body.badge,
        body.sequence,
    )


def _clean_other(raw: bytes, document: JsonObject, service: Service, body: FcmPush) -> Push | None:
    data = body.data
    payload = data.payload
    if body.model_extra or data.model_extra or not _is_whole(payload):
        return None
    return Push(
        raw,
        True,
        document,
        service,
        (),
        body.push_service,
        body.notification_type,
        body.device_token,
        data.message,
        payload.backend_service,
        payload.conversation_id,
        payload.dialog_id,
        payload.originator_id,
        payload.brand_id,
        payload.badge,
        payload.sequence,
    )


def _is_whole(part: Part) -> bool:
    """Whether it has every documented field, the optional ones too, and nothing else."""
    return not part.model_extra and len(part.model_fields_set) == _FIELDS[type(part)]


_FIELDS: dict[type[Part], int] = {kind: len(kind.model_fields) for kind in (IosPush, Payload)}
