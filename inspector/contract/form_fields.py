"""Reads the text of a body as the fields of a form: the documented ones of its service, there or not, and every key
beside them. Pure; imports its own room (and by it pydantic, which is slow to import: for a worker's thread)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import get_origin

from inspector.contract import scan
from inspector.contract.characters import clean
from inspector.contract.findings import Findings
from inspector.contract.form_model import FormField, FormReading, Group, Kind, Shape, Unreadable, holdable
from inspector.contract.models import (
    UNCONFIRMED,
    Alert,
    Aps,
    Data,
    Envelope,
    FcmPush,
    IosPush,
    Origin,
    Part,
    Sound,
)
from inspector.contract.outline import Node, outline
from inspector.contract.parse import parse
from inspector.contract.paths import Path, parse_path
from inspector.contract.push import Problem, Service
from inspector.contract.service import NOTIFICATION_TYPES, PUSH_SERVICES, Layout, decide
from inspector.contract.text import error_place
from inspector.contract.text_edit import value_end
from inspector.contract.variable_places import stand_in

MOST_OTHERS = 60
"""Unknown keys that are listed."""

_KINDS = {
    "device-token": Kind.TOKEN,
    "conversationId": Kind.UUID,
    "dialogId": Kind.UUID,
    "backendService": Kind.OFFER,
    "interruption-level": Kind.CHOICE,
    "content-available": Kind.FLAG,
    "mutable-content": Kind.FLAG,
    "critical": Kind.FLAG,
}
_TYPES: dict[object, Kind] = {int: Kind.NUMBER, float: Kind.NUMBER, str: Kind.TEXT}
_BLANKS = {
    Kind.NUMBER: "0",
    Kind.FLAG: "1",
    Kind.CHOICE: '"active"',
    Kind.OFFER: '"ams"',
    Kind.ELSEWHERE: "{}",
}
_UNCONFIRMED_NUMBERS = ("expirationEpochTime", "lookBackPeriod")
_UNCONFIRMED_OBJECTS = ("campaignInfo",)
_SERVICE_KEYS = ("push-service", "notificationType")
_APS, _ALERT, _SOUND = ("aps",), ("aps", "alert"), ("aps", "sound")
_DATA, _PAYLOAD = ("data",), ("data", "payload")
_HINTS: dict[Path, str] = {
    ("badge",): "Outside aps: iOS shows it only if the proxy copies it to aps.badge.",
    ("aps", "badge"): "The pusher sends the count outside aps; this one is what iOS would show.",
}
_IS_TEXT = "A text here, as phones receive it: its fields are edited in the text."
_IN_THE_TEXT = "Edited in the text."


def read_form(text: str) -> FormReading | Unreadable:
    """The form of a text that may have bare variables. Never raises."""
    plain = stand_in(text)
    fault = error_place(plain)
    if fault is not None:
        line, _, offset, _ = fault
        return Unreadable(f"The text is not JSON at line {line}", offset)
    root = outline(plain)
    if root.kind != "{":
        return Unreadable("The text is not a JSON object", root.start)
    push = parse(plain.encode(errors="replace"))
    document = push.document if isinstance(push.document, dict) else {}
    layout = decide(document, Findings()).layout
    reader = _Reader(text, root)
    fields = list(reader.read(layout))
    shown, left_out = _few_others(fields)
    return FormReading(
        push.service,
        _named(document),
        _with_problems(shown, push.problems),
        reader.shape(_ALERT),
        reader.shape(_SOUND),
        left_out,
    )


def _named(document: dict[str, object]) -> Service:
    """The service that both keys name, UNKNOWN where they don't name one."""
    number, name = (document.get(key) for key in _SERVICE_KEYS)
    by_number = PUSH_SERVICES.get(number) if type(number) is int else None
    by_name = NOTIFICATION_TYPES.get(name) if isinstance(name, str) else None
    return by_number if by_number is not None and by_number is by_name else Service.UNKNOWN


