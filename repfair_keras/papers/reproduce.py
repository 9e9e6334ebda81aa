"""From records to a figure of a paper, its numbers and its page; with `run`, from nothing."""

import sys
from pathlib import Path
from typing import NamedTuple

from repfair_keras.core.errors import InputError
from repfair_keras.core.files import make_folder, write_text
from repfair_keras.data.images.load import load
from repfair_keras.data.tables.preprocess import prepare
from repfair_keras.figures.save import save_figure
from repfair_keras.papers.figure import ILLUSTRATION, UNTESTED, WAITING, Material, Measured, PaperFigure
from repfair_keras.papers.page import page, stem_of
from repfair_keras.papers.registered.registration import check_registration, read_registration
from repfair_keras.papers.smoke import (
    MOST,
    OF_A_BLOCK,
    SMOKE_DATA,
    SMOKE_TABLE,
    smoke_configs,
    smoke_registered,
)
from repfair_keras.papers.tables.cell_figure import CellFigure
from repfair_keras.papers.verdicts_page import verdicts_page
from repfair_keras.registry import TABLES, lookup, modality_name, names
from repfair_keras.reporting.image_row import to_csv
from repfair_keras.runs.config import Config
from repfair_keras.sweeps.grid import read_sweep
from repfair_keras.sweeps.identity import record_values, settings_of
from repfair_keras.sweeps.records import FORMAT, load_records
from repfair_keras.sweeps.run_sweep import Outcome, plan, say_of_records, sweep

REGISTRATIONS = Path("docs/registration")
CHECKOUT = Path(__file__).resolve().parents[2]
FORMATS = ("png", "pdf")
STAND_IN = "cifar10"  # in whose place `--dataset` puts another


class Reproduced(NamedTuple):
    """A figure with its page.

    Args:
        name: its name in the registry.
        title: its title.
        verdict: one of `figure.VERDICTS`.
        why: what decided.
        files: paths of what was written.
        judged: of a registered block, its hypotheses, each a `papers.registered.judged.Judged`.
    """

    name: str
    title: str
    verdict: str
    why: str
    files: list[Path]
    judged: tuple = ()


def reproduce(
    name: str,
    records: str | Path,
    out: str | Path,
    dataset: str | None = None,
    data_dir: str | None = None,
    smoke: bool = False,
    verbose: int = 1,
    registrations: str | Path | None = None,
) -> Reproduced:
    """Measures and plots a figure from records, and writes picture, numbers and page.

    Args:
        name: name of a figure in the registry's table `"paper_figure"`.
        records: folder of records.
        out: folder to write `figure_<name>.png`, `.pdf`, `.csv` and `.md` to.
        dataset: data set in the place of the sweep's; `None`: the sweep's.
        data_dir: where the data is, for figures that show real images.
        smoke: whether the records are of tiny runs.
        verbose: 0: say nothing of records left alone.
        registrations: folder of registrations; `None`: that of the checkout.

    Raises:
        InputError: if the name is not known, records of different data are mixed, or runs are not those of their
            registration.
    """
    figure = lookup("paper_figure", name)
    if figure.sweep is not None and not Path(records).is_dir():
        raise InputError(
            f"{records} is not there: expected a folder of records. Name one with --records, call this "
            "where the repository lies, or train with --run."
        )
    configs = configs_of(figure, dataset, data_dir, smoke)
    registered = registration_of(figure, registrations)
    if registered is not None and smoke:
        registered = smoke_registered(registered)
    elif registered is not None:
        check_runs(registered, configs, records)
    if isinstance(figure, CellFigure):
        recorded, missing = figure.recorded(records, smoke)[:2]
    else:
        recorded, missing = chosen(records, configs, verbose)
    material = Material(recorded, dict(_shown(figure.shows, data_dir, smoke)), registered)
    measured = measure(figure, material)
    there = recorded or material.data or figure.needs_nothing
    picture = figure.plot(material._replace(measured=measured)) if there else None
    text = page(name, figure, measured, recorded, missing, picture is not None, smoke, dataset)
    files = _write(Path(out), stem_of(name), measured.rows, picture, text)
    return Reproduced(name, figure.title, measured.verdict, measured.why, files, measured.judged)


