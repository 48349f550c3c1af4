"""One value of a body is changed, and no other byte."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from inspector.contract.paths import Path, format_path, parse_path
from inspector.contract.text import locate
from inspector.errors import UsageError
from inspector.sender.edit import remove_value, set_value
from inspector.sender.templates import find

TEXTS = st.text(max_size=6)
JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=12,
)
OBJECTS = st.dictionaries(TEXTS, JSON_VALUES, max_size=4)
LAYOUTS = st.sampled_from(
    [{}, {"indent": 2}, {"indent": "\t"}, {"separators": (",", ":")}, {"ensure_ascii": False}]
)


def paths_of(value: object, here: Path = ()) -> list[Path]:
    """Every path of a document but the empty one."""
    entries = (
        value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    )
    found: list[Path] = []
    for part, child in entries:
        found += [(*here, part), *paths_of(child, (*here, part))]
    return found


def put(document: Any, path: Path, value: object) -> None:
    for part in path[:-1]:
        document = document[part]
    document[path[-1]] = value


@given(st.data(), OBJECTS, LAYOUTS, JSON_VALUES)
def test_a_value_that_is_there_is_replaced(
    data: st.DataObject, document: dict[str, Any], layout: dict[str, Any], value: object
) -> None:
    assume(document)
    path = data.draw(st.sampled_from(paths_of(document)))
    literal = json.dumps(value)
    text = json.dumps(document, **layout)
    changed = set_value(text.encode(), f"{format_path(path)}={literal}").decode()
    put(document, path, value)
    assert json.loads(changed) == document
    assert list(json.loads(changed)) == list(document)
    start, end = locate(text, format_path(path)) or (0, 0)
    assert changed.startswith(text[:start])
    assert changed.endswith(text[end:])
    assert len(changed) <= len(text) + len(literal)


@given(st.data(), OBJECTS, LAYOUTS, JSON_VALUES, st.lists(TEXTS, min_size=1, max_size=3))
def test_a_value_that_is_new_is_added_at_the_end(
    data: st.DataObject, document: dict[str, Any], layout: dict[str, Any], value: object, new: list[str]
) -> None:
    def objects(value: object) -> bool:
        return isinstance(value, dict)

    inside: list[Path] = [(), *(path for path in paths_of(document) if objects(at(document, path)))]
    path = data.draw(st.sampled_from(inside))
    assume(new[0] not in at(document, path))
    text = json.dumps(document, **layout)
    changed = set_value(text.encode(), f"{format_path((*path, *new))}={json.dumps(value)}").decode()
    nested: object = value
    for key in reversed(new[1:]):
        nested = {key: nested}
    at(document, path)[new[0]] = nested
    assert json.loads(changed) == document
    assert json.dumps(json.loads(changed)) == json.dumps(document)  # the order too
    if "indent" in layout and len(at(document, path)) > 1 and isinstance(nested, int):
        expected = json.dumps(document, **layout)
        readable = new[0].isascii() and new[0].isalnum()
        assert changed == expected or not readable  # how a new key is escaped is our own affair


def at(document: Any, path: Path) -> Any:
    for part in path:
        document = document[part]
    return document


@given(st.data(), OBJECTS, LAYOUTS)
def test_what_is_removed_is_gone_and_nothing_else(
    data: st.DataObject, document: dict[str, Any], layout: dict[str, Any]
) -> None:
    assume(document)
    path = data.draw(st.sampled_from(paths_of(document)))
    changed = remove_value(json.dumps(document, **layout).encode(), format_path(path))
    del at(document, path[:-1])[path[-1]]
    assert json.dumps(json.loads(changed)) == json.dumps(document)


def assert_it_helps(refusal: UsageError) -> None:
    assert refusal.next_step
    assert "\n" not in str(refusal.message)
    assert str(refusal).encode() is not None


@given(st.binary() | OBJECTS.map(json.dumps).map(str.encode), st.text() | TEXTS.map("a={}".format))
def test_it_works_or_says_why(body: bytes, assignment: str) -> None:
    for change in (set_value, remove_value):
        try:
            changed = change(body, assignment)
        except UsageError as refusal:
            assert_it_helps(refusal)
        else:
            assert isinstance(json.loads(changed), dict)


@pytest.mark.parametrize(
    ("assignment", "before", "after"),
    [
        ("aps.alert=Hi", '"alert": "My Test: 123"', '"alert": "Hi"'),
        ("badge=7", '"badge": 1,', '"badge": 7,'),
        ('badge="7"', '"badge": 1,', '"badge": "7",'),
        ("badge= 7 ", '"badge": 1,', '"badge": 7,'),
        ("badge=1.10", '"badge": 1,', '"badge": 1.10,'),
        ("badge=1e999", '"badge": 1,', '"badge": 1e999,'),
        ("badge=" + "9" * 5000, '"badge": 1,', f'"badge": {"9" * 5000},'),
        ("badge=null", '"badge": 1,', '"badge": null,'),
        ("badge=NaN", '"badge": 1,', '"badge": "NaN",'),
        ("badge=07", '"badge": 1,', '"badge": "07",'),
        ("device-token=abc", '"01408800000259"', '"abc"'),
        ("device-token=", '"01408800000259"', '""'),
        ("device-token=a=b", '"01408800000259"', '"a=b"'),
        ('aps.alert=He said "hi"', '"My Test: 123"', '"He said \\"hi\\""'),
        ("aps.alert=Grüße 😀", '"My Test: 123"', '"Grüße 😀"'),
        ("aps.alert=a\nb", '"My Test: 123"', '"a\\nb"'),
        ("aps.alert= spaces ", '"My Test: 123"', '" spaces "'),
        ('aps.alert={"title":"x",  "body":1.0}', '"My Test: 123"', '{"title":"x",  "body":1.0}'),
        ('["push-service"]=2', '"push-service": 1', '"push-service": 2'),
        ("['push-service']=2", '"push-service": 1', '"push-service": 2'),
        ("new=1", '"notificationType": "apn"\n', '"notificationType": "apn",\n  "new": 1\n'),
        ("aps.badge=1", '"sound": "default"\n', '"sound": "default",\n    "badge": 1\n'),
        ('["a.b"].c=1', '"notificationType": "apn"\n', '"notificationType": "apn",\n  "a.b": {"c": 1}\n'),
        (
            "list[0].b=x",
            '"notificationType": "apn"\n',
            '"notificationType": "apn",\n  "list": [{"b": "x"}]\n',
        ),
    ],
)
def test_the_documented_sample_is_changed_in_one_place(assignment: str, before: str, after: str) -> None:
    body = find("ios").body
    assert body.decode().count(before) == 1
    assert set_value(body, assignment) == body.replace(before.encode(), after.encode())


@pytest.mark.parametrize(
    ("body", "assignment", "after"),
    [
        ('{"a":[1,2]}', "a[1]=3", '{"a":[1,3]}'),
        ('{"a":[1,2]}', "a[2]=3", '{"a":[1,2,3]}'),
        ('{"a":[1, 2]}', "a[2]=3", '{"a":[1, 2, 3]}'),
        ('{"a":[]}', "a[0].b=3", '{"a":[{"b":3}]}'),
        ('{"a":{}}', "a.b.c=3", '{"a":{"b":{"c":3}}}'),
        ('{"a" : {\n}}', "a.b=3", '{"a" : {"b" : 3\n}}'),
        ("{}", "a=3", '{"a": 3}'),
        (' {"a":1}\n', "b=3", ' {"a":1,"b":3}\n'),
        ('{"a":1,"a":2}', "a=3", '{"a":1,"a":3}'),
        ('{"a":{"x":1},"a":{"y":1}}', "a.x=3", '{"a":{"x":1},"a":{"y":1,"x":3}}'),
        ('{"\\u0061":1.10,"b":1E2}', "a=3", '{"\\u0061":3,"b":1E2}'),
        ('{"a":NaN,"b":-0}', "c=3", '{"a":NaN,"b":-0,"c":3}'),
        ('\ufeff{"a":1}', "a=3", '\ufeff{"a":3}'),
        ('{"":1}', '[""]=3', '{"":3}'),
        ('{"a b":1}', "a b=3", '{"a b":3}'),
        ('{"a":' + "[" * 5000 + "]" * 5000 + "}", "b=3", '{"a":' + "[" * 5000 + "]" * 5000 + ',"b":3}'),
    ],
)
def test_bodies_of_any_layout(body: str, assignment: str, after: str) -> None:
    assert set_value(body.encode(), assignment).decode() == after


@pytest.mark.parametrize(
    ("body", "path", "after"),
    [
        ('{"a":1, "b":2, "c":3}', "a", '{"b":2, "c":3}'),
        ('{"a":1, "b":2, "c":3}', "b", '{"a":1, "c":3}'),
        ('{"a":1, "b":2, "c":3}', "c", '{"a":1, "b":2}'),
        ('{ "a":1 }', "a", "{  }"),
        ('{"a":1,"b":1,"a":2,"a":3}', "a", '{"b":1}'),
        ('{"a":1,"a":2,"b":1,"a":3,"c":5}', "a", '{"b":1,"c":5}'),
        ('{"a":1,"a":2}', "a", "{}"),
        ('{"a":[1,2,3]}', "a[1]", '{"a":[1,3]}'),
        ('{"a":[1]}', "a[0]", '{"a":[]}'),
        ('{"a":{"b":1},"c":2}', "a.b", '{"a":{},"c":2}'),
    ],
)
def test_removing(body: str, path: str, after: str) -> None:
    assert remove_value(body.encode(), path).decode() == after


@pytest.mark.parametrize(
    ("body", "assignment", "says"),
    [
        ("{}", "badge", "no ‘=’"),
        ("{}", "", "no ‘=’"),
        ("{}", "=7", "no path"),
        ("{}", "a..b=7", 'after "a."'),
        ("{}", "a[x]=7", "can't be read"),
        ("{}", "a[-1]=7", "can't be read"),
        ("{}", "a[1]=7", "a new list has no item 1 yet"),
        ("{}", "[0]=7", "The body is an object, so it has no item [0]"),
        ('{"a":"x"}', "a.b=7", "a is a string"),
        ('{"a":5}', "a.b=7", "a is a number"),
        ('{"a":null}', "a.b=7", "a is null"),
        ('{"a":"x"}', "a[0]=7", "a is a string"),
        ('{"a":[1]}', "a.b=7", "a is a list, so it has no key b"),
        ('{"a":[1]}', "a[2]=7", "a has 1 items"),
        ('{"a":{}}', "a[0]=7", "a is an object, so it has no item [0]"),
        ("[]", "a=7", "not a JSON object"),
        ("5", "a=7", "not a JSON object"),
        ("", "a=7", "not JSON at line 1, column 1"),
        ('{"a":1,}', "a=7", "line 1, column 8: a comma stands before ‘}’"),
        ('{"a":1} {}', "a=7", "already ended"),
    ],
)
def test_what_can_not_be_done_says_why(body: str, assignment: str, says: str) -> None:
    with pytest.raises(UsageError) as caught:
        set_value(body.encode(), assignment)
    assert says in caught.value.message
    assert caught.value.next_step
    assert "\n" not in caught.value.message


@pytest.mark.parametrize("body", ['{"a":1}'.encode("utf-16"), b'{"a":"\xff"}'])
def test_a_body_in_another_encoding_is_refused(body: bytes) -> None:
    with pytest.raises(UsageError, match="not UTF-8"):
        set_value(body, "a=1")


@pytest.mark.parametrize("assignment", ["a=\udcff", "\udcff=1"])
def test_an_assignment_that_is_not_unicode_is_refused(assignment: str) -> None:
    with pytest.raises(UsageError, match="not clean Unicode"):
        set_value(b"{}", assignment)


@pytest.mark.parametrize("path", ["", "b", "a.b", "a[0]", "a[", "[0]"])
def test_what_is_not_there_can_not_be_removed(path: str) -> None:
    with pytest.raises(UsageError) as caught:
        remove_value(b'{"a":1}', path)
    assert caught.value.next_step


def test_no_message_shows_a_value() -> None:
    for body, assignment in (
        (b"{}", "device-token:secret"),
        (b"{}", "device-token[secret"),
        (b"{}", "device-token]=secret"),
        (b'{"a":"secret"}', "a.b=secret"),
        (b"{}", "device-token=secret\udcff"),
        (b'{"device-token": secret}', "a=1"),
    ):
        with pytest.raises(UsageError) as caught:
            set_value(body, assignment)
        assert "secret" not in str(caught.value)


@given(st.lists(TEXTS | st.integers(0, 3), min_size=1, max_size=4).map(tuple))
def test_any_path_can_be_written(path: Path) -> None:
    assume(isinstance(path[0], str) and all(part == 0 for part in path if isinstance(part, int)))
    changed = json.loads(set_value(b"{}", f"{format_path(path)}=x"))
    assert at(changed, parse_path(format_path(path))) == "x"
