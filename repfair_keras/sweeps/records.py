"""Records: what is kept of a finished run for good, one small JSON file each, named by what the run was."""

import dataclasses
import hashlib
import json
import math
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from repfair_keras.core.errors import InputError
from repfair_keras.core.files import replacing, write_text
from repfair_keras.evaluation.images.evaluator import sample_grid
from repfair_keras.registry import is_table
from repfair_keras.runs.config import Config, config_from_dict
from repfair_keras.runs.method_fields import unread_fields
from repfair_keras.runs.schedule import total_steps
from repfair_keras.training.callbacks import read_log

FORMAT = 1
# Version of the numbers: raise it by one with every change of code or defaults that moves a run's numbers.
NUMBERS = 1
# Settings that say where things are, how fast it goes, or what the other settings are taken from.
NOT_IN_ID = ("data_dir", "instruments", "steps_per_execution", "preset")
KEYS = ("format", "id", "numbers", "version", "commit", "config", "data", "report", "log")


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


def record_id(config, fingerprint):
    """Returns the identity of a run: 16 hexadecimal digits that change with whatever changes its numbers.

    Args:
        config: resolved `Config`.
        fingerprint: that of the reference data.
    """
    told = {"numbers": NUMBERS, "data": fingerprint, "config": settings_of(config)}
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()[:16]


def settings_of(config):
    """Returns what of a configuration the numbers of its run depend on, as text: equal for the same runs.

    Defaults are left out, so that a setting that comes later leaves the identity of old runs alone.

    Args:
        config: resolved `Config`, or the dict of it in a record.
    """
    values = config if isinstance(config, dict) else dataclasses.asdict(config)
    left_out = {*NOT_IN_ID, *unread_fields(values["method"], values.get("base_method"))}
    defaults = {field.name: field.default for field in dataclasses.fields(Config)}
    told = {name: value for name, value in values.items() if name not in left_out}
    return json.dumps({name: told[name] for name in sorted(told) if told[name] != defaults.get(name)})


def make_record(run, config, standard, data, report, command):
    """Returns the record of a finished run, strict JSON.

    Args:
        run: `RunDir`.
        config: resolved `Config`.
        standard: `Standard`.
        data: `ImageDataset` it was trained on.
        report: its `ImageReport` or `TableReport`.
        command: what the user typed.
    """
    versions = json.loads(run.versions.read_text("utf-8"))
    log = read_log(run.log)
    step, total = log[-1]["step"], total_steps(config, len(data))
    if step != total:
        raise InputError(
            f"{run.log} ends at step {step:.0f} of {total}: another process has changed it. Remove the "
            "folder of the run to have it made again."
        )
    fingerprint = standard.reference.fingerprint
    stored = dataclasses.asdict(dataclasses.replace(config, data_dir=None, instruments=None))
    return {
        "format": FORMAT,
        "id": record_id(config, fingerprint),
        "numbers": NUMBERS,
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
        "report": report.to_dict(),
        "log": [{name: value for name, value in row.items() if math.isfinite(value)} for row in log],
        "packages": versions["packages"],
        "platform": versions["platform"],
        "seconds": report.timings["train"],
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
            (found if (record["format"], record["numbers"]) == (FORMAT, NUMBERS) else others).append(record)
    return Records(sorted(found, key=_order), others, damaged)


def read_record(path):
    """Returns the record in a file; `None` if it is half-written, damaged or none."""
    try:
        record = json.loads(path.read_text("utf-8"))
        if any(key not in record for key in KEYS) or record["id"] != path.stem:
            return None
        record["config"] = {name: _number(value) for name, value in record["config"].items()}
        config_from_dict(record["config"]).check()
        if not record["log"] or not all(isinstance(row, dict) for row in record["log"]):
            return None
    except (ValueError, TypeError, AttributeError, OSError, InputError):
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
    told = [config.dataset, config.method, f"seed {config.seed}"]
    plain = Config(dataset=config.dataset, method=config.method, seed=config.seed, preset=config.preset)
    plain = dataclasses.asdict(plain.resolve())
    left_out = {"data_dir", "instruments", "jit_compile", *unread_fields(config.method, config.base_method)}
    for name, value in dataclasses.asdict(config).items():
        if name not in left_out and value is not None and value != plain[name]:
            told.append(f"{name} {value:g}" if isinstance(value, float) else f"{name} {value}")
    return ", ".join(told)


def picture_of(run, config, data):
    """Draws a grid of up to 40 samples of a finished run, ten to a row; returns its path.

    A column has one class; of a generator that is told groups alone, a row has one group. Of a run on a
    table, it is the picture of its codes.
    """
    if is_table(config.dataset):
        return run.figures / "codes.png"
    path = run.figures / "record.png"
    sample_grid(path, run.generator, config, data, n=40)
    return path


def _order(record):
    config = record["config"]
    return config["dataset"], str(config["share"]), config["method"], config["max_grad_norm"], config["seed"]


def _finite(value):
    return str(value) if isinstance(value, float) and not math.isfinite(value) else value


def _number(value):
    return float(value) if value in ("inf", "-inf", "nan") else value
