"""How a setting is declared: once, as a field of a frozen dataclass whose type knows its range.

The command line, YAML files, Python keywords, `--help` and the identity of a record follow from the fields. What
a field is for stands in the `Args:` of its class. The values are checked by pydantic, in strict mode: `8.5` is no
batch size, `"no"` is no switch.
"""

import dataclasses
import functools
import inspect
import re
import types
from dataclasses import dataclass
from typing import Annotated, Any, Literal, Union, get_args, get_origin

import numpy as np
from pydantic import ConfigDict, Field, TypeAdapter, ValidationError


@dataclass(frozen=True)
class Expected:
    """What a message says of the values that a type takes."""

    text: str


@dataclass(frozen=True)
class Only:
    """Says that a setting of a method is read on one modality alone, `"images"` or `"tables"`."""

    modality: str


@dataclass(frozen=True)
class Words:
    """Says how many words of a command line a setting takes; one without it."""

    n: int


def _number(base, text, **bounds):
    return Annotated[base, Field(**bounds), Expected(text)]


def up_to(most, least=1):
    """Returns the type of an integer of a range beyond which a run would not end, or not fit in any memory.

    Examples:
        >>> from repfair_keras.core.settings import describe_type, up_to
        >>> describe_type(up_to(4096))
        'an integer from 1 to 4,096'
    """
    return _number(int, f"an integer from {least:,} to {most:,}", ge=least, le=most)


Count, CountFrom0 = up_to(10**9), up_to(10**9, 0)
Samples = up_to(10_000_000)  # images or rows
Seed = _number(int, "an integer in [0, 2^31)", ge=0, lt=2**31)
AboveZero = _number(float, "a number above 0", gt=0)
Rate = Annotated[float, Field(gt=0, allow_inf_nan=False), Expected("a finite number above 0")]
BelowOne = _number(float, "a number in [0, 1)", ge=0, lt=1)
UnitInterval = _number(float, "a number in [0, 1]", ge=0, le=1)
Shares = Annotated[
    float | list[float],
    Expected("a number in (0, 1), the second group's share, or a list of one number per group"),
]


@dataclass(frozen=True)
class Setting:
    """A declared setting.

    Args:
        name: its name everywhere: keyword, flag, key of YAML.
        annotation: its type.
        default: its value if it is not given.
        help: what it is for, one or two sentences.
        only: modality that it is read on; `None`: any.
    """

    name: str
    annotation: Any
    default: Any
    help: str
    only: str | None = None

    @property
    def words(self):
        """How many words of a command line it takes."""
        return next((part.n for part in _parts(self.annotation) if isinstance(part, Words)), 1)

    @property
    def expected(self):
        """What a message says of the values that it takes."""
        return describe_type(self.annotation)

    def problem(self, value):
        """Returns what is wrong with a value, a sentence; `None` if nothing is."""
        try:
            _adapter(self.annotation).validate_python(value)
        except ValidationError:
            return f"{self.name} is {shown(value)}: expected {self.expected}."
        return None

    def typed(self, value):
        """Returns a value, which has no problem, in the type of the setting: 2 as a number is 2.0."""
        return _adapter(self.annotation).validate_python(value)

    def parse(self, text):
        """Returns the value that a word of a command line stands for; the word itself where it is none."""
        return parse_text(text, self.annotation)


@functools.cache
def settings_in(declaration):
    """Returns the settings that a dataclass declares.

    Args:
        declaration: a dataclass whose fields have defaults; their meanings stand in the `Args:` of its docstring,
            or of those that it inherits from.

    Returns:
        dict of name to `Setting`.

    Examples:
        >>> from dataclasses import dataclass
        >>> from repfair_keras.core.settings import Count, settings_in
        >>> @dataclass(frozen=True)
        ... class Mine:
        ...     '''Args:
        ...         width: filters of a layer.
        ...     '''
        ...     width: Count = 8
        >>> settings_in(Mine)["width"].problem(0)
        'width is 0: expected an integer from 1 to 1,000,000,000.'
    """
    hints = _hints(declaration)
    meanings = {}
    for base in reversed(declaration.__mro__):
        meanings |= _meanings(base.__doc__ or "") if dataclasses.is_dataclass(base) else {}
    return {
        field.name: Setting(
            field.name,
            hints[field.name],
            _default(field),
            meanings.get(field.name, ""),
            next((part.modality for part in _parts(hints[field.name]) if isinstance(part, Only)), None),
        )
        for field in dataclasses.fields(declaration)
    }


def plain(value):
    """Returns a value as YAML and JSON know it: Python's own numbers, lists for tuples and arrays, paths as text."""
    if isinstance(value, np.generic):
        return value.item()
    if isinstance(value, list | tuple | np.ndarray):
        return [plain(part) for part in value]
    return str(value) if hasattr(value, "__fspath__") else value


def shown(value):
    """Returns a value as text for a message: text in quotes, no value as `null`, the middle of a long one left out."""
    if value is None:
        return "null"
    return shortened(repr(value) if isinstance(value, str) else str(value))


def shortened(text, most=200):
    """Returns a text of at most so many characters; the middle of a longer one is left out.

    Examples:
        >>> from repfair_keras.core.settings import shortened
        >>> shortened("abcdefghij" * 10, 12)
        'abcdef…efghij'
    """
    return text if len(text) <= most else f"{text[: most // 2]}…{text[-(most // 2) :]}"


