"""From records to a figure of a paper, its numbers and its page; with `run`, from nothing."""

import dataclasses
import sys
from pathlib import Path
from typing import NamedTuple

from repfair_keras.core.errors import InputError
from repfair_keras.core.files import make_folder, write_text
from repfair_keras.data.images.load import load
from repfair_keras.figures.save import save_figure
from repfair_keras.papers.figure import Material
from repfair_keras.papers.naming import stem_of
from repfair_keras.papers.page import page
from repfair_keras.papers.smoke import SMOKE_DATA, smoke_configs
from repfair_keras.registry import lookup, names
from repfair_keras.reporting.image_row import to_csv
from repfair_keras.sweeps.grid import read_sweep
from repfair_keras.sweeps.identity import settings_of
from repfair_keras.sweeps.records import load_records
from repfair_keras.sweeps.run_sweep import plan, say_of_records, sweep

FORMATS = ("png", "pdf")
STAND_IN = "cifar10"  # in whose place `--dataset` puts another


class Reproduced(NamedTuple):
    """A figure that was drawn.

    Args:
        name: its name in the registry.
        title: its title.
        verdict: one of `definition.VERDICTS`.
        why: what decided.
        files: paths of what was written.
    """

    name: str
    title: str
    verdict: str
    why: str
    files: list[Path]


def reproduce(name, records, out, dataset=None, data_dir=None, smoke=False, verbose=1):
    """Draws a figure from records, and writes picture, numbers and page.

    Args:
        name: name of a figure in the registry's table `"paper_figure"`.
        records: folder of records.
        out: folder to write `figure_<name>.png`, `.pdf`, `.csv` and `.md` to.
        dataset: data set in the place of the sweep's; `None`: the sweep's.
        data_dir: where the data is, for figures that show real images.
        smoke: whether the records are of tiny runs.
        verbose: 0: say nothing of records left alone.

    Returns:
        `Reproduced`.

    Raises:
        InputError: if the name is not known, or records of different data are mixed.
    """
    figure = lookup("paper_figure", name)
    if figure.sweep is not None and not Path(records).is_dir():
        raise InputError(
            f"{records} is not there: expected a folder of records. Name one with --records, call this "
            "where the repository lies, or train with --run."
        )
    configs = configs_of(figure, dataset, data_dir, smoke)
    found, missing = chosen(records, configs, verbose)
    material = Material(found, dict(_shown(figure.shows, data_dir, smoke)))
    measured = figure.measure(material)
    drawing = figure.draw(material) if found or material.data else None
    out, stem = Path(out), stem_of(name)
    make_folder(out)
    files = [out / f"{stem}.csv"]
    write_text(files[0], to_csv(measured.rows))
    for path in (out / f"{stem}.{ending}" for ending in FORMATS):
        if drawing is None:
            path.unlink(missing_ok=True)  # of other records
        else:
            save_figure(drawing, path)
            files.append(path)
    text = page(name, figure, measured, found, missing, drawing is not None, smoke, dataset)
    files.append(out / f"{stem}.md")
    write_text(files[-1], text)
    return Reproduced(name, figure.title, measured.verdict, measured.why, files)


def run_missing(figures, out, records, dataset=None, data_dir=None, smoke=False, **options):
    """Makes the runs that the figures need and that have no record; returns the sweep's `Outcome`.

    Args:
        figures: names of figures; where they need several sweeps, one whose data is not there is left out.
        out, records: folders, see `sweeps.run_sweep.sweep`.
        dataset, data_dir, smoke: see `reproduce`.
        options: passed on to `sweep`.
    """
    by_sweep, configs = {}, {}
    for figure in (lookup("paper_figure", name) for name in figures):
        mine = {settings_of(config): config for config in configs_of(figure, dataset, data_dir, smoke)}
        by_sweep.setdefault(figure.sweep, {}).update(mine)
    for name, mine in by_sweep.items():
        try:
            check_same_data(list(mine.values()), records)
        except InputError as error:
            if len(by_sweep) == 1:
                raise
            print(f"the runs of {name} are left out: {error}", file=sys.stderr)
        else:
            configs |= mine
    return sweep(list(configs.values()), out, records, **options)


def check_same_data(configs, records):
    """Raises `InputError` if records of these runs are of other data than lies here: they would be mixed."""
    here = {settings_of(config): fingerprint for config, fingerprint in plan(configs, verbose=0).values()}
    for record in load_records(records).found:
        mine = here.get(settings_of(record["config"]))
        if mine is not None and mine != record["data"]["fingerprint"]:
            raise InputError(
                f"{records} has runs on other data under this name ({record['data']['source']}) than "
                "there is here: name another folder for your own with --records, and one for the pages with "
                "--out."
            )


def configs_of(figure, dataset=None, data_dir=None, smoke=False):
    """Returns the resolved `Config` of every run that a figure is drawn from."""
    if figure.sweep is None:
        return []
    configs = read_sweep(figure.sweep, data_dir=data_dir).configs
    if dataset is not None and all(config.dataset == STAND_IN for config in configs):
        configs = read_sweep(figure.sweep, dataset=dataset, data_dir=data_dir).configs
    selected = [config for config in configs if _fits(config, figure.select)]
    return smoke_configs(selected) if smoke else selected


def chosen(folder, configs, verbose=1):
    """Returns the records of these runs, and the configurations that have none.

    Raises:
        InputError: if runs that should compare were trained or measured on different data.
    """
    known = load_records(folder)
    if verbose:
        say_of_records(known, folder)
    wanted = {settings_of(config): config for config in configs}
    found = [record for record in known.found if settings_of(record["config"]) in wanted]
    prints = {}
    for record in found:
        prints.setdefault(record["data"]["fingerprint"], record)
    if len(prints) > 1:
        told = " and ".join(f"{record['id']}: {record['data']['source']}" for record in prints.values())
        raise InputError(
            f"{folder} has runs on different data under one name ({told}): keep each kind in a folder of its "
            "own, and name it with --records."
        )
    have = {settings_of(record["config"]) for record in found}
    return found, [config for key, config in wanted.items() if key not in have]


def write_verdicts(reproduced, out):
    """Writes `verdicts.md`, a line per figure that was drawn; returns its path."""
    path = Path(out) / "verdicts.md"
    lines = [f"| [{each.title}]({stem_of(each.name)}.md) | {each.verdict} |" for each in reproduced]
    text = "\n".join(["# Verdicts", "", "| Figure | The paper's claim |", "|---|---|", *lines])
    write_text(path, text + "\n")
    return path


def figures_named(name):
    """Returns the names that a user means: one figure, or all."""
    if name == "all":
        return list(names("paper_figure"))
    lookup("paper_figure", name)
    return [name]


def _fits(config, select):
    values = dataclasses.asdict(config)
    return all(
        values[name] in (wanted if isinstance(wanted, tuple) else (wanted,))
        for name, wanted in select.items()
    )


def _shown(names_shown, data_dir, smoke):
    """Yields the data sets that a figure shows and that can be loaded here."""
    for name in names_shown:
        try:
            yield name, load(*SMOKE_DATA[name]) if smoke else load(name, data_dir)
        except InputError as error:
            print(f"{name} is left out: {error}", file=sys.stderr)
