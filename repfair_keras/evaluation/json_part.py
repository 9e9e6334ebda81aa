"""Objects that read and write JSON, and forgive keys that are missing or not known."""

import copy
import dataclasses
import functools
import operator
import types
import typing
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from pydantic import ConfigDict, TypeAdapter, ValidationError

from repfair_keras.core.settings import describe_type, shown


@dataclass(frozen=True, kw_only=True)
class Part:
    """What all parts of a report share: reading from and writing to JSON, by the types of the fields.

    A field whose type names a `Part` is read as one; one of type `dict[str, <Part>]` as a dict of them.
    Others stay as JSON has them. What JSON lacks, or has as `null`, gets the field's default.

    Args:
        extra: keys that are not known here, of newer versions or of code outside this package; kept as they
            are.
    """

    KEYS: ClassVar[dict[str, str]] = {}  # field to its key in JSON, where that is another
    OPTIONAL: ClassVar[tuple[str, ...]] = ()  # fields that JSON leaves out where they are `None`

    extra: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def from_dict(cls, stored):
        """Returns the part that `to_dict` wrote.

        Raises:
            TypeError: if `stored` is no dict, or a value of it is not of its field's type.
        """
        if not isinstance(stored, Mapping):
            raise TypeError(f"{cls.__name__} is read from {type(stored).__name__}, expected a dict")
        kinds = _kinds(cls)
        keys = {cls.KEYS.get(name, name): name for name in kinds}
        values = {
            name: _read(*kinds[name], stored[key], key)
            for key, name in keys.items()
            if stored.get(key) is not None
        }
        extra = {key: copy.deepcopy(value) for key, value in stored.items() if key not in keys}
        return cls(**values, extra=extra)

    def to_dict(self):
        """Returns a new dict that is strict JSON (`null`, never NaN)."""
        values = {name: getattr(self, name) for name in _kinds(type(self))}
        stored = {
            self.KEYS.get(name, name): _written(value)
            for name, value in values.items()
            if value is not None or name not in self.OPTIONAL
        }
        return {**stored, **copy.deepcopy(self.extra)}


@functools.cache
def _kinds(cls):
    """Dict of field to the `Part` in its type, or `None`, whether it is a dict of them, and its type; no `extra`."""
    hints = typing.get_type_hints(cls)
    names = [item.name for item in dataclasses.fields(cls) if item.name != "extra"]
    return {name: (*_kind(hints[name]), hints[name]) for name in names}


def _kind(hint):
    for choice in (hint, *typing.get_args(hint)):
        many = typing.get_origin(choice) is dict
        part = typing.get_args(choice)[-1] if many else choice
        if isinstance(part, type) and issubclass(part, Part):
            return part, many
    return None, False


def _read(part, many, hint, value, key):
    if part is None:
        try:
            _adapter(hint).validate_python(value)
        except ValidationError as error:
            raise TypeError(f"{key} is {shown(value)}, expected {describe_type(hint)}") from error
        return copy.deepcopy(value)
    if not many:
        return part.from_dict(value)
    if not isinstance(value, Mapping):
        raise TypeError(f"{key} is {shown(value)}, expected a dict")
    return {name: part.from_dict(one) for name, one in value.items()}


@functools.cache
def _adapter(hint):
    return TypeAdapter(_with_gaps(hint), config=ConfigDict(strict=True, allow_inf_nan=False))


def _with_gaps(hint):
    """A type of which lists of numbers and dicts may have `None` in them: what could not be known."""
    origin, inner = typing.get_origin(hint), typing.get_args(hint)
    if origin is list:
        return list[str] if inner == (str,) else list[_with_gaps(inner[0]) | None]  # names are all there
    if origin is dict:
        return dict[inner[0], _with_gaps(inner[1]) | None]
    if origin in (types.UnionType, typing.Union):
        return functools.reduce(operator.or_, map(_with_gaps, inner))
    return hint


def _written(value):
    if isinstance(value, Part):
        return value.to_dict()
    if isinstance(value, dict):
        return {name: _written(one) for name, one in value.items()}
    return copy.deepcopy(value)
