"""A saved request to send as JSON, and back, every field looked at. Imports the words for sending; no I/O."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from inspector import json_fields as fields
from inspector.contract.masking import is_credential
from inspector.sender.request import KEPT, TLS_VERSIONS, SendRequest, TrustKind


def to_json(request: SendRequest) -> dict[str, Any]:
    """Every field by its name, in what JSON knows; the secrets must be `KEPT` or empty by now."""
    return {
        **fields.written(request, _FIELDS),
        "headers": [
            {"name": name, "value": value, "secret": is_secret(request, name)}
            for name, value in request.headers
        ],
    }


def from_json(content: dict[str, Any], identifier: str) -> SendRequest:
    """The request again; what is not there has its default. Raises ValueError or TypeError that names the field at
    fault."""
    own = fields.values(content, {"headers": (fields.same, _headers)}).get("headers", ())
    headers = tuple((name, value) for name, value, _secret in own)
    secret = tuple(dict.fromkeys(name for name, _value, secret in own if secret))
    request = SendRequest(
        **{"url": "", **fields.values(content, _FIELDS)}, headers=headers, secret_headers=secret
    )
    return replace(request, secrets_of=identifier if _has_kept(request) else "")


def is_secret(request: SendRequest, header: str) -> bool:
    """Whether the value of this header is secret: marked so, or a credential by its name."""
    return is_credential(header) or header.lower() in {name.lower() for name in request.secret_headers}


def _has_kept(request: SendRequest) -> bool:
    values = (request.basic_password, request.proxy_password, *(value for _name, value in request.headers))
    return KEPT in values


def _headers(value: object) -> tuple[tuple[str, str, bool], ...]:
    found = []
    for one in fields.listed(value):
        secret = fields.flag(one.get("secret", False))
        read = _secret if secret else fields.text
        found.append((fields.text(one["name"]), read(one["value"]), secret))
    return tuple(found)


_secret = fields.one_of("", KEPT)  # in clear it would be no secret
_version = fields.one_of(*TLS_VERSIONS)
_FIELDS: fields.Kinds = {
    "url": (fields.same, fields.text),
    "identity": (fields.same, fields.text),
    "trust": (str, TrustKind),
    "ca_files": (fields.write_paths, fields.paths),
    "pin": (fields.same, fields.text),
    "tls_min": (fields.same, _version),
    "tls_max": (fields.same, _version),
    "basic_user": (fields.same, fields.text),
    "basic_password": (fields.same, _secret),
    "timeout": (fields.same, fields.seconds),
    "connect_timeout": fields.optional((fields.same, fields.seconds)),
    "proxy": (fields.same, fields.text),
    "proxy_user": (fields.same, fields.text),
    "proxy_password": (fields.same, _secret),
}
