"""What SDV and SDMetrics say about a table's columns, their metadata: read and written.

A single table of version 1: `{"columns": {"age": {"sdtype": "numerical"}, ...}, "primary_key": "id"}`, or one of a file
that has `"tables"`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from repfair_keras.core.errors import InputError
from repfair_keras.core.problems import Problems
from repfair_keras.core.reading import read_json
from repfair_keras.data.tables.column import PANDAS_DATE
from repfair_keras.data.tables.infer import CATEGORICAL, DATE, EMPTY, KEY, NUMERIC

VERSION = "SINGLE_TABLE_V1"
EXPECTED = "the JSON that SDV writes of a table's columns"
PERSONAL = "personal"  # values of people, which synthetic rows must not copy
KINDS = {
    "numerical": NUMERIC,
    "categorical": CATEGORICAL,
    "boolean": CATEGORICAL,
    "datetime": DATE,
    "id": KEY,
}
UNKNOWN = "unknown"  # SDV's word where it does not know either
OF_PEOPLE = (
    *("name", "first_name", "last_name", "email", "phone_number", "ssn", "address", "street_address"),
    *("secondary_address", "building_number", "postcode", "city", "city_prefix", "city_suffix", "state"),
    *(
        "state_abbr",
        "administrative_unit",
        "country",
        "country_code",
        "latitude",
        "longitude",
        "ipv4_address",
    ),
    *("ipv6_address", "mac_address", "user_agent_string", "iban", "swift11", "swift8", "credit_card_number"),
    *("license_plate", "vin", "text", "company", "job", "url", "user_name"),
)


@dataclass(frozen=True)
class SdvMetadata:
    """What metadata say about columns.

    Args:
        kinds: column to `"numeric"`, `"categorical"`, `"date"`, `"key"` or `"personal"`; not of `unknown`.
        dates: column to the format of its dates, where one is told.
        names: all columns, in order.
        primary_key: columns that tell rows apart, several only together: each of these is no key alone, and is of the
            kind that its own sdtype says.
    """

    kinds: dict[str, str]
    dates: dict[str, str] = field(default_factory=dict)
    names: tuple[str, ...] = ()
    primary_key: tuple[str, ...] = ()


def read_sdv(metadata) -> SdvMetadata:
    """Reads metadata of a single table.

    Args:
        metadata: path of the JSON file, or what it holds, a dict.

    Returns:
        `SdvMetadata`.

    Raises:
        InputError: lists everything that is no metadata, and sdtypes that are not known.

    Examples:
        >>> read_sdv({"columns": {"age": {"sdtype": "numerical"}, "mail": {"sdtype": "email"}}}).kinds
        {'age': 'numeric', 'mail': 'personal'}
    """
    given = isinstance(metadata, Mapping)
    source = "metadata" if given else str(metadata)
    stored = metadata if given else read_json(metadata, EXPECTED)
    table = _only_table(stored, source)
    columns = table.get("columns") if isinstance(table, Mapping) else None
    if not isinstance(columns, Mapping) or not columns:
        raise InputError(f"{source} has no 'columns': expected {EXPECTED}, {{'columns': {{'age': ...}}}}.")
    problems, kinds, dates = Problems(source), {}, {}
    for name, column in columns.items():
        sdtype = column.get("sdtype") if isinstance(column, Mapping) else None
        if sdtype is None:
            problems.add(f"column {name!r} has no sdtype", about=name, kind="columns without an sdtype")
        elif sdtype not in (*KINDS, *OF_PEOPLE, UNKNOWN):
            what = f"column {name!r} is of sdtype {sdtype!r}, which is not known"
            cure = f"Known: {', '.join((*KINDS, UNKNOWN))}, and of people {', '.join(OF_PEOPLE)}."
            problems.add(what, cure, name, "unknown sdtypes")
        elif sdtype in OF_PEOPLE or column.get("pii") is True:
            kinds[name] = KEY if sdtype == "id" else PERSONAL if column.get("pii", True) else CATEGORICAL
        elif sdtype != UNKNOWN:
            kinds[name] = KINDS[sdtype]
        if sdtype == "datetime" and column.get("datetime_format"):
            dates[name] = str(column["datetime_format"])
    key = table.get("primary_key") or ()
    key = (key,) if isinstance(key, str) else tuple(key)
    for name in key:
        if name not in columns:
            problems.add(f"primary_key {name!r} is no column", about=str(name))
    problems.raise_if_any()
    if len(key) == 1:
        kinds[key[0]] = KEY
    return SdvMetadata(kinds, dates, tuple(columns), key)


def to_sdv(kinds, dates=None, booleans=(), unique=()) -> dict:
    """Returns metadata of a single table, as SDV and SDMetrics take them.

    Args:
        kinds: column to what `infer` says of it, in the table's order.
        dates: column to the format of its dates.
        booleans: columns of true and false.
        unique: keys that differ in every row, of which the first is the primary key.

    Returns:
        dict that JSON knows.

    Examples:
        >>> to_sdv({"age": "numeric", "id": "key"}, unique=["id"])["primary_key"]
        'id'
    """
    dates = dates or {}
    columns = {}
    for name, kind in kinds.items():
        column = {"sdtype": _sdtype(kind, name in booleans)}
        if kind == DATE and dates.get(name, PANDAS_DATE) != PANDAS_DATE:
            column["datetime_format"] = dates[name]
        columns[name] = column
    metadata = {"METADATA_SPEC_VERSION": VERSION, "columns": columns}
    return {**metadata, **({"primary_key": unique[0]} if unique else {})}


def _sdtype(kind, boolean):
    if boolean and kind == CATEGORICAL:
        return "boolean"
    words = {of: sdtype for sdtype, of in reversed(KINDS.items())}  # of two, the first
    return UNKNOWN if kind == EMPTY else words.get(kind, "categorical")


def _only_table(stored, source):
    """The part of metadata that is about the table: of a file of several, there must be one."""
    if not isinstance(stored, Mapping) or "tables" not in stored:
        return stored
    tables = stored["tables"]
    if not isinstance(tables, Mapping) or len(tables) != 1:
        names = ", ".join(map(str, tables)) if isinstance(tables, Mapping) else "none"
        raise InputError(f"{source} is about the tables {names}: expected metadata of one table.")
    return next(iter(tables.values()))
