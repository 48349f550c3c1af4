"""A request to listen as JSON, and back, every field looked at. Imports the words for listening; rules' form lazily."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

from inspector.listen_request import AUTHS, KEPT, ForwardRequest, ListenRequest

if TYPE_CHECKING:
    from inspector.listener.config import Limits
    from inspector.listener.rule import Rule

_Write = Callable[[Any], Any]
_Read = Callable[[Any], Any]


def to_json(request: ListenRequest) -> dict[str, Any]:
    """Every field by its name, in what JSON knows."""
    return _written(request, _LISTEN)


def from_json(content: object) -> ListenRequest:
    """The request again; what is not there has its default. Raises ValueError that names the field at fault, UsageError
    for its rules."""
    return ListenRequest(**_values(content, _LISTEN))


def _written(owner: object, kinds: dict[str, tuple[_Write, _Read]]) -> dict[str, Any]:
    return {name: write(getattr(owner, name)) for name, (write, _read) in kinds.items()}


def _values(content: object, kinds: dict[str, tuple[_Write, _Read]]) -> dict[str, Any]:
    if not isinstance(content, dict):
        raise TypeError("no object")
    values = {}
    for name, (_write, read) in kinds.items():
        if name in content:
            try:
                values[name] = read(content[name])
            except (ValueError, TypeError, KeyError, AttributeError) as error:
                raise ValueError(f"{name} can't be what it says there") from error
    return values


def _same(value: Any) -> Any:
    return value


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError("no text")
    return value


def _flag(value: object) -> bool:
    if not isinstance(value, bool):
        raise TypeError("no yes or no")
    return value


def _whole(least: int, most: int) -> _Read:
    def read(value: object) -> int:
        if type(value) is not int or not least <= value <= most:
            raise ValueError("out of range")
        return value

    return read


def _seconds(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 < value < math.inf:
        raise ValueError("no time")
    return float(value)


def _one_of(*words: str) -> _Read:
    def read(value: object) -> str:
        if value not in words:
            raise ValueError("no such word")
        return _text(value)

    return read


def _list(value: object) -> list[Any]:
    if not isinstance(value, list):
        raise TypeError("no list")
    return value


def _texts(value: object) -> tuple[str, ...]:
    return tuple(_text(one) for one in _list(value))


def _path(value: object) -> Path:
    if not _text(value):
        raise ValueError("no file")
    return Path(_text(value))


def _paths(value: object) -> tuple[Path, ...]:
    return tuple(_path(one) for one in _list(value))


def _write_paths(paths: tuple[Path, ...]) -> list[str]:
    # What was named in one folder must be found from another one.
    return [str(path.absolute()) for path in paths]


def _optional(kind: tuple[_Write, _Read]) -> tuple[_Write, _Read]:
    write, read = kind
    return (
        lambda value: None if value is None else write(value),
        lambda value: None if value is None else read(value),
    )


def _write_headers(headers: tuple[tuple[str, str], ...]) -> list[dict[str, str]]:
    return [{"name": name, "value": value} for name, value in headers]


_secret = _one_of("", KEPT)  # in clear it would be no secret


def _headers(value: object) -> tuple[tuple[str, str], ...]:
    return tuple((_text(one["name"]), _secret(one["value"])) for one in _list(value))


def _write_rules(rules: tuple[Rule, ...]) -> list[dict[str, object]]:
    if not rules:
        return []
    from inspector.listener.rule_json import rules_to_data

    return rules_to_data(rules)


def _rules(value: object) -> tuple[Rule, ...]:
    if value == []:
        return ()
    from inspector.listener.rule_json import rules_from_data

    return rules_from_data(value)


def _write_forward(forward: ForwardRequest) -> dict[str, Any]:
    return _written(forward, _FORWARD)


def _forward(value: object) -> ForwardRequest:
    return ForwardRequest(**_values(value, _FORWARD))


def _write_limits(limits: Limits) -> dict[str, float]:
    return {one.name: getattr(limits, one.name) for one in fields(limits)}


def _limits(value: object) -> Limits:
    from inspector.listener.config import Limits

    kinds: dict[str, tuple[_Write, _Read]] = {
        one.name: (_same, _seconds if one.name.endswith("_seconds") else _whole(1, 2**40))
        for one in fields(Limits)
    }
    return Limits(**_values(value, kinds))


_FORWARD: dict[str, tuple[_Write, _Read]] = {
    "url": (_same, _text),
    "identity": (_same, _text),
    "insecure": (_same, _flag),
    "ca_files": (_write_paths, _paths),
    "timeout": (_same, _seconds),
    "returns_answer": (_same, _flag),
}
_LISTEN: dict[str, tuple[_Write, _Read]] = {
    "host": (_same, _text),
    "port": (_same, _whole(0, 65535)),
    "auth": (_same, _one_of(*AUTHS)),
    "lenient": (_same, _flag),
    "basic_user": (_same, _text),
    "basic_password": (_same, _secret),
    "server_identity": (_same, _text),
    "client_ca_files": (_write_paths, _paths),
    "client_fingerprints": (list, _texts),
    "client_subjects": (list, _texts),
    "crl_files": (_write_paths, _paths),
    "expected_headers": (_write_headers, _headers),
    "status": (_same, _whole(200, 599)),
    "delay_ms": (_same, _whole(0, 2**40)),
    "fail_first": (_same, _whole(0, 2**40)),
    "drop": (_same, _flag),
    "rules": (_write_rules, _rules),
    "forward": _optional((_write_forward, _forward)),
    "proxy_protocol_from": (list, _texts),
    "certificate_header": (_same, _text),
    "key_log": _optional((lambda path: str(path.absolute()), _path)),
    "limits": _optional((_write_limits, _limits)),
}
