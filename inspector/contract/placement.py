"""Finds the keys of a body that stand where the documents know none of that name: new ones, ones of older
documents, and ones that belong elsewhere. Pure; imports its own room."""

from __future__ import annotations

from functools import cache

from inspector.contract.anatomy import Anatomy, JsonObject
from inspector.contract.findings import Findings
from inspector.contract.models import (
    OLD_BRAND_ID,
    UNCONFIRMED,
    Alert,
    Aps,
    Envelope,
    Origin,
    Part,
    Sound,
)
from inspector.contract.paths import Path, format_path
from inspector.contract.push import Severity
from inspector.contract.service import Layout

Models = tuple[type[Part], ...]

_APNS_PARTS = (Aps, Alert, Sound)
_NAMED_BY_THE_SERVICE = ("aps", "data")  # at the top, judged where the service is decided


class Placement:
    """One look at the keys of one body. `found_elsewhere` then holds the documented keys that need not be
    called missing, as they are there in another place or spelling."""

    def __init__(self, anatomy: Anatomy, layout: Layout, findings: Findings) -> None:
        self.found_elsewhere: set[str] = set()
        self._anatomy = anatomy
        self._findings = findings
        self._homes = _homes(layout)

    def look(self, value: JsonObject, models: Models, path: Path = ()) -> None:
        """Goes through an object that one of `models` describes, and through the parts that they know of."""
        for key, child in value.items():
            parts = tuple(model.parts[key] for model in models if key in model.parts)
            if parts and isinstance(child, dict):
                self.look(child, parts, (*path, key))
            elif not any(key in model.documented() for model in models) and (
                path or key not in _NAMED_BY_THE_SERVICE
            ):
                self._unknown(value, models, path, key)

    def _unknown(self, value: JsonObject, models: Models, path: Path, key: str) -> None:
        here = (*path, key)
        in_apns = issubclass(models[0], _APNS_PARTS)
        if key == OLD_BRAND_ID and not in_apns:
            self._old_brand_id(value, here)
        elif (home := self._homes.get(key)) is not None:
            self._misplaced(value, here, home)
        elif key in UNCONFIRMED and not in_apns:
            self._findings.add(
                "unconfirmed_key",
                Severity.INFO,
                here,
                "{path} is known from documents on proactive pushes only, and was never confirmed.",
            )
        else:
            intended = _intended(key, models)
            self._findings.add(
                "undocumented_key",
                Severity.INFO if in_apns else Severity.WARNING,
                here,
                "{path} is not a documented key; ‘{intended}’ is."
                if intended
                else "{path} is not a documented key here.",
                intended=intended,
            )

    def _old_brand_id(self, value: JsonObject, here: Path) -> None:
        self.found_elsewhere.add("brandId")
        if "brandId" in value and value["brandId"] != value[OLD_BRAND_ID]:
            self._findings.add(
                "conflicting_value",
                Severity.ERROR,
                here,
                "{path} differs from brandId beside it; both spell the same field.",
            )
            return
        self._findings.add(
            "old_spelling",
            Severity.WARNING,
            here,
            "{path} is spelled as in older documents; ‘brandId’ was expected.",
        )

    def _misplaced(self, value: JsonObject, here: Path, home: Path) -> None:
        key = str(here[-1])
        at_home = {0: self._anatomy.top, 1: self._anatomy.data}.get(len(home), self._anatomy.payload) or {}
        if key in at_home and at_home[key] != value[key]:
            self._findings.add(
                "conflicting_value",
                Severity.ERROR,
                here,
                "{path} differs from {home}, where it belongs.",
                home=format_path((*home, key)),
            )
            return
        self.found_elsewhere.add(key)
        self._findings.add(
            "misplaced_field",
            Severity.WARNING,
            here,
            "{path} stands in the wrong place; it belongs {home}.",
            home=f"in {format_path(home)}" if home else "at the top",
        )


def _homes(layout: Layout) -> dict[str, Path]:
    """By a documented key's name, the path of the object that holds it."""
    homes: dict[str, Path] = dict.fromkeys(Envelope.documented(), ())
    if layout is Layout.APS:
        homes |= dict.fromkeys(Origin.documented(), ())
    elif layout is Layout.DATA:
        homes |= {"message": ("data",), "payload": ("data",)}
        homes |= dict.fromkeys(Origin.documented(), ("data", "payload"))
    return homes


def _intended(key: str, models: Models) -> str:
    """The documented key that an undocumented one resembles but for case, hyphens and underscores."""
    return _documented_by_plain(models).get(_plain(key), "")


@cache
def _documented_by_plain(models: Models) -> dict[str, str]:
    return {_plain(key): key for model in models for key in model.documented()}


def _plain(key: str) -> str:
    return key[:60].lower().replace("-", "").replace("_", "")