def describe_type(annotation):
    """Returns what values a type takes, as text.

    Examples:
        >>> from repfair_keras.core.settings import Count, describe_type
        >>> describe_type(Count | None)
        'an integer from 1 to 1,000,000,000, or null'
    """
    for part in _parts(annotation):
        if isinstance(part, Expected):
            return part.text
    origin, inner = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return describe_type(inner[0])
    if origin is Literal:
        return f"one of {', '.join(map(str, inner))}"
    if origin in (Union, types.UnionType):
        texts = [describe_type(part) for part in inner if part is not type(None)]
        return " or ".join(texts) + (", or null" if type(None) in inner else "")
    if origin is list:
        return f"a list, each {describe_type(inner[0])}"
    names = {int: "an integer", float: "a number", bool: "true or false", str: "text"}
    return names.get(annotation, getattr(annotation, "__name__", str(annotation)))


def parse_text(text, annotation):
    """Returns the value of a word for a type: a number, a switch, a list, or text; the word where it is none.

    Examples:
        >>> from typing import Literal
        >>> from repfair_keras.core.settings import parse_text
        >>> parse_text("1e-3", float), parse_text("null", str | None), parse_text("[a, b]", list[str] | None)
        (0.001, None, ['a', 'b'])
        >>> parse_text("none", str | None), parse_text("none", Literal["none"] | str | None)
        (None, 'none')
    """
    kinds = _bases(annotation)
    if text in _words(annotation):  # "none" may be one, and is not "nothing is given" then
        return text
    if type(None) in kinds and text.lower() in ("null", "none", ""):
        return None
    for kind, read in _READERS.items():
        if kind in kinds:
            value = read(text)
            if value is not _UNREADABLE:
                return value
    if list in kinds:
        return _list(text, annotation, alone=not kinds & {int, float, str})
    return text


_UNREADABLE = object()
_SWITCH = {"true": True, "yes": True, "on": True, "false": False, "no": False, "off": False}
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?|[+-]?\.?(inf|nan)", re.IGNORECASE)


def _to_int(text):
    return int(text) if re.fullmatch(r"[+-]?\d+", text) else _UNREADABLE


def _to_float(text):
    return (
        float(text.lower().replace(".inf", "inf").replace(".nan", "nan"))
        if _NUMBER.fullmatch(text)
        else _UNREADABLE
    )


_READERS = {int: _to_int, float: _to_float, bool: lambda text: _SWITCH.get(text.lower(), _UNREADABLE)}


def _list(text, annotation, alone):
    """The parts of `[a, b]`; where a type takes nothing but lists, `a,b` too."""
    bare = text.strip()
    if not (bare.startswith("[") and bare.endswith("]")) and not alone:
        return text
    inside = _inside_list(annotation)
    parts = [part.strip().strip("'\"") for part in bare.strip("[]").split(",")]
    return [parse_text(part, inside) for part in parts if part]


def _inside_list(annotation):
    """The type of the values of the list in a type, however deep it is; `None` where there is no list."""
    if get_origin(annotation) is list:
        return get_args(annotation)[0]
    return next(filter(None, map(_inside_list, get_args(annotation))), None)


def _bases(annotation):
    origin, inner = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return _bases(inner[0])
    if origin in (Union, types.UnionType):
        return set().union(*map(_bases, inner))
    if origin is Literal:
        return {type(value) for value in inner}
    return {list} if origin is list else {annotation}


def _words(annotation):
    """The words that a type has for values of its own."""
    origin, inner = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return _words(inner[0])
    if origin in (Union, types.UnionType):
        return set().union(*map(_words, inner))
    return {value for value in inner if isinstance(value, str)} if origin is Literal else set()


def _parts(annotation):
    """What is said of a type in `Annotated`, also within `... | None`."""
    if get_origin(annotation) is Annotated:
        return annotation.__metadata__
    if get_origin(annotation) in (Union, types.UnionType):
        others = [part for part in get_args(annotation) if part is not type(None)]
        if len(others) == 1 and len(others) < len(get_args(annotation)):
            return tuple(
                Expected(f"{part.text}, or null") if isinstance(part, Expected) else part
                for part in _parts(others[0])
            )
    return ()


@functools.cache
def _adapter(annotation):
    return TypeAdapter(annotation, config=ConfigDict(strict=True))


@functools.cache
def _hints(declaration):
    import typing

    return typing.get_type_hints(declaration, include_extras=True)


def _default(field):
    return field.default if field.default is not dataclasses.MISSING else field.default_factory()


def _meanings(docstring):
    """Meanings of arguments in the `Args:` of a Google docstring: name to text."""
    _, _, args = inspect.cleandoc(docstring).partition("Args:\n")
    meanings, name = {}, None
    for line in args.split("\n"):
        if line and not line.startswith(" "):
            break
        entry = re.match(r"    (\w+(?:, \w+)*): (.*)", line)
        if entry:
            for name in entry[1].split(", "):
                meanings[name] = entry[2]
        elif name and line.strip():
            meanings[name] += " " + line.strip()
    return meanings
