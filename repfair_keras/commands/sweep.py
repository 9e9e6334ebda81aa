"""`python -m repfair_keras.sweep SWEEP`: makes the runs of a grid, on all cores or on a cluster."""

import shlex
import sys
from pathlib import Path

from repfair_keras.commands.command_line import FAILED, Options, asked_for_help, option
from repfair_keras.core.settings import CountFrom0, up_to

CLUSTER = {
    "data_dir": option("data_dir", str | None, None, "where the data is"),
    "workers": option("workers", up_to(1024) | None, None, "processes on this machine; null: one per core"),
    "scheduler": option("scheduler", str | None, None, "address of a dask scheduler to use instead"),
}
OPTIONS = Options(
    "sweep",
    __doc__.split(": ", 1)[1],
    {
        "options": {
            "out": option("out", str | None, None, "folder of runs and records; null: sweeps/<name>"),
            "records": option("records", str | None, None, "folder of records; null: <out>/records"),
            "dataset": option("dataset", str | None, None, "data set in the place of the sweep's"),
            **CLUSTER,
            "retries": option("retries", CountFrom0, 1, "how often a failed run is tried again"),
            "dry_run": option("dry_run", bool, False, "print the runs and make none"),
        }
    },
    ("sweep",),
    example="python -m repfair_keras.sweep my_sweep.yaml --workers 2",
)


def main(argv):
    """Parses, makes the runs and prints what they came to."""
    if (everything := asked_for_help(argv)) is not None:
        print(OPTIONS.help(everything))
        return
    given = OPTIONS.read(argv)
    from repfair_keras.sweeps.grid import read_sweep

    sweep = read_sweep(given["sweep"], dataset=given["dataset"], data_dir=given["data_dir"])
    from repfair_keras.sweeps import run_sweep

    out = Path(given["out"] or f"sweeps/{sweep.name}").expanduser()
    records = Path(given["records"]).expanduser() if given["records"] else out / "records"
    if given["dry_run"]:
        run_sweep.preview(sweep.configs, records)
        return
    outcome, seconds = run_sweep.timed(
        run_sweep.sweep,
        sweep.configs,
        out,
        records,
        given["workers"],
        given["scheduler"],
        given["retries"],
        command=command_of(given),
    )
    print(run_sweep.report_of(outcome, seconds))
    print(run_sweep.end(outcome, out, records))
    if outcome.failed:
        sys.exit(FAILED)


def command_of(given):
    """Returns the part of the command that the numbers depend on: not places or numbers of cores."""
    dataset = [] if given["dataset"] is None else ["--dataset", given["dataset"]]
    return shlex.join(["python", "-m", "repfair_keras.sweep", given["sweep"], *dataset])
