"""A push for one provider made one for another: iOS keeps its fields at the top beside `aps`, FCM and Huawei keep them
in `data.payload`. Pure; imports its own room.

Nothing that the other layout has a place for is lost, unknown keys neither; what it has no place for is told in a
remark. Source: the wire contract's table of bodies.
"""

from __future__ import annotations

from dataclasses import dataclass

from inspector.contract.anatomy import JsonObject, alert_text, dissect
from inspector.contract.decode import decode
from inspector.contract.findings import Findings
from inspector.contract.models import Origin, Payload
from inspector.contract.push import Service
from inspector.contract.service import NOTIFICATION_TYPES, PUSH_SERVICES, Layout, decide
from inspector.contract.text import pretty
from inspector.contract.token_places import is_token_name
from inspector.contract.variable_places import bare_variables
from inspector.errors import UsageError

_NUMBERS = {service: number for number, service in PUSH_SERVICES.items()}
_NAMES = {service: name for name, service in NOTIFICATION_TYPES.items()}
_SERVICE_KEYS = ("push-service", "notificationType")
_MOST_NAMED = 8


@dataclass(frozen=True, slots=True)
class Converted:
    """The new push as text, laid out with two spaces, and what is worth knowing about it, a sentence each."""

    text: str
    remarks: tuple[str, ...]


def convert(text: str, to: Service, *, variables: bool = False) -> Converted:
    """A push's JSON text as one for `to`. With `variables`, those that stand in the place of values stay. Raises
    UsageError where it is no JSON object, or `to` is no provider."""
    kept = _Kept(text) if variables else None
    converted = _convert(kept.text if kept else text, to)
    return Converted(kept.put_back(converted.text), converted.remarks) if kept else converted


class _Kept:
    """A text with strings that are found nowhere else in the places of its variables, as a decoder takes no others."""

    def __init__(self, text: str) -> None:
        mark = "variable"
        while mark in text:
            mark += "_"
        pieces: list[str] = []
        self._variables: dict[str, str] = {}
        done = 0
        for start, end in bare_variables(text):
            stand_in = f'"{mark} {len(self._variables)}"'
            self._variables[stand_in] = text[start:end]
            pieces += (text[done:start], stand_in)
            done = end
        self.text = "".join((*pieces, text[done:]))

    def put_back(self, text: str) -> str:
        for stand_in, variable in self._variables.items():
            text = text.replace(stand_in, variable)
        return text


def _convert(text: str, to: Service) -> Converted:
    if to not in _NUMBERS:
        raise UsageError(
            "A push can't be converted to no provider at all.", "Choose iOS (APNs), FCM or Huawei."
        )
    decoded = decode(text.encode("utf-8", "surrogatepass"))
    if not decoded.is_json or not isinstance(decoded.value, dict):
        raise UsageError(
            "Only a JSON object can be converted; this text is none yet.",
            "Mend the text where the editor marks it, then convert it.",
        )
    remarks: list[str] = []
    if any(problem.code == "duplicate_key" for problem in decoded.problems):
        remarks.append("A key stood there more than once; only the last one was taken along.")
    document = convert_document(decoded.value, to, remarks)
    return Converted(pretty(document), tuple(remarks))


def convert_document(document: JsonObject, to: Service, remarks: list[str]) -> JsonObject:
    """A decoded push as one for `to`, which is a provider; remarks are added to the list. The push given stays as it
    is, the new one may share parts with it."""
    decision = decide(document, Findings())
    target = Layout.APS if to is Service.APNS else Layout.DATA
    if target is Layout.DATA and "aps" in document and "data" not in document:
        made = _to_data(document, remarks)
    elif target is Layout.APS and "data" in document and "aps" not in document:
        made = _to_aps(document, remarks)
    else:
        made = dict(document)
        if "aps" in document and "data" in document:
            remarks.append("It has both aps and data; both were left as they are.")
    made["push-service"] = _NUMBERS[to]
    made["notificationType"] = _NAMES[to]
    if decision.service is not to and any(map(is_token_name, document)):
        owner = decision.service.label if decision.service is not Service.UNKNOWN else "another app"
        remarks.append(f"The device token was kept; it belongs to {owner}, and {to.label} will not know it.")
    return made


