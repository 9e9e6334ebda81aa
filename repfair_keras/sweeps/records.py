"""Records: what is kept of a finished run for good, one small JSON file each, named by what the run was."""

import json
import math
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, NamedTuple, NotRequired

from pydantic import ConfigDict, Field, TypeAdapter
from typing_extensions import TypedDict  # pydantic reads no other before Python 3.12

from repfair_keras.core.errors import InputError
from repfair_keras.core.files import replacing, write_text
from repfair_keras.core.reading import read_json
from repfair_keras.evaluation.report import report_from_dict
from repfair_keras.registry import TABLES
from repfair_keras.runs.config import config_from_dict, configure
from repfair_keras.runs.log import read_log
from repfair_keras.runs.numbers import NUMBERS, are_present, digest
from repfair_keras.runs.schedule import total_steps
from repfair_keras.sweeps.identity import record_id, record_values

FORMAT = 1
KEYS = ("format", "id", "numbers", "version", "commit", "config", "data", "report", "log")


STRICT = ConfigDict(strict=True, allow_inf_nan=False)


class _Data(TypedDict):
    __pydantic_config__ = STRICT
    fingerprint: str
    source: str
    n: NotRequired[int]
    groups: Annotated[list[str], Field(min_length=1)]
    shares: NotRequired[list[float]]
    classes: NotRequired[list[str]]


class _Record(TypedDict):
    """What pages read of a record, beside its report."""

    __pydantic_config__ = STRICT
    format: int
    numbers: int
    data: _Data
    log: list[dict[str, float]]  # empty where a method is fitted in one go
    early_norms: NotRequired[list[dict[str, float]]]
    seconds: NotRequired[float]


RECORD = TypeAdapter(_Record)


class Records(NamedTuple):
    """Records of a folder.

    Args:
        found: records of this version of the numbers, each a dict with `picture`, a path or `None`.
        others: records of other versions: kept, never mixed with these.
        damaged: paths of files that cannot be read.
    """

    found: list[dict]
    others: list[dict]
    damaged: list[Path]


def make_record(run, plan, report, command):
    """Returns the record of a finished run, strict JSON.

    Args:
        run: `RunDir`.
        plan: `training.run.Plan` that it was made of.
        report: its report, as the dict in `report.json`.
        command: what the user typed.
    """
    config, data = plan.config, plan.dataset
    versions = json.loads(run.versions.read_text("utf-8"))
    one_go = config.modality.name == TABLES and not run.log.is_file()
    log = [] if one_go else read_log(run.log)
    total = total_steps(config.training, len(data))
    step = log[-1]["step"] if log else total
    if step != total:
        raise InputError(
            f"{run.log} ends at step {step:.0f} of {total}: another process has changed it. Remove the "
            "folder of the run to have it made again."
        )
    fingerprint = plan.reference.dataset.fingerprint
    stored = {**record_values(config), "data_dir": None, "instruments": None}
    return {
        "format": FORMAT,
        "id": record_id(config, fingerprint, NUMBERS),
        "numbers": NUMBERS,
        "tiny_runs": digest(),
        "version": versions["repfair_keras"],
        "commit": versions["commit"],
        "command": command,
        "finished": datetime.now(UTC).isoformat(timespec="seconds"),
        "config": {name: _finite(value) for name, value in stored.items()},
        "data": {
            "fingerprint": fingerprint,
            "source": data.source,
            "n": len(data),
            "groups": list(data.group_names),
            "shares": data.shares.tolist(),
            "classes": list(data.class_names),
        },
        "report": report,
        "log": _finite_rows(log),
        "early_norms": _finite_rows(read_log(run.early_norms) if run.early_norms.is_file() else []),
        "packages": versions["packages"],
        "platform": versions["platform"],
        **{name: versions[name] for name in ("trained_on",) if name in versions},
        "seconds": report["timings"]["train"],
    }


def write_record(folder, record, picture=None):
    """Writes a record, and before it its picture: where there is a record, all is there.

    Args:
        folder: folder of records.
        record: see `make_record`.
        picture: PNG to write beside it, bytes; `None`: none.
    """
    folder = Path(folder)
    if picture is not None:
        with replacing(folder / f"{record['id']}.png") as temporary:
            temporary.write_bytes(picture)
    write_text(folder / f"{record['id']}.json", json.dumps(record, allow_nan=False) + "\n")


def load_records(folder):
    """Returns the `Records` of a folder, in the order of their settings; empty without a folder."""
    found, others, damaged = [], [], []
    for path in sorted(Path(folder).glob("*.json")):
        record = read_record(path)
        if record is None:
            damaged.append(path)
        else:
            (found if record["format"] == FORMAT and are_present(record) else others).append(record)
    return Records(sorted(found, key=_order), sorted(others, key=_order), damaged)


def read_record(path):
    """Returns the record in a file; `None` if it is half-written, damaged or none."""
    try:
        record = read_json(path)
        if any(key not in record for key in KEYS) or record["id"] != path.stem:
            return None
        record["config"] = {name: _number(value) for name, value in record["config"].items()}
        if any(name not in record["config"] for name in ("dataset", "method", "seed")):
            return None
        config = config_from_dict(record["config"], unread="drop")
        report_from_dict(record["report"])
        RECORD.validate_python(record)
        if not record["log"] and config.modality.name != TABLES:
            return None
    except (ValueError, TypeError, AttributeError, InputError):  # pydantic's errors are ValueErrors
        return None
    picture = path.with_suffix(".png")
    return {**record, "picture": picture if picture.is_file() else None}


def matching(records, **config):
    """Returns the records whose configuration has these values; a tuple stands for any of its values."""

    def fits(record):
        return all(
            record["config"].get(name) in (value if isinstance(value, tuple) else (value,))
            for name, value in config.items()
        )

    return [record for record in records if fits(record)]


def describe(config):
    """Returns what tells a run from others, in one line: its settings that are not those of the preset."""
    seed = config.training.seed
    plain = {"dataset": config.data.dataset, "method": config.method.name, "preset": config.training.preset}
    base = {"base_method": config.settings.base_method} if hasattr(config.settings, "base_method") else {}
    usual = configure(**plain, **base, seed=seed).flat()
    told = [config.data.dataset, config.method.name, f"seed {seed}"]
    told += [f"base_method {config.settings.base_method}"] if base and base["base_method"] != "gan" else []
    for name, value in config.flat().items():
        if name not in ("data_dir", "instruments", "jit_compile") and value not in (None, usual[name]):
            told.append(f"{name} {value:g}" if isinstance(value, float) else f"{name} {value}")
    return ", ".join(told)


def _order(record):
    config = record["config"]
    share, bound = str(config.get("share")), config.get("max_grad_norm") or 0.0
    return config["dataset"], share, config["method"], bound, config["seed"]


def _finite_rows(rows):
    return [{name: value for name, value in row.items() if math.isfinite(value)} for row in rows]


def _finite(value):
    return str(value) if isinstance(value, float) and not math.isfinite(value) else value


def _number(value):
    return float(value) if value in ("inf", "-inf", "nan") else value
