"""A sweep file: settings that all runs share, and a grid of those in which they differ, or a draw of them."""

import itertools
import math
from importlib import resources
from pathlib import Path
from typing import NamedTuple

import yaml

from repfair_keras.core.errors import InputError
from repfair_keras.core.reading import read_text
from repfair_keras.core.settings import shown
from repfair_keras.core.yaml_text import load_yaml
from repfair_keras.runs.config import Config, configure
from repfair_keras.sweeps.draw import draw_settings

PARTS = ("base", "grid", "draw")
MOST_RUNS = 100_000
TRIES = 20  # for each run of a random search, until it is another one
PAPERS = resources.files("repfair_keras.papers")


class Sweep(NamedTuple):
    """Runs to be made.

    Args:
        name: of the file, without its ending.
        configs: resolved `Config` of every run, each once.
    """

    name: str
    configs: list[Config]


def packaged_sweeps():
    """Returns the sweeps that the package brings, each beside the figures that need it: name to file."""
    files = (file for paper in PAPERS.iterdir() if paper.is_dir() for file in paper.iterdir())
    found = {Path(file.name).stem: file for file in files if file.name.endswith(".yaml")}
    return dict(sorted(found.items()))


def read_sweep(sweep, **settings):
    """Reads and expands a sweep.

    Args:
        sweep: path of a YAML file, or the name of a sweep that the package brings.
        settings: settings of `Config` to be put in the place of the file's `base`; `None` keeps them.

    Returns:
        `Sweep`.

    Raises:
        InputError: if there is no such file, or what it holds is not a sweep.
    """
    text, name = _text(sweep)
    try:
        content = load_yaml(text)
    except yaml.YAMLError as error:
        raise InputError(f"{sweep} cannot be read as YAML: {error}") from error
    if not isinstance(content, dict) or set(content) - set(PARTS) or not {"grid", "draw"} & set(content):
        found = list(content) if isinstance(content, dict) else content
        raise InputError(
            f"{sweep} holds {shown(found)}: expected `grid` or `draw`, and `base` if runs share settings."
        )
    base = content.get("base") or {}
    given = {key: value for key, value in settings.items() if value is not None}
    if not isinstance(base, dict):
        raise InputError(f"base is {shown(base)}: expected settings and their values.")
    base = {**base, **given}
    configs = [config for grid in _listed(content, "grid") for config in expand(base, grid)]
    configs += [config for drawn in _listed(content, "draw") for config in _expand_drawn(base, drawn)]
    return Sweep(name, list({config.to_yaml(): config for config in configs}.values()))


def _listed(content, part):
    """The grids, or draws, of a file: one, or a list of them."""
    if part not in content:
        return []
    found = content[part] if isinstance(content[part], list) else [content[part]]
    if not found:
        raise InputError(f"{part} is empty: expected settings, each with a list of values.")
    return found


def expand(base, grid):
    """Returns the resolved `Config` of every combination of a grid's values, in its order.

    A setting that a run's method does not read is left out of it, so that one run stands for all its values.

    Args:
        base: dict of setting to value.
        grid: dict of setting to a list of values, none empty.

    Raises:
        InputError: for a setting or a value that is not known.
    """
    if not isinstance(grid, dict) or not grid:
        raise InputError(f"grid is {shown(grid)}: expected settings, each with a list of values.")
    for name, values in grid.items():
        if not isinstance(values, list) or not values:
            raise InputError(f"{name} is {shown(values)} in the grid: expected a list of at least one value.")
    _check_one_place(grid, base, "the grid")
    if (n := math.prod(map(len, grid.values()))) > MOST_RUNS:
        sizes = " x ".join(f"{len(values):,} of {name}" for name, values in grid.items())
        raise InputError(
            f"the grid has {n:,} combinations, {sizes}: expected at most {MOST_RUNS:,}. Split it into several sweeps, "
            "or leave out values."
        )
    combinations = (dict(zip(grid, values, strict=True)) for values in itertools.product(*grid.values()))
    return [_config({**base, **combination}) for combination in combinations]


def _expand_drawn(base, drawn):
    """The resolved `Config` of every run of a random search, all different."""
    source, configs, seen = draw_settings(drawn), {}, set()
    _check_one_place(drawn["settings"], base, "draw")
    n = drawn["runs"]
    for settings in itertools.islice(source, TRIES * n):
        if (key := repr(settings)) in seen:
            continue
        seen.add(key)
        config = _config({**base, **settings})
        configs[config.to_yaml()] = config
        if len(configs) == n:
            return list(configs.values())
    raise InputError(
        f"draw has {n:,} runs, and {TRIES * n:,} tries gave {len(configs):,} different ones: choose from more values, "
        "or draw fewer runs."
    )


def _check_one_place(settings, base, place):
    if both := [name for name in settings if name in base]:
        raise InputError(
            f"{both[0]} stands in {place} and in base, or on the command line: expected one place alone."
        )


def _config(values):
    try:
        return configure(values, unread="drop")
    except InputError as error:
        raise InputError(f"the sweep has a run that cannot be, {values}: {error}") from error


def _text(sweep):
    path = Path(sweep)
    if path.is_file():
        return read_text(path, "a YAML file"), path.stem
    brought = packaged_sweeps()
    if sweep in brought:
        return brought[sweep].read_text("utf-8"), str(sweep)
    raise InputError(f"{sweep} is neither a file nor a sweep that the package brings: {', '.join(brought)}.")