def measure(figure: PaperFigure, material: Material) -> Measured:
    """Returns what a figure measures, judged only where there are runs that no registered block judges."""
    measured = figure.measure(material)
    if measured.verdict == UNTESTED and not (material.records or material.data or figure.needs_nothing):
        return measured._replace(verdict=WAITING)
    if figure.judged_in is None or measured.verdict == UNTESTED:
        return measured
    block = lookup("paper_figure", figure.judged_in)
    why = (
        f"The same runs are judged, as it was registered, in [{block.title}]({stem_of(figure.judged_in)}.md)."
    )
    return measured._replace(verdict=ILLUSTRATION, why=why)


def registration_of(figure: PaperFigure, folder: str | Path | None = None):
    """Returns the `Registered` that a figure's runs are judged by; `None` where they were not registered.

    Args:
        figure: the figure.
        folder: folder of registrations; `None`: `docs/registration`, here or in the checkout of this package.

    Raises:
        InputError: if there is no such registration, or it cannot be read.
    """
    if figure.registration is None:
        return None
    places = [Path(folder)] if folder is not None else [REGISTRATIONS, CHECKOUT / REGISTRATIONS]
    paths = [place / f"{figure.registration}.yaml" for place in places]
    return read_registration(next((path for path in paths if path.is_file()), paths[0]))


def check_runs(registered, configs: list[Config], records: str | Path) -> None:
    """Refuses runs that are not those of a registration, see `registration.check_registration`."""
    known = load_records(records)
    readable = [record for record in known.others if record["format"] == FORMAT]
    check_registration(registered, configs, [*known.found, *readable])


def _write(out, stem, rows, picture, text):
    """Writes CSV, pictures and page; returns their paths, that of the page last."""
    make_folder(out)
    files = [out / f"{stem}.csv"]
    write_text(files[0], to_csv(rows))
    for path in (out / f"{stem}.{ending}" for ending in FORMATS):
        if picture is None:
            path.unlink(missing_ok=True)  # of other records
        else:
            save_figure(picture, path)
            files.append(path)
    files.append(out / f"{stem}.md")
    write_text(files[-1], text)
    return files


def run_missing(
    figures: list[str],
    out: str | Path,
    records: str | Path,
    dataset: str | None = None,
    data_dir: str | None = None,
    smoke: bool = False,
    registrations: str | Path | None = None,
    **options,
) -> Outcome:
    """Makes the runs that the figures need and that have no record.

    Args:
        figures: names of figures; where they need several sweeps, one whose data is not there is left out.
        out, records: folders, see `sweeps.run_sweep.sweep`.
        dataset, data_dir, smoke, registrations: see `reproduce`.
        options: passed on to `sweep`.

    Returns:
        the sweep's `Outcome`.
    """
    by_sweep, configs, cells = {}, {}, Outcome([], [], [])
    for figure in (lookup("paper_figure", name) for name in figures):
        if isinstance(figure, CellFigure):
            command = options.get("command", "")
            cells = Outcome(*map(list.__add__, cells, figure.run(records, data_dir, smoke, command)))
            continue
        registered = registration_of(figure, registrations)
        if registered is not None and not smoke:
            check_runs(registered, configs_of(figure, dataset, data_dir), records)
        runs = {settings_of(config): config for config in configs_of(figure, dataset, data_dir, smoke)}
        by_sweep.setdefault(figure.sweep, {}).update(runs)
    for name, runs in by_sweep.items():
        try:
            check_same_data(list(runs.values()), records)
        except InputError as error:
            if len(by_sweep) == 1:
                raise
            print(f"the runs of {name} are left out: {error}", file=sys.stderr)
        else:
            configs |= runs
    made = sweep(list(configs.values()), out, records, **options)
    return Outcome(*map(list.__add__, made, cells))


