"""Makes a run of what `run_step.py` trained: exports, measures and reports as `train` does.

python tools/train_elsewhere/adopt.py JOB OUT [INSTRUMENTS [RECORDS]]
"""

import csv
import json
import math
import sys
from pathlib import Path

import numpy as np
from write_step import first_phase, variables_of

from repfair_keras.commands.train import finish
from repfair_keras.core.files import write_json, write_text
from repfair_keras.runs.config import config_from_dict
from repfair_keras.runs.log import RAW
from repfair_keras.runs.options_file import read_options_file
from repfair_keras.runs.run_folder import RunDir
from repfair_keras.runs.schedule import steps_per_epoch, total_steps
from repfair_keras.runs.versions import versions
from repfair_keras.sweeps.records import make_record, write_record
from repfair_keras.training.loop import Trained
from repfair_keras.training.probes import SampleProbe
from repfair_keras.training.run import export, make_instruments, measure, prepare

COMMAND = "tools/train_elsewhere: write_step.py, run_step.py, adopt.py, with these settings"


def main(folder, out, instruments=None, records=None):
    job, run = Path(folder), RunDir(Path(out))
    run.check_new()
    with np.load(job / "trained.npz", allow_pickle=False) as file:
        arrays = dict(file)
    trained = json.loads(str(arrays.pop("summary")))
    looks = {int(name.split("/")[1]): arrays.pop(name) for name in list(arrays) if name.startswith("looks/")}
    config = config_from_dict(read_options_file(job / "config.yaml"))
    config = config if instruments is None else config.replace(instruments=instruments)
    plan = prepare(config)
    if trained["steps"] < total_steps(config.training, len(plan.dataset)):  # stopped early
        config = config.replace(steps=trained["steps"], epochs=None)
        plan = prepare(config)
    phase = first_phase(config, plan.dataset)
    variables = variables_of(phase.model)
    for name, values in arrays.items():
        variables[name].assign(values)
    run.create()
    write_json(
        run.versions, {**versions(), "data": plan.dataset.fingerprint, "trained_on": trained["device"]}
    )
    tools = make_instruments(plan, run)
    seen = looks_of(phase, plan, tools, looks, trained["steps"]) if tools is not None else {}
    write_log(run.log, trained["log"], plan.dataset.group_names, seen)
    write_text(run.config, config.to_yaml())
    made = Trained(phase.generator, trained["steps"], trained["seconds"], None, phase.raw)
    export(plan, run, made)
    report = measure(plan, run, made.seconds, verbose=1, instruments=tools)
    finish(run, report)
    if records is not None:
        record = make_record(run, plan, json.loads(run.report.read_text("utf-8")), COMMAND)
        write_record(records, record, config.modality.picture(run, config, plan.dataset).read_bytes())


def looks_of(phase, plan, tools, looks, last):
    """Returns what the images that were kept show, as the log of a training has it: dict of step to columns."""
    per_epoch = steps_per_epoch(plan.config.training, len(plan.dataset), last)
    generators = {"": phase.generator} | ({RAW: phase.raw} if phase.raw is not None else {})
    probe = SampleProbe(generators, tools, plan.config, plan.dataset, per_epoch, stop_at=None)
    prefix, *_ = reversed(generators)  # of the last step's generator
    found = {}
    for step, images in looks.items():
        shown = probe.measure_images(images.astype(np.float32) / 127.5 - 1.0)
        found[step] = {prefix + name: value for name, value in shown.items()}
    for prefix, generator in generators.items():
        found.setdefault(last, {}).update(
            {prefix + name: value for name, value in probe.measure(generator).items()}
        )
    return found


def write_log(path, log, group_names, looks):
    """Writes `log.csv`: means of losses and of the norms by group since the line before, and what looks have shown."""
    rows = []
    for number, line in enumerate(log, start=1):
        row = {"epoch": number, "step": line["step"]}
        for name in sorted({key.split("/")[1] for key in line if key.startswith("metrics/")}):
            total, count = (np.asarray(line[f"metrics/{name}/{part}"]) for part in (0, 1))
            means = (total / np.maximum(count, 1)).reshape(-1).tolist()
            keys = [name] if len(means) == 1 else [f"{name}/{group}" for group in group_names]
            row.update(zip(keys, means, strict=True))
        shown = looks.get(line["step"], {})
        rows.append({**row, **{name: "" if math.isnan(value) else value for name, value in shown.items()}})
    columns = list(dict.fromkeys(column for row in rows for column in row))
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


if __name__ == "__main__":
    main(*sys.argv[1:])