class _Reader:
    """One look at one text."""

    def __init__(self, text: str, root: Node) -> None:
        self._text = text
        self._root = root

    def read(self, layout: Layout) -> Iterator[FormField]:
        top = {child.key for child in self._root.children}
        ios = layout is Layout.APS or (layout is Layout.UNKNOWN and "aps" in top)
        others = layout is Layout.DATA or (layout is Layout.UNKNOWN and "data" in top)
        nested = layout is Layout.DATA or (others and not ios)
        yield from self._documented(Envelope, (), Group.PUSH)
        if ios:
            yield from self._alert()
        if others:
            yield from self._message()
        origin = _PAYLOAD if nested else ()
        if self._is_open(origin):
            yield from self._documented(Origin, origin, Group.CONVERSATION)
        yield from self._others(ios=ios, others=others, nested=nested)
        if self._is_open(origin):
            yield from self._unconfirmed(origin)

    def shape(self, path: Path) -> Shape:
        node = self._node(path)
        if node is None:
            return Shape.ABSENT
        return {scan.STRING: Shape.TEXT, "{": Shape.OBJECT}.get(node.kind, Shape.OTHER)

    def _alert(self) -> Iterator[FormField]:
        if not self._is_open(_APS):
            yield self._closed(_APS, Group.ALERT)
            return
        for path, model in ((_ALERT, Alert), (_SOUND, Sound)):
            if self.shape(path) is Shape.OBJECT:
                yield from self._documented(model, path, Group.ALERT)
            else:
                yield self._field(path, Group.ALERT, Kind.TEXT)
        yield from self._documented(Aps, _APS, Group.ALERT, leave=("alert", "sound"))

    def _message(self) -> Iterator[FormField]:
        if not self._is_open(_DATA):
            yield self._closed(_DATA, Group.MESSAGE)
            return
        yield from self._documented(Data, _DATA, Group.MESSAGE, leave=("payload",))
        if not self._is_open(_PAYLOAD):
            yield self._closed(_PAYLOAD, Group.CONVERSATION)

    def _documented(
        self, model: type[Part], parent: Path, group: Group, *, leave: Iterable[str] = ()
    ) -> Iterator[FormField]:
        for name, described in model.model_fields.items():
            key = described.alias or name
            if key not in leave:
                kind = _KINDS.get(key) or _TYPES.get(described.annotation, Kind.ELSEWHERE)
                blank = "[]" if get_origin(described.annotation) is list else ""
                yield self._field((*parent, key), group, kind, required=described.is_required(), blank=blank)

    def _others(self, *, ios: bool, others: bool, nested: bool) -> Iterator[FormField]:
        """The keys that are not documented where they stand."""
        top = (IosPush,) if ios else (Envelope,) if nested or others else (Envelope, Origin)
        places: list[tuple[Path, tuple[type[Part], ...]]] = [((), (*top, FcmPush) if others else top)]
        if ios:
            places += [(_APS, (Aps,)), (_ALERT, (Alert,)), (_SOUND, (Sound,))]
        if others:
            places.append((_DATA, (Data,)))
            places.append((_PAYLOAD, (Origin,) if nested else ()))
        for parent, models in places:
            node = self._node(parent)
            if node is None or node.kind != "{":
                continue
            known = {key for model in models for key in model.documented()}
            for key in dict.fromkeys(child.key for child in node.children):
                if key not in known:
                    yield self._field((*parent, key), Group.OTHER, Kind.TEXT)

    def _unconfirmed(self, parent: Path) -> Iterator[FormField]:
        """The keys of proactive and IVR pushes that are not there, to be added."""
        for key in sorted(UNCONFIRMED):
            if self._node((*parent, key)) is None:
                kind = Kind.NUMBER if key in _UNCONFIRMED_NUMBERS else Kind.TEXT
                kind = Kind.ELSEWHERE if key in _UNCONFIRMED_OBJECTS else kind
                yield self._field((*parent, key), Group.OTHER, kind)

    def _field(
        self,
        path: Path,
        group: Group,
        kind: Kind,
        *,
        required: bool = False,
        hint: str = "",
        blank: str = "",
    ) -> FormField:
        hint = hint or _HINTS.get(path, "")
        node = self._node(path)
        if node is None:
            blank = blank or _BLANKS.get(kind, '""')
            return FormField(path, group, kind, required=required, hint=hint, blank=blank)
        raw = self._text[node.start : value_end(self._text, node)]
        value = raw
        if node.kind in "{[":
            kind, hint, raw, value = Kind.ELSEWHERE, hint or _IN_THE_TEXT, "", _size(node)
        elif kind is not Kind.ELSEWHERE:
            kind, value = self._scalar(kind, node, raw)
        elif node.kind == scan.STRING:
            value = clean(scan.string_value(self._text, node.start, node.end))
        return FormField(path, group, kind, required, True, node.start, raw, value, hint)

    def _scalar(self, kind: Kind, node: Node, raw: str) -> tuple[Kind, str]:
        """How a scalar is edited that is expected to be of `kind`, and the text that stands for it."""
        if node.kind == scan.STRING:
            value = scan.string_value(self._text, node.start, node.end)
            if not holdable(value):
                return Kind.ELSEWHERE, clean(value)
            if kind is Kind.NUMBER:
                return kind, raw
            return (Kind.RAW, raw) if kind is Kind.FLAG else (kind, value)
        if kind is Kind.NUMBER:
            return kind, raw
        return (kind if kind is Kind.FLAG and raw in ("0", "1") else Kind.RAW), raw

    def _closed(self, path: Path, group: Group) -> FormField:
        """What should hold fields and is no object."""
        node = self._node(path)
        is_text = node is not None and node.kind == scan.STRING
        return self._field(path, group, Kind.ELSEWHERE, hint=_IS_TEXT if is_text else _IN_THE_TEXT)

    def _is_open(self, path: Path) -> bool:
        """Whether members can be put in at `path`: it is an object, or can be made one."""
        node: Node | None = self._root
        for part in path:
            node = node.child(part) if node is not None else None
            if node is None:
                return True
            if node.kind != "{":
                return False
        return True

    def _node(self, path: Path) -> Node | None:
        node: Node | None = self._root
        for part in path:
            node = node.child(part) if node is not None else None
        return node


def _size(node: Node) -> str:
    count = len(node.children)
    if node.kind == "{":
        return "{…} one key" if count == 1 else f"{{…}} {count:,} keys"
    return "[…] one item" if count == 1 else f"[…] {count:,} items"


def _few_others(fields: list[FormField]) -> tuple[list[FormField], int]:
    others = [one for one in fields if one.group is Group.OTHER and one.present]
    rest = [one for one in fields if one.group is not Group.OTHER or not one.present]
    return rest + others[:MOST_OTHERS], max(0, len(others) - MOST_OTHERS)


def _with_problems(fields: list[FormField], problems: Iterable[Problem]) -> tuple[FormField, ...]:
    """The fields with the problems at them or within them; what a variable will be nobody can judge yet."""
    places = {one.path: place for place, one in enumerate(fields)}
    found: dict[int, list[Problem]] = {}
    for problem in problems:
        path = parse_path(problem.path)
        while path and path not in places:
            path = path[:-1]
        if path and "{{" not in fields[places[path]].value:
            found.setdefault(places[path], []).append(problem)
    return tuple(replace(one, problems=tuple(found.get(place, ()))) for place, one in enumerate(fields))
