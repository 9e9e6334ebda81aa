"""`python -m repfair_keras.reproduce FIGURE`: draws a figure of a paper from recorded runs, and judges."""

import sys

from repfair_keras.commands.command_line import FAILED, Options, asked_for_help, leave, option
from repfair_keras.commands.sweep import CLUSTER
from repfair_keras.core.errors import InputError
from repfair_keras.registry import names

RECORDS, PAGES, SMOKE = "docs/reproduction/records", "docs/reproduction", "sweeps/smoke"
OPTIONS = Options(
    "reproduce",
    f"{__doc__.split(': ', 1)[1]}\n\nFIGURE is `all`, or one or more, as `4,8`, of {', '.join(names('paper_figure'))}.",
    {
        "options": {
            "run": option("run", bool, False, "train what has no record yet"),
            "smoke": option("smoke", bool, False, "tiny runs on 5,000 digits, in minutes"),
            "records": option("records", str | None, None, f"folder of records; null: {RECORDS}"),
            "registrations": option(
                "registrations", str | None, None, "folder of registrations; null: docs/registration"
            ),
            "out": option("out", str | None, None, f"folder of figures and pages; null: {PAGES}"),
            "runs": option("runs", str, "sweeps/reproduce", "folder of new runs"),
            "dataset": option("dataset", str | None, None, "in the place of cifar10, the stand-in: svhn"),
            **CLUSTER,
        }
    },
    ("figure",),
    example="python -m repfair_keras.reproduce 8",
)


def main(argv):
    """Parses, trains what is asked for, draws and judges."""
    if (everything := asked_for_help(argv)) is not None:
        print(OPTIONS.help(everything))
        return
    given = OPTIONS.read(argv)
    from repfair_keras.papers.reproduce import figures_named, run_missing, write_verdicts

    figures = figures_named(given["figure"])
    smoke = given["smoke"]
    runs = SMOKE if smoke else given["runs"]
    records = given["records"] or (f"{SMOKE}/records" if smoke else RECORDS)
    out = given["out"] or (f"{SMOKE}/figures" if smoke else PAGES)
    which = {"dataset": given["dataset"], "data_dir": given["data_dir"], "smoke": smoke}
    which["registrations"] = given["registrations"]
    failed = None
    if given["run"] or smoke:
        cluster = {"workers": given["workers"], "scheduler": given["scheduler"]}
        outcome = run_missing(figures, runs, records, **which, **cluster, command=command_of(given))
        failed = "some runs failed" if outcome.failed else None
    drawn, failures = _draw(figures, records, out, which)
    if given["figure"] == "all":  # the table of some would take the place of that of all
        print(write_verdicts(drawn, out))
    if failed or failures:
        leave(f"error: {failures[-1] if failures else failed}", FAILED)


def _draw(figures, records, out, which):
    """Draws figures; returns those drawn, and what went wrong with others where there are several."""
    from repfair_keras.papers.reproduce import reproduce

    drawn, failures = [], []
    for name in figures:
        try:
            figure = reproduce(name, records, out, **which, verbose=name == figures[0])
            drawn.append(figure)
            print(f"{figure.title}\n  {figure.verdict}: {figure.why}\n  {figure.files[-1]}")
        except InputError as error:  # the others are drawn all the same
            if len(figures) == 1:
                raise
            failures.append(f"figure {name}: {error}")
            print(f"error: {failures[-1]}", file=sys.stderr)
    return drawn, failures


def command_of(given):
    """Returns the part of the command that the numbers depend on."""
    dataset = "" if given["dataset"] is None else f" --dataset {given['dataset']}"
    return f"python -m repfair_keras.reproduce {given['figure']} --run{dataset}"
