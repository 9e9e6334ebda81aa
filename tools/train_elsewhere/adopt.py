"""Makes a run of what `run_step.py` trained: exports, measures and reports as `train` does.

python tools/train_elsewhere/adopt.py JOB OUT [RECORDS]
"""

import csv
import json
import math
from pathlib import Path

import numpy as np
from write_step import SEEN, first_phase, variables_of

from repfair_keras.commands.command_line import USAGE_ERROR, call, leave
from repfair_keras.commands.train import finish
from repfair_keras.core.errors import InputError
from repfair_keras.core.files import write_json, write_text
from repfair_keras.evaluation.images.group_assignment import decide
from repfair_keras.runs.config import config_from_dict
from repfair_keras.runs.options_file import read_options_file
from repfair_keras.runs.run_folder import RunDir
from repfair_keras.runs.schedule import steps_per_epoch, total_steps
from repfair_keras.sweeps.records import make_record, write_record
from repfair_keras.training.loop import Trained
from repfair_keras.training.probes import SampleProbe, looked_at
from repfair_keras.training.run import export, make_instruments, measure, prepare

COMMAND = "tools/train_elsewhere: write_step.py, run_step.py, adopt.py, with these settings"


def main(folder, out, records=None):
    job, run = Path(folder), RunDir(Path(out))
    run.check_new()
    if not (job / "trained.npz").is_file():
        raise InputError(
            f"{job} holds no trained.npz: run run_step.py on it where it was carried to, and copy it back."
        )
    with np.load(job / "trained.npz", allow_pickle=False) as file:
        arrays = dict(file)
    trained = json.loads(str(arrays.pop("summary")))
    looks = {}
    for name in [name for name in arrays if name.startswith("looks/")]:
        _, step, seen = name.split("/", 2)
        looks.setdefault(int(step), {})[seen] = arrays.pop(name)
    config = config_from_dict(read_options_file(job / "config.yaml"))
    if (instruments := RunDir(job).instruments).is_dir():
        config = config.replace(instruments=str(instruments))
    plan = prepare(config)
    if trained["steps"] < total_steps(config.training, len(plan.dataset)):  # stopped early
        config = config.replace(steps=trained["steps"], epochs=None)
        plan = prepare(config)
    phase = first_phase(config, plan.dataset)
    variables = variables_of(phase.model)
    for name, values in arrays.items():
        variables[name].assign(values)
    run.create()
    about = json.loads((job / "job.json").read_text())["versions"]  # of the code that wrote the step
    write_json(run.versions, {**about, "data": plan.dataset.fingerprint, "trained_on": trained["device"]})
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
    """Returns what the looks have seen, as the log of a training has it: dict of step to columns.

    How good the images are is measured in the end alone: the features that this takes do not come back.
    """
    generators = looked_at(phase)
    per_epoch = steps_per_epoch(plan.config.training, len(plan.dataset), last)
    probe = SampleProbe(generators, tools, plan.config, plan.dataset, per_epoch, stop_at=None)
    classifier, found = tools.attribute.classifier, {}
    thresholds = plan.config.evaluation.decision.thresholds(classifier)
    for step, seen in looks.items():
        for prefix in generators:
            corners, logits, labels = (seen[prefix + name] for name in SEEN)
            chances = classifier.calibration.chances(logits)
            assignment = decide(chances, corners, tools.attribute.rules, thresholds)
            counted = probe.measure_groups(assignment, labels if plan.dataset.n_classes else None)
            found.setdefault(step, {}).update(named(prefix, counted))
    for prefix, generator in generators.items():
        found.setdefault(last, {}).update(named(prefix, probe.measure(generator)))
    return found


def named(prefix, columns):
    return {prefix + name: value for name, value in columns.items()}


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
    call(lambda words: main(*words) if len(words) in (2, 3) else leave(__doc__, USAGE_ERROR))
