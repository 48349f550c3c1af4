"""A request to listen as JSON, and back, every field looked at. Imports the words for listening; rules' form lazily."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING, Any

from inspector import json_fields
from inspector.listen_request import AUTHS, KEPT, ForwardRequest, ListenRequest

if TYPE_CHECKING:
    from inspector.listener.config import Limits
    from inspector.listener.rule import Rule


def to_json(request: ListenRequest) -> dict[str, Any]:
    """Every field by its name, in what JSON knows."""
    return json_fields.written(request, _LISTEN)


def from_json(content: object) -> ListenRequest:
    """The request again; what is not there has its default. Raises ValueError that names the field at fault, UsageError
    for its rules."""
    return ListenRequest(**json_fields.values(content, _LISTEN))


def _write_headers(headers: tuple[tuple[str, str], ...]) -> list[dict[str, str]]:
    return [{"name": name, "value": value} for name, value in headers]


_secret = json_fields.one_of("", KEPT)  # in clear it would be no secret


def _headers(value: object) -> tuple[tuple[str, str], ...]:
    return tuple((json_fields.text(one["name"]), _secret(one["value"])) for one in json_fields.listed(value))


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
    return json_fields.written(forward, _FORWARD)


def _forward(value: object) -> ForwardRequest:
    return ForwardRequest(**json_fields.values(value, _FORWARD))


def _write_limits(limits: Limits) -> dict[str, float]:
    return {one.name: getattr(limits, one.name) for one in fields(limits)}


def _limits(value: object) -> Limits:
    from inspector.listener.config import Limits

    kinds: dict[str, json_fields.Kind] = {
        one.name: (
            json_fields.same,
            json_fields.seconds if one.name.endswith("_seconds") else json_fields.whole(1, 2**40),
        )
        for one in fields(Limits)
    }
    return Limits(**json_fields.values(value, kinds))


_FORWARD: dict[str, json_fields.Kind] = {
    "url": (json_fields.same, json_fields.text),
    "identity": (json_fields.same, json_fields.text),
    "insecure": (json_fields.same, json_fields.flag),
    "ca_files": (json_fields.write_paths, json_fields.paths),
    "timeout": (json_fields.same, json_fields.seconds),
    "returns_answer": (json_fields.same, json_fields.flag),
}
_LISTEN: dict[str, json_fields.Kind] = {
    "host": (json_fields.same, json_fields.text),
    "port": (json_fields.same, json_fields.whole(0, 65535)),
    "auth": (json_fields.same, json_fields.one_of(*AUTHS)),
    "lenient": (json_fields.same, json_fields.flag),
    "basic_user": (json_fields.same, json_fields.text),
    "basic_password": (json_fields.same, _secret),
    "server_identity": (json_fields.same, json_fields.text),
    "client_ca_files": (json_fields.write_paths, json_fields.paths),
    "client_fingerprints": (list, json_fields.texts),
    "client_subjects": (list, json_fields.texts),
    "crl_files": (json_fields.write_paths, json_fields.paths),
    "expected_headers": (_write_headers, _headers),
    "status": (json_fields.same, json_fields.whole(200, 599)),
    "delay_ms": (json_fields.same, json_fields.whole(0, 2**40)),
    "fail_first": (json_fields.same, json_fields.whole(0, 2**40)),
    "drop": (json_fields.same, json_fields.flag),
    "rules": (_write_rules, _rules),
    "forward": json_fields.optional((_write_forward, _forward)),
    "proxy_protocol_from": (list, json_fields.texts),
    "certificate_header": (json_fields.same, json_fields.text),
    "key_log": json_fields.optional((lambda path: str(path.absolute()), json_fields.path)),
    "limits": json_fields.optional((_write_limits, _limits)),
}
