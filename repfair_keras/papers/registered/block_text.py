"""The tables of a registered block's page."""

import numpy as np

from repfair_keras.papers.figure import UNTESTED
from repfair_keras.papers.registered.endpoints import EQUAL_BELOW, LOST_BELOW
from repfair_keras.papers.registered.judged import IN_POINTS, Judged
from repfair_keras.papers.registered.registration import Registered, came_first
from repfair_keras.papers.registered.two_arms import median_interval
from repfair_keras.papers.seed_statistics import binomial_interval
from repfair_keras.reporting.markdown.text import NONE, escape, number, table
from repfair_keras.runs.log import OFTEN

MOST_STEPS = 16  # in one call of the model, after which norms are measured
TESTS = {"fisher": "Fisher, exact", "mann_whitney": "Mann-Whitney", "tost": "equivalence (TOST)"}
WHAT = {
    "lost": "lost a group",
    "second": "share of the second group",
    "class_gap": "gap within classes",
    "gap": "gap",
    "right_label": "right label",
    "undecided": "undecided",
    "fid": "FID",
    "clipped": "real steps clipped",
    "agree": "two counts agree",
    "dp": "demographic parity",
    "ftu": "FTU",
    "accuracy": "accuracy",
    "leak": "AUROC of the group from codes",
}


def hypotheses_table(judged: list[Judged]) -> str:
    """Returns the hypotheses with effect, n, p, power and verdict."""
    header = ["claim", "paper", "ours (95 % interval)", "n", "p (Holm)", "p", "power", "verdict"]
    return table(header, [[f"{one.name}: {one.hypothesis.claim}", *cells(one)] for one in judged])


def cells(judged: Judged) -> list[str]:
    """Returns what a line tells of a hypothesis, behind its claim."""
    compared, hypothesis = judged.compared, judged.hypothesis
    n = " and ".join(str(len(arm)) for arm in judged.values)
    p = NONE if compared is None else p_text(compared.p)
    verdict = f"{judged.verdict}: {judged.why}" if judged.verdict == UNTESTED else judged.verdict
    test = f"{p} ({TESTS[hypothesis.test]})"
    return [hypothesis.paper, effect_text(judged), n, p_text(judged.p), test, _percent(judged.power), verdict]


def effect_text(judged: Judged) -> str:
    """Returns what was measured in both arms, and the difference with its interval."""
    if judged.compared is None:
        return NONE
    hypothesis, compared = judged.hypothesis, judged.compared
    factor = 100 if hypothesis.endpoint in IN_POINTS else 1
    unit = " points" if factor == 100 else ""
    ends = " to ".join(number(factor * end, 3) for end in (compared.low, compared.high))
    middle = np.mean if hypothesis.test == "tost" else np.median  # of what the difference is
    arms = " against ".join(
        f"{sum(values)} of {len(values)}"
        if hypothesis.endpoint == "lost"
        else number(factor * middle(values), 3)
        for values in judged.values
    )
    limit = f", margin {hypothesis.margin:g}" if hypothesis.margin else ""
    return (
        f"{WHAT[hypothesis.endpoint]}: {arms} ({' against '.join(hypothesis.arms)}); difference "
        f"{number(factor * compared.difference, 3)}{unit} ({ends}{limit})"
    )


def arms_table(runs: dict, last_alone: bool = False) -> str:
    """Returns a line for each arm: how often a group was lost, and medians of the other endpoints, with intervals.

    Args:
        runs: name of each arm to what `endpoints` has measured of its runs.
        last_alone: whether gaps are those of the last checkpoint.
    """
    counted_twice = any(run["agree"] is not None for mine in runs.values() for run in mine)
    medians = (*MEDIANS, "agree") if counted_twice else MEDIANS
    header = ["arm", "runs", "lost a group (%)", "with undecided on either side", *map(_heading, medians)]
    lines = []
    for name, mine in runs.items():
        lines.append([name, str(len(mine)), _often(mine, LOST_BELOW[1]), _bounds(mine)])
        lines[-1] += [_median(mine, endpoint) for endpoint in medians]
    when = (
        "of the last checkpoint"
        if last_alone
        else "means over the second half of training, as far as recorded"
    )
    explained = (
        "Lost a group: below 10 % of the images whose group is clear, at the end of training, with the exact "
        "(Clopper-Pearson) interval; beside it how many runs have lost one if all undecided images were of the group "
        "that is rare, and if none were. The others: medians over runs with 95 % bootstrap intervals; gaps are "
        f"{when}, as counted, and never 0, as there are few images to a class."
    )
    if counted_twice:
        explained += (
            " Two counts agree: how often the classifier finds the group of the real image most like a generated one; "
            "of the generator that is exported (the average of the weights, where there is one)."
        )
    return f"{table(header, lines)}\n\n{explained}"