def check_same_data(configs: list[Config], records: str | Path) -> None:
    """Raises `InputError` if records of these runs are of other data than lies here: they would be mixed."""
    here = {settings_of(config): fingerprint for config, fingerprint in plan(configs, verbose=0).values()}
    for record in load_records(records).found:
        fingerprint = here.get(settings_of(record["config"]))
        if fingerprint is not None and fingerprint != record["data"]["fingerprint"]:
            raise InputError(
                f"{records} has runs on other data under this name ({record['data']['source']}) than "
                "there is here: name another folder for your own with --records, and one for the pages with "
                "--out."
            )


def configs_of(
    figure: PaperFigure, dataset: str | None = None, data_dir: str | None = None, smoke: bool = False
) -> list[Config]:
    """Returns the resolved `Config` of every run that a figure is made from."""
    if figure.sweep is None:
        return []
    configs = read_sweep(figure.sweep, data_dir=data_dir).configs
    if dataset is not None and all(config.data.dataset == STAND_IN for config in configs):
        configs = read_sweep(figure.sweep, dataset=dataset, data_dir=data_dir).configs
    selected = [config for config in configs if _fits(config, figure.select)]
    if smoke:
        return smoke_configs(selected, OF_A_BLOCK if figure.registration else MOST)
    return selected


def chosen(folder: str | Path, configs: list[Config], verbose: int = 1) -> tuple[list[dict], list[Config]]:
    """Returns the records of these runs, and the configurations that have none.

    Records are of this version of the numbers if there are any, else all of the newest one that has some: pages
    of before a change stay what they are until their runs are made anew, and say so.

    Raises:
        InputError: if runs that should compare were trained or measured on different data.
    """
    known = load_records(folder)
    if verbose:
        say_of_records(known, folder, "used where a figure has none of the present one")
    wanted = {settings_of(config): config for config in configs}
    versions = [known.found, *_by_version(known.others)]
    of_each = ([r for r in records if settings_of(r["config"]) in wanted] for records in versions)
    records = next(filter(None, of_each), [])
    _check_one_kind_of_data(records, folder)
    have = {settings_of(record["config"]) for record in records}
    return records, [config for key, config in wanted.items() if key not in have]


def _by_version(records):
    """Records of other versions of the numbers, a list for each version, the newest first."""
    readable = [record for record in records if record["format"] == FORMAT]
    versions = sorted({record["numbers"] for record in readable}, reverse=True)
    return [[record for record in readable if record["numbers"] == version] for version in versions]


def _check_one_kind_of_data(records, folder):
    by_data = {}
    for record in records:
        by_data.setdefault(record["data"]["fingerprint"], record)
    if len(by_data) > 1:
        sources = " and ".join(f"{record['id']}: {record['data']['source']}" for record in by_data.values())
        raise InputError(
            f"{folder} has runs on different data under one name ({sources}): keep each kind in a folder of "
            "its own, and name it with --records."
        )


def write_verdicts(reproduced: list[Reproduced], out: str | Path) -> Path:
    """Writes `verdicts.md`: a line per registered hypothesis, and one per figure of other runs; returns its path."""
    path = Path(out) / "verdicts.md"
    write_text(path, verdicts_page(reproduced))
    return path


def figures_named(name: str) -> list[str]:
    """Returns the names that a user means: one figure, several between commas, or all."""
    if name == "all":
        return list(names("paper_figure"))
    figures = list(dict.fromkeys(part.strip() for part in name.split(",")))
    for figure in figures:
        lookup("paper_figure", figure)
    return figures


def _fits(config, select):
    values = record_values(config)
    return all(
        values[name] in (wanted if isinstance(wanted, tuple) else (wanted,))
        for name, wanted in select.items()
    )


def _shown(dataset_names, data_dir, smoke):
    """Yields the data sets that a figure shows and that can be loaded here."""
    for name in dataset_names:
        try:
            yield name, _loaded(name, data_dir, smoke)
        except InputError as error:
            print(f"{name} is left out: {error}", file=sys.stderr)


def _loaded(name, data_dir, smoke):
    if modality_name(name) == TABLES:
        dataset, folder = (SMOKE_TABLE, None) if smoke else (name, data_dir)
        return prepare(lookup("dataset", dataset)(folder))
    return load(*SMOKE_DATA[name]) if smoke else load(name, data_dir)
