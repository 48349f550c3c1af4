"""Variables in the place of values: found outside strings only, and stood in for at the same length."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inspector.contract.text import reformat
from inspector.contract.variable_places import is_variable, stand_in, variable_end


@pytest.mark.parametrize(
    ("text", "after"),
    [
        ('{"badge": {{badge}}}', '{"badge": 0        }'),
        ('{"a":{{x}},"b":[{{random 1 6}},{{ y }}]}', '{"a":0    ,"b":[0             ,0      ]}'),
        ('{"a": "{{x}}"}', '{"a": "{{x}}"}'),
        ('{"a": "\\"{{x}}", "b": {{x}}}', '{"a": "\\"{{x}}", "b": 0    }'),
        ('{"a": 1{{x}}}', '{"a": 1{{x}}}'),
        ('{"a": {{x}}5}', '{"a": {{x}}5}'),
        ('{"a": {{x}}{{y}}}', '{"a": {{x}}{{y}}}'),
        ('{"a": {{ }}}', '{"a": {{ }}}'),
        ('{"a": {{x}}', '{"a": 0    '),
        ('{"a": "open {{x}}\n, "b": {{x}}}', '{"a": "open {{x}}\n, "b": 0    }'),
        ("{}", "{}"),
    ],
)
def test_what_stands_in(text: str, after: str) -> None:
    assert stand_in(text) == after


@given(st.text(alphabet='{}"\\ab1,:[] \n'))
@settings(max_examples=300)
def test_the_length_stays_and_json_is_left_alone(text: str) -> None:
    plain = stand_in(text)
    assert len(plain) == len(text)
    try:
        json.loads(text)
    except ValueError:
        return
    assert plain == text


def test_one_variable_and_its_end() -> None:
    assert is_variable("{{random 1 6}}")
    assert not any(map(is_variable, ("{{}}", "{{a}} ", "{a}", "{{a}}{{b}}", "")))
    assert variable_end('[{{a}}, "b"]', 1) == 6
    assert variable_end("[{}]", 1) is None


def test_layout_keeps_variables_where_asked() -> None:
    text = '{"a":{{x}},"b":[1,{{y}}]}'
    assert reformat(text, variables=True) == '{\n  "a": {{x}},\n  "b": [\n    1,\n    {{y}}\n  ]\n}'
    assert reformat(text) == text
