"""Which reports are compared: those of folders of runs and of sweeps, or reports that are at hand."""

import dataclasses
from operator import attrgetter
from pathlib import Path
from typing import NamedTuple

import yaml

from repfair_keras.comparison.kinds import kind_of
from repfair_keras.comparison.setting_names import setting_names
from repfair_keras.core.errors import InputError
from repfair_keras.evaluation.report import (
    ImageReport,
    Report,
    TableReport,
    read_report_file,
    report_from_dict,
)
from repfair_keras.runs.run_folder import RunDir


class Source(NamedTuple):
    """A report, and what messages call it: its folder, or its place among the arguments."""

    name: str
    report: ImageReport | TableReport


def read_sources(sources):
    """Returns the `Source` of every run that is named.

    Args:
        sources: list of any of: the folder of a run or an evaluation; the folder of a sweep, which stands for
            the finished runs in it; an `ImageReport` or `TableReport`; an object whose `report` is one.

    Raises:
        InputError: if there is no report, one is damaged or of another version, or a run is named twice.
    """
    read = []
    for number, source in enumerate(sources, start=1):
        report = _report_of(source)
        if report is not None:
            read.append(Source(f"report {number} ({report.name}, seed {report.seed})", report))
        else:
            read += _named([Source(str(folder), read_report(folder)) for folder in _folders(source)])
    _check_named_once(sources, read)
    return read


def _named(sources):
    """Runs of one sweep with names by which they differ: a method may be there with several settings."""
    keys = [(source.report.name, source.report.seed) for source in sources]
    if len(set(keys)) == len(keys):
        return sources
    configs = [_flat_config(source.name) for source in sources]
    names = setting_names(configs, [name for name, _ in keys])
    return [
        source._replace(report=dataclasses.replace(source.report, name=name))
        for source, name in zip(sources, names, strict=True)
    ]


def _flat_config(folder):
    file = RunDir(folder).config
    stored = yaml.safe_load(file.read_text("utf-8")) if file.is_file() else None
    return stored if isinstance(stored, dict) else {}


def read_report(path):
    """Returns the report of a folder that can be compared.

    Raises:
        InputError: if there is none, or it is damaged or of another version.
    """
    report = read_report_file(path)
    try:
        for name in (*kind_of(report).cures, "name"):
            if attrgetter(name)(report) is None:
                raise AttributeError(f"{name} is missing")
    except AttributeError as error:
        raise InputError(
            f"{RunDir(path).report} cannot be compared ({error}): it is damaged, or another version wrote "
            f"it. Make it anew: python -m repfair_keras.evaluate {path}"
        ) from error
    return report


def _report_of(source):
    """The report of an object; `None` for a path, or what holds one."""
    report = source if isinstance(source, Report | dict) else getattr(source, "report", None)
    if isinstance(report, dict):
        report = report_from_dict(report.get("report", report))  # a record has a report
    return report if isinstance(report, Report) else None


def _folders(source):
    """The folders of runs that a path names: itself, or the finished runs of a sweep; lock files are none."""
    path = getattr(source, "path", source)  # a `RunDir` has its folder
    if not isinstance(path, str | Path):
        raise InputError(f"{source!r} is no run: name its folder, or give its report.")
    path = Path(path)
    if path.is_file() and path.suffix == ".lock":
        return []
    if not path.is_dir() or RunDir(path).report.is_file():
        return [path]
    below = path / "runs" if (path / "runs").is_dir() else path
    finished = sorted(
        folder for folder in below.iterdir() if folder.is_dir() and RunDir(folder).report.is_file()
    )
    if not finished:
        raise InputError(
            f"{path} has no report.json, and no finished runs in it. Make one: "
            f"python -m repfair_keras.evaluate {path}"
        )
    return finished


def _check_named_once(sources, read):
    objects = [id(source) for source in sources if not isinstance(source, str | Path)]
    paths = [Path(source.name).resolve() for source in read if not source.name.startswith("report ")]
    if len(set(objects)) < len(objects) or len(set(paths)) < len(paths):
        raise InputError("a run is named twice: expected different ones.")


def check_comparable(sources):
    """Raises `InputError` unless all reports are measured alike, with the same extractor.

    Args:
        sources: list of `Source`.
    """
    if len(sources) < 2:
        given = "1 run is" if sources else "no run is"
        raise InputError(f"{given} given: expected at least two to compare.")
    first, known = sources[0], {}
    for source in sources:
        _check_alike(source, first)
        key = (source.report.name, source.report.seed)
        if source.report.seed is not None and key in known:
            raise InputError(
                f"{source.name} and {known[key]} are both {key[0]!r} with seed {key[1]}. Leave one out, or "
                "give it another --name when it is evaluated."
            )
        known[key] = source.name


def _check_alike(source, first):
    kind = kind_of(first.report)
    if kind_of(source.report) is not kind:
        raise InputError(f"{source.name} and {first.name} are of a table and of images: expected one kind.")
    for name, cure in kind.cures.items():
        own, expected = (_value(report, name) for report in (source.report, first.report))
        if own != expected:
            raise InputError(
                f"{source.name} has {name} {own}, but {first.name} has {expected}: expected the same. {cure}"
            )


def _value(report, name):
    """Value at attributes joined by dots; `None` where they end early."""
    for key in name.split("."):
        report = getattr(report, key, None)
    return report
