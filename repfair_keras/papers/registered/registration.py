"""A registration: what is to be run and how it is judged, committed before the first run. See `docs/registration`."""

import subprocess
from pathlib import Path
from typing import Annotated, Literal, NamedTuple

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from repfair_keras.core.errors import InputError
from repfair_keras.core.reading import read_text
from repfair_keras.core.yaml_text import load_yaml
from repfair_keras.sweeps.identity import record_values, settings_of

ENDPOINTS = (
    *("lost", "second", "class_gap", "gap", "right_label", "undecided", "fid"),
    *("dp", "ftu", "accuracy", "leak"),  # of tables
)
MOST_NAMED = 5
STRICT = ConfigDict(strict=True, extra="forbid")
Text = Annotated[str, Field(min_length=1)]


class Arm(BaseModel):
    """Runs that are alike but for their seeds: the settings that tell them, and how many there are.

    On a table an arm may be what classifiers learn from real rows, beside the runs of another arm.
    """

    model_config = STRICT
    settings: Annotated[dict, Field(min_length=1)]
    seeds: Annotated[int, Field(ge=2)]
    side: Literal["synthetic", "real_equal"] = "synthetic"


class Hypothesis(BaseModel):
    """What is claimed of two arms, and by which test it is judged."""

    model_config = STRICT
    claim: Text
    paper: Text
    arms: Annotated[list[str], Field(min_length=2, max_length=2)]
    endpoint: Literal[ENDPOINTS]
    test: Literal["fisher", "mann_whitney", "tost"]
    claimed: Literal["greater", "less", "equal"]
    margin: Annotated[float, Field(gt=0)] | None = None
    only: Literal["kept"] | None = None
    power_for: list[float] | float | None = None


class Map(BaseModel):
    """A setting over whose values the runs of each arm are shown beside one another."""

    model_config = STRICT
    across: Text
    label: Text


class Diverged(BaseModel):
    """A run that ended with a loss that is no number, and so left no record."""

    model_config = STRICT
    arm: Text
    seed: int


class Amendment(BaseModel):
    """A change after the first run, and what was known by then.

    Beside its words it may hold what the code has to know: that of `checkpoints` the last alone is measured, and, by
    hypothesis, better words on what its paper says.
    """

    model_config = STRICT
    date: object
    known: Text
    change: Text
    checkpoints: Literal["last"] | None = None
    papers: dict[str, Text] = {}


class Registration(BaseModel):
    """What `docs/registration/README.md` describes."""

    model_config = STRICT
    title: Text
    question: Text
    sweep: Text
    numbers: int
    written: object
    known_before: Text
    arms: Annotated[dict[str, Arm], Field(min_length=1)]
    generator: Text
    judged: Literal["last_step", "average"] = "last_step"
    of: Literal["images", "tables"] = "images"
    map: Map | None = None
    endpoints: dict[str, Text]
    hypotheses: Annotated[dict[str, Hypothesis], Field(min_length=1)]
    exclusions: Text
    analysis: Text
    order: Text
    amendments: list[Amendment]
    diverged: list[Diverged] = []
    diverged_is_lost: bool = False

    @property
    def last_checkpoint_alone(self) -> bool:
        """Whether gaps are those of the last checkpoint, and not means over the second half of training."""
        return any(amendment.checkpoints == "last" for amendment in self.amendments)

    @property
    def hypotheses_as_amended(self) -> dict[str, Hypothesis]:
        """The hypotheses, with the last words on what their papers say."""
        papers = {name: words for amendment in self.amendments for name, words in amendment.papers.items()}
        return {
            name: one.model_copy(update={"paper": papers.get(name, one.paper)})
            for name, one in self.hypotheses.items()
        }


class Registered(NamedTuple):
    """A registration and where it comes from.

    Args:
        plan: `Registration`.
        commit: that with which the file was added; `None`: it is not committed, or Git is not there.
        path: the file.
    """

    plan: Registration
    commit: str | None
    path: Path


def read_registration(path: str | Path) -> Registered:
    """Reads and checks a registration.

    Args:
        path: YAML file.

    Raises:
        InputError: names every key that does not fit.
    """
    path = Path(path)
    try:
        plan = Registration.model_validate(load_yaml(read_text(path, "a registration in YAML")))
    except yaml.YAMLError as error:
        raise InputError(f"{path} cannot be read as YAML: {error}") from error
    except ValidationError as error:
        raise InputError(
            f"{path} is no registration: {_problems_of(error)}. docs/registration/README.md has what one holds."
        ) from error
    unknown = [
        f"{name} names {arm!r}"
        for name, hypothesis in plan.hypotheses.items()
        for arm in hypothesis.arms
        if arm not in plan.arms
    ]
    wrong = [
        name for name, one in plan.hypotheses.items() if (one.test == "tost") != (one.claimed == "equal")
    ]
    wrong += [
        name for name, one in plan.hypotheses.items() if (one.test == "tost") != (one.margin is not None)
    ]
    wrong += [
        name for name, one in plan.hypotheses.items() if (one.test == "fisher") != (one.endpoint == "lost")
    ]
    unknown += [f"diverged names {one.arm!r}" for one in plan.diverged if one.arm not in plan.arms]
    if unknown:
        raise InputError(f"{path}: {', '.join(unknown)}, but the arms are {', '.join(plan.arms)}.")
    strange = [name for one in plan.amendments for name in one.papers if name not in plan.hypotheses]
    if strange:
        raise InputError(
            f"{path}: amendments name {', '.join(strange)}, but the hypotheses are {', '.join(plan.hypotheses)}."
        )
    if wrong:
        raise InputError(
            f"{path}: {', '.join(dict.fromkeys(wrong))}: `equal` is tested by `tost` with a margin and by nothing "
            "else, `lost` by `fisher`."
        )
    return Registered(plan, _commit_of(path), path)