def _to_data(document: JsonObject, remarks: list[str]) -> JsonObject:
    """An iOS push in the layout of FCM and Huawei."""
    outside: JsonObject = {}
    payload: JsonObject = {}
    for key, value in document.items():
        if key in _SERVICE_KEYS or is_token_name(key):
            outside[key] = value
        elif key != "aps":
            payload[key] = value
    data: JsonObject = {}
    aps = document["aps"]
    if isinstance(aps, dict):
        _alert_to_message(aps, data, remarks)
        if "badge" in aps and "badge" not in payload:
            payload["badge"] = aps["badge"]
            remarks.append("aps.badge became data.payload.badge.")
        lost = [key for key in aps if key not in ("alert", "badge")]
        if lost:
            remarks.append(f"Left out, for there is no place for it: {_listed(lost, 'aps.')}.")
    elif aps is not None:
        remarks.append("aps was no object, and was left out.")
    _remark_unknown(payload, "data.payload", remarks)
    data["payload"] = payload
    return {"data": data, **outside}


def _alert_to_message(aps: JsonObject, data: JsonObject, remarks: list[str]) -> None:
    if "alert" not in aps:
        remarks.append("There is no alert, so data has no message: the app is woken and shows what it likes.")
        return
    alert = aps["alert"]
    if not isinstance(alert, dict):
        data["message"] = alert
        return
    body = alert.get("body")
    if isinstance(body, str) and body:
        data["message"] = body
        lost = [key for key in alert if key != "body"]
    else:
        # A title alone, or what the phone would have looked up, is still better than nothing.
        data["message"] = alert_text(alert) or ""
        lost = list(alert)
        remarks.append("The alert has no body; data.message says what else the alert says.")
    if lost:
        remarks.append(f"Left out, for data.message is one text: {_listed(lost, 'aps.alert.')}.")


def _to_aps(document: JsonObject, remarks: list[str]) -> JsonObject:
    """A push for FCM or Huawei in the layout of iOS."""
    anatomy = dissect(document, Findings())
    data, payload = anatomy.data, anatomy.payload
    made: JsonObject = {"aps": _new_aps(data, remarks)}
    made |= {key: value for key, value in document.items() if key != "data"}
    if data is None:
        remarks.append("data was no object, and was left out.")
        return made
    if isinstance(document["data"], str) or (payload is not None and isinstance(data.get("payload"), str)):
        remarks.append("JSON text inside a string was read, and is an object now.")
    _merge(made, payload or {}, "data.payload", remarks)
    rest = {
        key: value
        for key, value in data.items()
        if key != "message" and not (key == "payload" and payload is not None)
    }
    _remark_unknown(rest, "the top", remarks)
    _merge(made, rest, "data", remarks)
    return made


def _new_aps(data: JsonObject | None, remarks: list[str]) -> JsonObject:
    if data is None or "message" not in data:
        remarks.append("There is no data.message, so the push is silent: aps.content-available is 1.")
        return {"content-available": 1}
    remarks.append("aps.sound was set to default, as in the documented push.")
    return {"alert": data["message"], "sound": "default"}


def _merge(made: JsonObject, more: JsonObject, place: str, remarks: list[str]) -> None:
    """Put members into the new top, where their names are free."""
    taken = [key for key in more if key in made or key in _SERVICE_KEYS]
    made |= {key: value for key, value in more.items() if key not in taken}
    if taken:
        remarks.append(f"Left out, for the top has the same already: {_listed(taken, place + '.')}.")


def _remark_unknown(members: JsonObject, place: str, remarks: list[str]) -> None:
    unknown = [key for key in members if key not in Payload.documented() and key not in Origin.documented()]
    if unknown:
        remarks.append(f"Not documented, and kept in {place}: {_listed(unknown)}.")


def _listed(keys: list[str], before: str = "") -> str:
    shown = [before + (key if len(key) <= 40 else key[:39] + "…") for key in keys[:_MOST_NAMED]]
    more = f" and {len(keys) - _MOST_NAMED:,} more" if len(keys) > _MOST_NAMED else ""
    return ", ".join(shown) + more
