"""`python -m repfair_keras.reproduce FIGURE`: draws a figure of a paper from recorded runs, and judges."""

import sys

from repfair_keras.commands.command_line import FAILED, call, leave, options_of, parse
from repfair_keras.core.errors import InputError
from repfair_keras.registry import names

RECORDS, PAGES, SMOKE = "docs/reproduction/records", "docs/reproduction", "sweeps/smoke"


def make_parser():
    """Returns the parser."""
    parser = options_of("reproduce", __doc__)
    known = ", ".join(names("paper_figure"))
    parser.add_argument("figure", type=str, help=f"name of the figure, or `all`: {known}")
    switch = {"type": bool, "default": False, "nargs": "?", "const": True}
    parser.add_argument("--run", help="train what has no record yet", **switch)
    parser.add_argument("--smoke", help="tiny runs on 5,000 digits, in minutes", **switch)
    parser.add_argument("--records", type=str | None, help=f"folder of records; null: {RECORDS}")
    parser.add_argument("--out", type=str | None, help=f"folder of figures and pages; null: {PAGES}")
    parser.add_argument("--runs", type=str, default="sweeps/reproduce", help="folder of new runs")
    parser.add_argument("--dataset", type=str | None, help="in the place of cifar10, the stand-in: svhn")
    parser.add_argument("--data_dir", type=str | None, help="where the data is")
    parser.add_argument("--workers", type=int | None, help="processes on this machine; null: one per core")
    parser.add_argument("--scheduler", type=str | None, help="address of a dask scheduler to use instead")
    return parser


def main(argv):
    """Parses and calls `papers.reproduce`."""
    options = parse(make_parser(), argv)
    from repfair_keras.papers.reproduce import (
        figures_named,
        reproduce,
        run_missing,
        write_verdicts,
    )

    figures = figures_named(options.figure)
    runs = SMOKE if options.smoke else options.runs
    records = options.records or (f"{SMOKE}/records" if options.smoke else RECORDS)
    out = options.out or (f"{SMOKE}/figures" if options.smoke else PAGES)
    which = {"dataset": options.dataset, "data_dir": options.data_dir, "smoke": options.smoke}
    failed = None
    if options.run or options.smoke:
        cluster = {"workers": options.workers, "scheduler": options.scheduler}
        outcome = run_missing(figures, runs, records, **which, **cluster, command=command_of(options))
        failed = "some runs failed" if outcome.failed else None
    done = []
    for name in figures:
        try:
            drawn = reproduce(name, records, out, **which, verbose=name == figures[0])
            done.append(drawn)
            print(f"{drawn.title}\n  {drawn.verdict}: {drawn.why}\n  {drawn.files[-1]}")
        except InputError as error:  # the others are drawn all the same
            if len(figures) == 1:
                raise
            failed = f"figure {name}: {error}"
            print(f"error: {failed}", file=sys.stderr)
    if len(figures) > 1:
        print(write_verdicts(done, out))
    if failed:
        leave(f"error: {failed}", FAILED)


def command_of(options):
    """Returns the part of the command that the numbers depend on."""
    dataset = "" if options.dataset is None else f" --dataset {options.dataset}"
    return f"python -m repfair_keras.reproduce {options.figure} --run{dataset}"


if __name__ == "__main__":
    call(main)