def _problems_of(error):
    """What does not fit, key by key, shortened."""
    found = [f"{'.'.join(map(str, one['loc'])) or 'the file'}: {one['msg']}" for one in error.errors()]
    more = f"; and {len(found) - MOST_NAMED} more" if len(found) > MOST_NAMED else ""
    return "; ".join(found[:MOST_NAMED]) + more


def check_registration(registered: Registered, configs: list, records: list[dict]) -> None:
    """Refuses runs that are not those of a registration.

    Args:
        registered: `Registered`.
        configs: resolved `Config` of every run of its sweep.
        records: all records of the folder, of every version of the numbers.

    Raises:
        InputError: if the settings of the sweep are not those of the arms, a seed was used before, or runs are of
            other numbers than the registered ones; says what differs.
    """
    plan, name = registered.plan, registered.path.name
    of_arms = {name: [] for name, arm in plan.arms.items() if arm.side == "synthetic"}
    for config in configs:
        found = [name for name in arms_of(plan, record_values(config)) if name in of_arms]
        if len(found) != 1:
            what = f"fits the arms {', '.join(found)}" if found else "fits no arm"
            raise InputError(
                f"{name}: a run of sweep {plan.sweep!r} ({config.method.name}, seed {config.training.seed}) {what}. "
                "Make the settings of the arms those of the sweep, one arm for each run."
            )
        of_arms[found[0]].append(config.training.seed)
    for arm, seeds in of_arms.items():
        if len(seeds) != plan.arms[arm].seeds:
            raise InputError(
                f"{name}: arm {arm!r} is registered with {plan.arms[arm].seeds} seeds, but sweep {plan.sweep!r} has "
                f"{len(seeds)}."
            )
    wanted = {settings_of(config) for config in configs}
    _check_numbers(plan, name, [record for record in records if settings_of(record["config"]) in wanted])
    _check_seeds(registered, configs, [r for r in records if settings_of(r["config"]) not in wanted])


def _check_numbers(plan, name, mine):
    others = sorted({record["numbers"] for record in mine} - {plan.numbers})
    if others:
        raise InputError(
            f"{name} registers runs of numbers {plan.numbers}, but there are some of {', '.join(map(str, others))} "
            "among the records: runs of different numbers are not mixed. Register them anew, or remove those."
        )


def _check_seeds(registered, configs, others):
    data = {config.data.dataset for config in configs}
    seeds = {config.training.seed for config in configs}
    written = str(registered.plan.written)
    before = [
        record
        for record in others
        if record["config"]["dataset"] in data
        and record["config"]["seed"] in seeds
        and str(record.get("finished", ""))[: len(written)] <= written
    ]
    if before:
        named = sorted({record["config"]["seed"] for record in before})[:MOST_NAMED]
        raise InputError(
            f"{registered.path.name}: seeds {', '.join(map(str, named))} were used before it was written ({written}), "
            f"by {len(before)} runs such as {before[0]['id']}: take seeds that nothing is known of."
        )


def arms_of(plan: Registration, values: dict) -> list[str]:
    """Returns the names of the arms whose settings a run has.

    Args:
        plan: `Registration`.
        values: its configuration, as records have it.
    """
    return [
        name
        for name, arm in plan.arms.items()
        if all(_has(values, key, value) for key, value in arm.settings.items())
    ]


def _has(values, key, value):
    """Whether a run has a setting of an arm: its value, or one of a list of them."""
    return values.get(key) == value or (isinstance(value, list) and values.get(key) in value)


def by_arm(plan: Registration, records: list[dict]) -> dict:
    """Returns the records of each arm: a dict of lists."""
    return {name: [r for r in records if name in arms_of(plan, r["config"])] for name in plan.arms}


def _commit_of(path):
    """The commit with which a file was added."""
    git = ["git", "--no-optional-locks", "-C", str(path.resolve().parent)]
    command = [*git, "log", "--diff-filter=A", "--format=%H", "--", path.name]
    try:
        found = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
    except (OSError, subprocess.CalledProcessError):
        return None
    return found[-1] if found else None


def came_first(registered: Registered, commit: str | None) -> bool | None:
    """Whether a commit that runs were made with holds a registration as it is now, apart from its amendments.

    Args:
        registered: `Registered`.
        commit: of the runs, with `+` where the code was changed.

    Returns:
        bool; `None` if that cannot be told, without Git or a commit. False for code that was changed: nobody knows
        what it held.
    """
    if registered.commit is None or commit is None:
        return None
    git = ["git", "--no-optional-locks", "-C", str(registered.path.resolve().parent)]
    try:
        subprocess.run(
            [*git, "cat-file", "-e", f"{commit.rstrip('+')}^{{commit}}"], capture_output=True, check=True
        )
        command = [*git, "show", f"{commit.rstrip('+')}:./{registered.path.name}"]
        then = subprocess.run(command, capture_output=True, text=True, check=False)
    except (OSError, subprocess.CalledProcessError):
        return None
    if then.returncode or commit.endswith("+"):
        return False
    try:
        plan = Registration.model_validate(load_yaml(then.stdout))
    except (yaml.YAMLError, ValidationError):
        return False
    return _without_amendments(plan) == _without_amendments(registered.plan)


def _without_amendments(plan):
    return plan.model_dump(
        exclude={"amendments", "diverged", "diverged_is_lost"}
    )  # the last is said in `exclusions`