MEDIANS = ("class_gap", "gap", "undecided", "right_label", "fid")


def _heading(endpoint):
    unit = " (points)" if "gap" in endpoint else " (%)" if endpoint in IN_POINTS else ""
    return WHAT[endpoint] + unit


def thresholds_table(runs: dict) -> str:
    """Returns how many runs lie below other thresholds than those that decide."""
    lost = [f"lost at {100 * bound:g} %" for bound in LOST_BELOW]
    equal = [f"gap within classes below {100 * bound:g}" for bound in EQUAL_BELOW]
    lines = [
        [
            name,
            *(_often(mine, bound) for bound in LOST_BELOW),
            *(_often(mine, bound, "class_gap") for bound in EQUAL_BELOW),
        ]
        for name, mine in runs.items()
    ]
    return table(["runs (%)", *lost, *equal], lines)


def map_table(runs: dict, label: str) -> str:
    """Returns a line for each arm and value of the setting that a block is shown across.

    Args:
        runs: name of each arm to what `endpoints` has measured of its runs.
        label: what the setting is called.
    """
    columns = ("class_gap", "undecided", "right_label", "clipped")
    lines = [
        [f"{value:g}", name, _often(cell, LOST_BELOW[1]), *(_median(cell, endpoint) for endpoint in columns)]
        for name, mine in runs.items()
        for value, cell in by_value(mine).items()
    ]
    header = [label, "arm", "lost a group (%)", *map(_heading, columns)]
    return table(header, sorted(lines, key=lambda line: float(line[0])))


OF_ROWS = {
    "dp": "DP",
    "ftu": "FTU",
    "accuracy": "accuracy",
    "dp_blind": "DP without the group",
    "accuracy_blind": "accuracy without it",
    "dp_shuffled": "DP, group shuffled",
    "ftu_shuffled": "FTU, group shuffled",
    "leak": "AUROC of the group from codes",
}


def rows_table(runs: dict, label: str = "") -> str:
    """Returns a line for each arm of a block on tables, or for each arm and value of what it is shown across.

    Args:
        runs: name of each arm to what `table_endpoints` has measured of its runs.
        label: what the setting is called that the lines are parted by; empty: they are not.
    """
    lines = []
    for name, mine in runs.items():
        for value, some in (by_value(mine) if label else {"": mine}).items():
            said = [f"{value:g}"] if label else []
            lines.append([*said, name, str(len(some)), *(_median(some, endpoint, 1) for endpoint in OF_ROWS)])
    header = [*([label] if label else []), "arm", "runs", *OF_ROWS.values()]
    if label:
        return table(header, sorted(lines, key=lambda line: float(line[0])))
    explained = (
        "Logistic regressions, trained on rows of the arm, tested on real ones. DP: difference of the groups' rates of "
        "positive predictions. FTU: how far the mean prediction moves when the group of all rows is changed. Then "
        "without the column of the group, where FTU is 0, and with the groups of the rows shuffled, so that they tell "
        "nothing of the other columns. Medians over runs with 95 % bootstrap intervals."
    )
    return f"{table(header, lines)}\n\n{explained}"


def by_value(runs: list[dict]) -> dict:
    """Returns the runs of an arm for each value of the setting that a block is shown across, in order."""
    values = sorted({run["across"] for run in runs})
    return {value: [run for run in runs if run["across"] == value] for value in values}


NORMS_AT = (0, 50, 100, 250, 500, 1000, 2000)  # steps


def norms_table(records: dict) -> str:
    """Returns how far the groups' gradient norms are apart in the first epoch; empty where it was not measured.

    Args:
        records: name of each arm to its records.
    """
    apart = {name: [norms_apart(record) for record in mine] for name, mine in records.items()}
    steps = [step for step in NORMS_AT if any(step in run for mine in apart.values() for run in mine)]
    if not steps:
        return ""
    lines = []
    for name, mine in apart.items():
        cells = [[run[step] for run in mine if step in run] for step in steps]
        lines.append([name, *(f"{np.median(cell):.2f}" if cell else NONE for cell in cells)])
    explained = (
        "The larger over the smaller gradient norm of the real half, of the same real images of each group, median "
        "over runs; before the first step and soon after the steps named. Exploratory."
    )
    return f"{table(['norms apart after steps', *map(str, steps)], lines)}\n\n{explained}"


