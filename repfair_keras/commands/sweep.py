"""`python -m repfair_keras.sweep SWEEP`: makes the runs of a grid, on all cores or on a cluster."""

import shlex
import sys

from repfair_keras.commands.command_line import FAILED, call, options_of, parse


def make_parser():
    """Returns the parser."""
    parser = options_of("sweep", __doc__)
    parser.add_argument("sweep", type=str, help="YAML file, or the name of a sweep that the package brings")
    parser.add_argument("--out", type=str | None, help="folder of runs and records; null: sweeps/<name>")
    parser.add_argument("--records", type=str | None, help="folder of records; null: <out>/records")
    parser.add_argument("--dataset", type=str | None, help="data set in the place of the sweep's")
    parser.add_argument("--data_dir", type=str | None, help="where the data is")
    parser.add_argument("--workers", type=int | None, help="processes on this machine; null: one per core")
    parser.add_argument("--scheduler", type=str | None, help="address of a dask scheduler to use instead")
    parser.add_argument("--retries", type=int, default=1, help="how often a failed run is tried again")
    switch = {"type": bool, "default": False, "nargs": "?", "const": True}
    parser.add_argument("--dry_run", help="print the runs and make none", **switch)
    return parser


def main(argv):
    """Parses and calls `sweeps.run_sweep`."""
    options = parse(make_parser(), argv)
    from repfair_keras.sweeps.grid import read_sweep

    sweep = read_sweep(options.sweep, dataset=options.dataset, data_dir=options.data_dir)
    from repfair_keras.sweeps import run_sweep as sweeping

    out, records = options.out or f"sweeps/{sweep.name}", options.records
    if options.dry_run:
        sweeping.preview(sweep.configs, records or f"{out}/records")
        return
    outcome, seconds = sweeping.timed(
        sweeping.sweep,
        sweep.configs,
        out,
        records,
        options.workers,
        options.scheduler,
        options.retries,
        command=command_of(options),
    )
    print(sweeping.report_of(outcome, seconds))
    if outcome.failed:
        sys.exit(FAILED)


def command_of(options):
    """Returns the part of the command that the numbers depend on: not places or numbers of cores."""
    dataset = [] if options.dataset is None else ["--dataset", options.dataset]
    return shlex.join(["python", "-m", "repfair_keras.sweep", options.sweep, *dataset])


if __name__ == "__main__":
    call(main)
