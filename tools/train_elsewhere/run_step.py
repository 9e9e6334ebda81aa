"""Runs jobs that `write_step.py` wrote, one after the other, with NumPy and JAX alone: writes trained.npz to each.

python run_step.py JOB [JOB ...] [SECONDS]      stops each after that many seconds, if it has not ended by then

Several processes can be given the same jobs: each takes those that none has begun.
"""

import json
import re
import sys
import time
from pathlib import Path

import jax
import numpy as np
from jax._src.interpreters import mlir
from jax._src.lib import xla_client
from jaxlib import _jax
from jaxlib.mlir import ir

LINES = 48  # of the log, at the most
OF_STEPS = ("labels", "groups", "fake_labels", "fake_groups")
PROGRAMS = {}  # by their text, compiled


def main(*arguments):
    seconds = float("inf")
    if arguments and arguments[-1].replace(".", "", 1).isdigit():
        *arguments, seconds = *arguments[:-1], float(arguments[-1])
    wrong = [folder for folder in arguments if not Path(folder, "job.json").is_file()]
    if wrong or not arguments:
        sys.exit(
            f"no jobs: {', '.join(wrong) or 'none was named'}; expected folders that write_step.py has written."
        )
    for folder in arguments:
        begun = Path(folder, "begun")
        try:
            begun.touch(exist_ok=False)
        except FileExistsError:
            print(
                f"{folder}: begun before, by this or another process; remove {begun} to run it again",
                flush=True,
            )
            continue
        try:
            run(Path(folder), seconds)
        except BaseException:
            begun.unlink(missing_ok=True)  # so that it is taken again
            raise


def run(job, seconds):
    jax.config.update("jax_enable_x64", True)
    start = time.monotonic()
    about = json.loads((job / "job.json").read_text())
    arrays, data, state = (dict(np.load(job.parent / about[name])) for name in ("batches", "data", "state"))
    zero = {name: np.zeros(shape, dtype) for name, (shape, dtype) in about["zero"].items()}
    device = jax.devices()[0]
    put = lambda array: jax.device_put(array, device)  # noqa: E731
    program = compiled(job / "step.hlo", device)
    look = looker(job, about["looks"], device, put) if about["looks"] else None
    print(f"{job.name}: {device.device_kind}, ready after {time.monotonic() - start:.0f} s", flush=True)
    state = {name: put({**zero, **state}[name]) for name in about["returned"]}
    noise = np.random.default_rng(about["seed"])
    pixels, together, total = put(data["pixels"]), about["together"], len(arrays["rows"])
    log, looks, lines, began = [], {}, max(total // LINES // together, 1) * together, time.monotonic()
    for step in range(0, total, together):
        rows = arrays["rows"][step : step + together].astype(np.int32)
        latents = noise.standard_normal((*rows.shape, about["latent_size"]), np.float32)
        told = [of_step(name, step, rows, arrays, data, about) for name in OF_STEPS]
        given = [pixels, *map(put, (rows, latents, *told))]
        result = executed(program, [*given, *(state[name] for name in about["read"])])
        state.update(zip(about["returned"], result))  # noqa: B905
        done = step + together
        times = about["looks"]["times"] if look else 0
        due = done * times // total > step * times // total
        if due:
            looks.update({f"looks/{done}/{name}": seen for name, seen in look(state).items()})
        if due or done % lines == 0 or done == total:
            log.append(
                {"step": done, **{name: np.asarray(state[name]).tolist() for name in about["metrics"]}}
            )
            state.update({name: put(np.zeros(*about["zero"][name])) for name in about["metrics"]})
            if time.monotonic() - start > seconds:
                break
    spent = time.monotonic() - began
    print(
        f"{job.name}: step {done} of {total}, {spent:.0f} s, {1000 * spent / done:.2f} ms a step", flush=True
    )
    weights = {name: np.asarray(state[name]) for part in about["kept"].values() for name in part}
    summary = {"steps": done, "seconds": spent, "device": device.device_kind, "log": log}
    np.savez_compressed(job / "writing.npz", summary=np.array(json.dumps(summary)), **weights, **looks)
    (job / "writing.npz").rename(job / "trained.npz")


def looker(job, about, device, put):
    """Returns a function from the state to what the instruments see of the generators, by name."""
    program = compiled(job / "look.hlo", device)
    given, tools = (
        {name: put(array) for name, array in np.load(job.parent / about[part]).items()}
        for part in ("given", "tools")
    )

    def look(state):
        known = {**state, **tools}
        seen = executed(program, [*given.values(), *(known[name] for name in about["read"])])
        return {name: np.asarray(array) for name, array in zip(about["returned"], seen)}  # noqa: B905

    return look


def of_step(name, step, rows, arrays, data, about):
    """What some steps are told of their images."""
    if name in about["told"]:
        return data[about["told"][name]][rows]
    return arrays[name][step : step + len(rows)].astype(np.int32)


def executed(program, arguments):
    """Returns what a program returns, arrays on its device."""
    return [array[0] for array in program.execute_sharded(arguments).disassemble_into_single_device_arrays()]


def compiled(path, device):
    """Compiles what TensorFlow wrote, without the two things that JAX does not take: copies and donated inputs."""
    context = mlir.make_ir_context()
    context.allow_unregistered_dialects = True
    with context:
        text = str(ir.Module.parse(_jax.mlir.hlo_to_stablehlo(path.read_bytes())))
        text = re.sub(r"mhlo\.input_output_alias = \[.*?\}\], ", "", text, count=1)
        text = re.sub(r"mhlo\.copy (%\S+) : (tensor<[^>]*>)", r"stablehlo.reshape \1 : (\2) -> \2", text)
        text = re.sub(r" \{mhlo\.frontend_attributes = \{[^}]*\}\}", "", text)
        text = str(ir.Module.parse(text))
    if text not in PROGRAMS:  # that of another seed is the same
        options = _jax.DeviceList((device,)), xla_client.CompileOptions()
        PROGRAMS[text] = device.client.compile_and_load(text.encode(), *options)
    return PROGRAMS[text]


if __name__ == "__main__":
    main(*sys.argv[1:])