def norms_apart(record: dict) -> dict:
    """Returns the ratio of the groups' largest to their smallest gradient norm, by the steps of `NORMS_AT`."""
    rows, found = record.get("early_norms") or [], {}
    for step in NORMS_AT:
        row = next((row for row in rows if row["step"] >= step), None)
        norms = [row[column] for column in row or () if column.startswith("d_grad_norm/")]
        if norms and min(norms) > 0 and row["step"] < step + OFTEN + MOST_STEPS:
            found[step] = max(norms) / min(norms)
    return found


def average_table(averages: dict) -> str:
    """Returns the same endpoints of the other generator of each run, from which nothing is judged."""
    header = ["arm", "runs", "lost a group (%)", *map(_heading, MEDIANS)]
    lines = [
        [
            name,
            str(len(mine)),
            _often(mine, LOST_BELOW[1]),
            *(_median(mine, endpoint) for endpoint in MEDIANS),
        ]
        for name, mine in averages.items()
    ]
    return f"Exploratory: nothing is judged from these.\n\n{table(header, lines)}"


def origin_text(registered: Registered, records: list[dict]) -> str:
    """Returns the commits of the registration and of the runs, and which came first."""
    commit = "not committed" if registered.commit is None else registered.commit[:7]
    known = f"Known before: {escape(registered.plan.known_before.strip())}{_amended(registered.plan)}"
    where = f"[{registered.path.name}](../registration/{registered.path.name}), commit {commit}"
    if not records:
        return f"{where}. {known}"
    of_runs = sorted({_short(str(record["commit"])) for record in records})
    order = {came_first(registered, record["commit"]) for record in records}
    if order == {True}:
        which = (
            "The runs were made with code that holds the registration as it is now, apart from amendments."
        )
    elif False in order:
        which = (
            "**Some runs were made with code that was changed, or that does not hold the registration as it is now: "
            "this page is exploratory.**"
        )
    else:
        which = "Which came first cannot be told here."
    elsewhere = [record["trained_on"] for record in records if record.get("trained_on")]
    if elsewhere:
        of = "" if len(elsewhere) == len(records) else f"{len(elsewhere)} of {len(records)} "
        where += f"; {of}trained on {escape(', '.join(sorted(set(elsewhere))))} (`tools/train_elsewhere`)"
    hours = sum(record.get("seconds") or 0 for record in records) / 3600
    return f"{where}; runs at {escape(', '.join(of_runs))}; {hours:.1f} hours of training in all. {which} {known}"


def _short(commit):
    return commit[:7] + ("+" if commit.endswith("+") else "")


def _amended(plan):
    """Amendments, and runs that diverged, in words."""
    texts = [
        f"{one.date}: {one.change.strip()} Known by then: {one.known.strip()}" for one in plan.amendments
    ]
    gone = ", ".join(f"{one.arm} seed {one.seed}" for one in plan.diverged)
    text = f"\n\n**Amended.** {escape(' '.join(texts))}" if texts else ""
    return text + (f"\n\n**Diverged**: {escape(gone)}." if gone else "")


def p_text(p: float | None) -> str:
    """Returns a p value as text.

    Examples:
        >>> p_text(0.0312), p_text(0.000012)
        ('0.031', '< 0.001')
    """
    if p is None:
        return NONE
    return "< 0.001" if p < 0.001 else f"{p:.2g}"


def _often(runs, bound, endpoint="share"):
    known = [run[endpoint] for run in runs if run[endpoint] is not None]
    if not known:
        return NONE
    k, n = sum(value < bound for value in known), len(known)
    low, high = binomial_interval(k, n)
    return f"{k} of {n} ({100 * low:.0f} to {100 * high:.0f})"


def _bounds(runs):
    known = [run for run in runs if run["share_low"] is not None]
    if not known:
        return NONE
    least, most = (sum(run[end] < LOST_BELOW[1] for run in known) for end in ("share_high", "share_low"))
    return f"{least} to {most} of {len(known)}"


def _median(runs, endpoint, factor=None):
    values = [run[endpoint] for run in runs if run[endpoint] is not None]
    if not values:
        return NONE
    factor = factor or (100 if endpoint in IN_POINTS else 1)
    low, high = median_interval(values)
    return (
        f"{number(factor * np.median(values), 3)} ({number(factor * low, 3)} to {number(factor * high, 3)})"
    )


def _percent(share):
    return NONE if share is None else f"{100 * share:.0f} %"
