"""The bodies to begin with."""

from __future__ import annotations

import hashlib
import json

import pytest

from inspector import resources
from inspector.contract.parse import parse
from inspector.contract.push import Service, Severity
from inspector.errors import UsageError
from inspector.sender.templates import all_templates, find, names

# Of the documents' examples, byte by byte.
DOCUMENTED = {
    "ios": (395, "fa39087fe1792038ac5247a5d9d410be8870fd49458ff091577fc07a2e980ffd"),
    "fcm": (425, "7b2d78377024772d5ef34ef0576608995a72dd53aa64a8a56439925a2af89acd"),
    "huawei": (428, "4329a9422a5d7e65abe2095b71c32bed76c158bdd6f69fb2f11ba7e9761d4bb2"),
}
EXPECTED_PROBLEMS = {
    "bad-not-json": {"not_json"},
    "bad-duplicate-keys": {"duplicate_key"},
    "bad-conflicting-service": {"conflicting_service"},
    "bad-wrong-types": {"wrong_type", "not_a_uuid"},
    "bad-payload-as-text": {"wrong_type"},
    "bad-old-spelling": {"old_spelling"},
    "bad-missing-fields": {"missing_field", "undocumented_key"},
}


@pytest.mark.parametrize("name", DOCUMENTED)
def test_the_documented_samples_are_as_documented(name: str) -> None:
    template = find(name)
    assert (len(template.body), hashlib.sha256(template.body).hexdigest()) == DOCUMENTED[name]
    assert "documented" in template.tags


def test_the_index_names_every_file() -> None:
    assert sorted(names()) == sorted(set(resources.names("templates", ".json")) - {"index"})
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
    if "known-bad" in template.tags:
        assert codes == EXPECTED_PROBLEMS[name]
    elif template.unconfirmed:
        assert codes == {"unconfirmed_key"}
        assert {problem.severity for problem in push.problems} == {Severity.INFO}
    else:
        assert codes == set()
    assert template.unconfirmed is ("proactive" in template.tags)
    assert (len(template.body) > 4096) is ("limits" in template.tags)
    if name != "bad-not-json":
        assert isinstance(json.loads(template.body), dict)


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
def test_a_name_that_is_near_to_none_gets_all(name: str) -> None:
    with pytest.raises(UsageError) as caught:
        find(name)
    assert all(known in caught.value.next_step for known in names())
    assert len(caught.value.message) < 100
    assert str(caught.value).encode() is not None
