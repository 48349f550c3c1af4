"""What departs from the documented contract in a body whose service is settled. Pure; imports its own room.

Only departures of the body: what a provider would refuse further on is no problem of the push. So the values
in `aps` are looked at for their types, no further.
"""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from inspector.contract.anatomy import Anatomy, JsonObject
from inspector.contract.findings import Findings
from inspector.contract.models import Envelope, FcmPush, IosPush, Origin, Part
from inspector.contract.paths import Path
from inspector.contract.placement import Models, Placement
from inspector.contract.push import Severity
from inspector.contract.service import Layout, describe
from inspector.contract.verbatim import Verbatim

_DECIDED = {"push-service": 0, "notificationType": ""}  # judged where the service is decided

_EXPECTED = {
    "int_type": "a whole number",
    "float_type": "a number",
    "string_type": "a string",
    "list_type": "a list of strings",
    "dict_type": "an object",
    "model_type": "an object",
    "union_tag_not_found": "a string or an object",
}
_UUIDS = ("conversationId", "dialogId")


def check(anatomy: Anatomy, layout: Layout, findings: Findings) -> None:
    """Adds everything to `findings` that is missing, undocumented, of a wrong type, in the wrong place, or
    spelled or given in two ways."""
    document = _with_decoded_parts(anatomy)
    models = _MODELS[layout]
    placement = Placement(anatomy, layout, findings)
    placement.look(document, models)
    _check_badges(anatomy, layout, findings)
    values = _Values(anatomy, layout, findings, placement.found_elsewhere)
    values.check(document, models)


_MODELS: dict[Layout, Models] = {
    Layout.APS: (IosPush,),
    Layout.DATA: (FcmPush,),
    Layout.UNKNOWN: (IosPush, FcmPush),
}


def _with_decoded_parts(anatomy: Anatomy) -> JsonObject:
    """The document, with `data` and the payload as objects where they came as text."""
    if anatomy.data is None:
        return anatomy.top
    data = anatomy.data
    if anatomy.payload is not None and data["payload"] is not anatomy.payload:
        data = {**data, "payload": anatomy.payload}
    return anatomy.top if data is anatomy.top["data"] else {**anatomy.top, "data": data}


def _check_badges(anatomy: Anatomy, layout: Layout, findings: Findings) -> None:
    """The proxy is to copy the badge into `aps`; where it stands there already, it should be the same."""
    outer, inner = anatomy.top.get("badge"), (anatomy.aps or {}).get("badge")
    if layout is Layout.APS and type(outer) is int and type(inner) is int and outer != inner:
        findings.add(
            "conflicting_value",
            Severity.ERROR,
            ("aps", "badge"),
            "{path} differs from badge at the top; both should be the same unread count.",
        )


class _Values:
    """One look at the values of one body."""

    def __init__(
        self, anatomy: Anatomy, layout: Layout, findings: Findings, found_elsewhere: set[str]
    ) -> None:
        self._anatomy = anatomy
        self._layout = layout
        self._findings = findings
        self._found_elsewhere = found_elsewhere

    def check(self, document: JsonObject, models: Models) -> None:
        """Every documented field that is missing or of a wrong type."""
        seen: set[Path] = set()
        for model in models:
            for error in _errors(model, document):
                path = tuple(part for part in error["loc"] if not str(part).startswith("<"))
                if path in seen:
                    continue
                seen.add(path)
                if error["type"] != "missing":
                    self._wrong(path, error)
                elif self._layout is not Layout.UNKNOWN:
                    self._missing(path, model)
        if self._layout is Layout.UNKNOWN:
            self._missing_anywhere()
        elif self._layout is Layout.APS:
            self._missing_dialog(document, ())
        elif self._anatomy.payload is not None:
            self._missing_dialog(self._anatomy.payload, ("data", "payload"))

    def _missing(self, path: Path, model: type[Part]) -> None:
        key = str(path[-1])
        if key in self._found_elsewhere:
            return
        for part in path[:-1]:
            model = model.parts[str(part)]
        self._findings.add(
            "missing_field",
            Severity.ERROR,
            path,
            "{path} is missing; {meaning} was expected.",
            meaning=model.documented()[key],
        )

    def _missing_dialog(self, home: JsonObject, path: Path) -> None:
        if "dialogId" in home or "dialogId" in self._found_elsewhere:
            return
        self._findings.add(
            "missing_field",
            Severity.INFO,
            (*path, "dialogId"),
            "{path} is missing, as it was in older traffic; the dialog’s UUID was expected.",
        )

    def _wrong(self, path: Path, error: ErrorDetails) -> None:
        kind, value = error["type"], error["input"]
        if path[-1] in _UUIDS and isinstance(value, str):
            self._findings.add("not_a_uuid", Severity.WARNING, path, "{path} is no UUID; one was expected.")
            return
        expected = _EXPECTED.get(kind)
        if expected is None or (isinstance(value, Verbatim) and value.is_number and "number" in expected):
            return  # a number too large or half a surrogate pair: problems of the text, told as such
        self._findings.add(
            "wrong_type",
            Severity.WARNING if path[0] == "aps" and len(path) > 1 else Severity.ERROR,
            path,
            "{path} is {found}; {expected} was expected.",
            found=describe(value),
            expected=expected,
        )

    def _missing_anywhere(self) -> None:
        """For a body that fits no service: what is missing wherever it might stand."""
        top, payload = self._anatomy.top, self._anatomy.payload or {}
        if "aps" not in top and "data" not in top:
            self._findings.add(
                "missing_field",
                Severity.ERROR,
                (),
                "Neither ‘aps’ (iOS) nor ‘data’ (FCM and Huawei) is there; one of them was expected.",
            )
        if "device-token" not in top and "device-token" not in self._found_elsewhere:
            self._missing(("device-token",), Envelope)
        for key, meaning in Origin.documented().items():
            if key not in top and key not in payload and key not in self._found_elsewhere:
                self._findings.add(
                    "missing_field",
                    Severity.INFO if key == "dialogId" else Severity.ERROR,
                    (key,),
                    "{path} is missing, both at the top and in data.payload; {meaning} was expected.",
                    meaning=meaning,
                )


def _errors(model: type[Part], document: JsonObject) -> Iterator[ErrorDetails]:
    known = _documented_part(model, document)
    try:
        model.model_validate({**known, **_DECIDED})
    except ValidationError as error:
        yield from error.errors(include_url=False, include_context=False)


def _documented_part(model: type[Part], value: JsonObject) -> JsonObject:
    """`value` with its documented keys only: the others were looked at, and pydantic stumbles over a key that
    is not clean Unicode."""
    return {
        key: _documented_part(model.parts[key], child)
        if key in model.parts and isinstance(child, dict)
        else child
        for key in model.documented()
        if (child := value.get(key, _ABSENT)) is not _ABSENT
    }


_ABSENT = object()
