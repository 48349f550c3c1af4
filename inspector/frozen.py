"""Frozen dataclasses that are quick to make, for records of which each push needs some. Imports nothing of the package.

The `__init__` that Python writes for a frozen class looks up `object.__setattr__` and then the field, by name, for
each field: 29 fields took 8 to 11 µs, a tenth of what a push costs the listener. This one calls the fields' own
descriptors, which takes a third of that. The class is as frozen as before.
"""

from __future__ import annotations

from dataclasses import MISSING, fields
from typing import Any, TypeVar

_T = TypeVar("_T")


def quickly_made(cls: type[_T]) -> type[_T]:
    """Put above `@dataclass(frozen=True, slots=True)`. Raises TypeError for what such a class seldom has:
    `__post_init__`, default factories, and fields that `__init__` does not take by position."""
    if "__slots__" not in vars(cls) or hasattr(cls, "__post_init__"):
        raise TypeError(f"{cls.__name__} must have slots and no __post_init__")
    names: dict[str, Any] = {}
    parameters, lines = [], []
    for place, field in enumerate(fields(cls)):  # type: ignore[arg-type] # it is a dataclass, or this raises
        if not field.init or field.kw_only or field.default_factory is not MISSING:
            raise TypeError(f"{cls.__name__}.{field.name} is of a kind that can't be made quickly")
        names[f"_set_{place}"] = getattr(cls, field.name).__set__
        names[f"_default_{place}"] = field.default
        parameters.append(field.name if field.default is MISSING else f"{field.name}=_default_{place}")
        lines.append(f"    _set_{place}(self, {field.name})")
    source = "\n".join([f"def __init__(self, {', '.join(parameters)}):", *lines])
    exec(source, names)  # noqa: S102 (names of fields only; dataclasses does the same)
    made = names["__init__"]
    made.__qualname__ = f"{cls.__qualname__}.__init__"
    type.__setattr__(cls, "__init__", made)
    return cls
