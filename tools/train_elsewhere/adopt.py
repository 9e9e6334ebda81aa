"""Makes a run of what `run_step.py` trained: exports, measures and reports as `train` does.

python tools/train_elsewhere/adopt.py JOB OUT
"""

import csv
import json
import sys
from pathlib import Path

import numpy as np
from write_step import first_phase, variables_of

from repfair_keras.commands.train import finish
from repfair_keras.core.files import write_json, write_text
from repfair_keras.runs.config import config_from_dict
from repfair_keras.runs.options_file import read_options_file
from repfair_keras.runs.run_folder import RunDir
from repfair_keras.runs.versions import versions
from repfair_keras.training.loop import Trained
from repfair_keras.training.run import export, measure, prepare


def main(folder, out):
    job, run = Path(folder), RunDir(Path(out))
    run.check_new()
    with np.load(job / "trained.npz", allow_pickle=False) as file:
        arrays = dict(file)
    trained = json.loads(str(arrays.pop("summary")))
    # a job that was stopped early is a run of as many steps
    config = config_from_dict(read_options_file(job / "config.yaml")).replace(
        steps=trained["steps"], epochs=None
    )
    plan = prepare(config)
    phase = first_phase(config, plan.dataset)
    variables = variables_of(phase.model)
    for name, values in arrays.items():
        variables[name].assign(values)
    run.create()
    write_json(
        run.versions, {**versions(), "data": plan.dataset.fingerprint, "trained_on": trained["device"]}
    )
    write_log(run.log, trained["log"], plan.dataset.group_names)
    write_text(run.config, config.to_yaml())
    made = Trained(phase.generator, trained["steps"], trained["seconds"], None, phase.raw)
    export(plan, run, made)
    finish(run, measure(plan, run, made.seconds, verbose=1))


def write_log(path, log, group_names):
    """Writes `log.csv`: means of the losses, and of the norms by group, since the line before."""
    rows = []
    for number, line in enumerate(log, start=1):
        row = {"epoch": number, "step": line["step"]}
        for name in sorted({key.split("/")[1] for key in line if key.startswith("metrics/")}):
            total, count = (np.asarray(line[f"metrics/{name}/{part}"]) for part in (0, 1))
            means = (total / np.maximum(count, 1)).reshape(-1).tolist()
            keys = [name] if len(means) == 1 else [f"{name}/{group}" for group in group_names]
            row.update(zip(keys, means, strict=True))
        rows.append(row)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


if __name__ == "__main__":
    main(*sys.argv[1:])
