"""The bodies to begin with."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path

import pytest

from inspector import resources
from inspector.contract.parse import parse
from inspector.contract.push import Push, Service, Severity
from inspector.contract.refusals import refusals
from inspector.errors import UsageError
from inspector.sender.templates import all_templates, find, names

ROOT = Path(__file__).parent.parent.parent
# Of the documents' examples, byte by byte.
DOCUMENTED = {
    "ios": (395, "fa39087fe1792038ac5247a5d9d410be8870fd49458ff091577fc07a2e980ffd"),
    "fcm": (425, "7b2d78377024772d5ef34ef0576608995a72dd53aa64a8a56439925a2af89acd"),
    "huawei": (428, "4329a9422a5d7e65abe2095b71c32bed76c158bdd6f69fb2f11ba7e9761d4bb2"),
}


@pytest.mark.parametrize("name", DOCUMENTED)
def test_the_documented_samples_are_as_documented(name: str) -> None:
    template = find(name)
    assert (len(template.body), hashlib.sha256(template.body).hexdigest()) == DOCUMENTED[name]
    assert "documented" in template.tags


def test_the_index_names_every_file() -> None:
    files = {*resources.names("templates", ".json"), *resources.names("templates", ".body")}
    assert sorted(names()) == sorted(files - {"index"})
    assert len(set(names())) == len(names())
    assert names()[:3] == ("ios", "fcm", "huawei")
    assert names() == tuple(template.name for template in all_templates())


@pytest.mark.parametrize("name", names())
def test_a_template_is_what_it_says(name: str) -> None:
    template = find(name)
    push = parse(template.body)
    assert template.title
    assert template.description.endswith(".")
    assert template.tags
    assert push.service is template.service
    codes = {problem.code for problem in push.problems}
    if template.unconfirmed:
        assert codes == {"unconfirmed_key"}
        assert {problem.severity for problem in push.problems} == {Severity.INFO}
    else:
        # what is told of every FCM and Huawei push is no finding
        told = {one.code for one in refusals(push)} - {
            one.code for one in refusals(parse(find(_plain(push)).body))
        }
        told |= {one.code for one in refusals(push) if one.severity is not Severity.INFO}
        assert codes | told == set(template.findings)
    assert bool(template.findings) is bool({"known-bad", "limits"} & set(template.tags))
    if "refused" in template.tags:
        assert template.name.startswith("refused-")
        assert codes != set(template.findings)
    elif "known-bad" in template.tags:
        assert template.name.startswith("bad-")
        assert codes
    assert template.unconfirmed is ("proactive" in template.tags)
    assert (len(template.body) > 4096) is ("limits" in template.tags)
    if "known-bad" not in template.tags:
        assert isinstance(json.loads(template.body), dict)


def _plain(push: Push) -> str:
    return {Service.FCM: "fcm", Service.HUAWEI: "huawei"}.get(push.service, "ios")


def test_every_known_bad_case_is_there() -> None:
    """Each code that the contract tells, found in its sources, has a template that shows it."""
    shown = {code for template in all_templates() for code in template.findings}
    modules = (ROOT / "inspector" / "contract").glob("*.py")
    source = "".join(path.read_text(encoding="utf-8") for path in modules if path.stem != "refusals")
    told = set(re.findall(r'(?:findings\.add|_report)\(\s*"([a-z_]+)"', source))
    assert told >= {"not_json", "lone_surrogate", "missing_field"}
    assert told - {"unconfirmed_key"} <= shown
    apns = {"400 PayloadEmpty", "400 BadDeviceToken", "400 InvalidPushType", "413 PayloadTooLarge", "ignored"}
    assert {*apns, "400 INVALID_ARGUMENT", "80300008"} <= shown


def test_every_service_has_emoji_and_oversize() -> None:
    for service in ("ios", "fcm", "huawei"):
        assert {f"{service}-emoji", f"{service}-oversize"} <= set(names())


def test_every_service_has_templates() -> None:
    assert {template.service for template in all_templates()} == set(Service)


@pytest.mark.parametrize(
    ("name", "near"),
    [
        ("IOS", "Did you mean ios?"),
        ("fmc", "fcm"),
        ("ios.json", "ios"),
        ("huawai", "huawei"),
        ("bad", "bad-not-json"),
    ],
)
def test_an_unknown_name_gets_the_near_ones(name: str, near: str) -> None:
    with pytest.raises(UsageError) as caught:
        find(name)
    assert near in caught.value.next_step


@pytest.mark.parametrize("name", ["", "zzzz", "x" * 100_000, "\ud800", "../../etc/passwd"])
def test_a_name_that_is_near_to_none_gets_the_way_to_all(name: str) -> None:
    with pytest.raises(UsageError) as caught:
        find(name)
    assert "send --list" in caught.value.next_step
    assert len(caught.value.message) < 100
    assert str(caught.value).encode() is not None
