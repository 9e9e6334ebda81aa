"""Runs a job that `write_step.py` wrote, with NumPy and JAX alone: writes JOB/trained.npz.

python run_step.py JOB [SECONDS]      stops after that many seconds, if it has not ended by then
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

LINES = 50  # of the log


def main(folder, seconds=float("inf")):
    jax.config.update("jax_enable_x64", True)
    job, start = Path(folder), time.monotonic()
    about, arrays = json.loads((job / "job.json").read_text()), dict(np.load(job / "job.npz"))
    device = jax.devices()[0]
    put = lambda array: jax.device_put(array, device)  # noqa: E731
    program = compiled((job / "step.hlo").read_bytes(), device)
    print(f"{device.device_kind}: compiled in {time.monotonic() - start:.0f} s", flush=True)
    state = {name: put(arrays[f"state/{name}"]) for name in about["returned"]}
    noise = np.random.default_rng(about["seed"])
    pixels, together, total = put(arrays["pixels"]), about["together"], len(arrays["rows"])
    told = [arrays[name] for name in ("labels", "groups", "fake_labels", "fake_groups")]
    log, lines, began = [], max(total // LINES // together, 1) * together, time.monotonic()
    for step in range(0, total, together):
        part = slice(step, step + together)
        rows = arrays["rows"][part]
        latents = noise.standard_normal((*rows.shape, about["latent_size"]), np.float32)
        given = [pixels, *map(put, (rows, latents, *(values[part] for values in told)))]
        result = program.execute_sharded([*given, *(state[name] for name in about["read"])])
        result = result.disassemble_into_single_device_arrays()
        state.update({name: array[0] for name, array in zip(about["returned"], result)})  # noqa: B905
        done = step + together
        if done % lines == 0 or done == total:
            log.append(
                {"step": done, **{name: np.asarray(state[name]).tolist() for name in about["metrics"]}}
            )
            state.update({name: put(np.zeros_like(arrays[f"state/{name}"])) for name in about["metrics"]})
            spent = time.monotonic() - began
            print(f"step {done} of {total}: {spent:.0f} s, {1000 * spent / done:.1f} ms a step", flush=True)
            if time.monotonic() - start > float(seconds):
                break
    weights = {name: np.asarray(state[name]) for part in about["kept"].values() for name in part}
    summary = {"steps": done, "seconds": time.monotonic() - began, "device": device.device_kind, "log": log}
    np.savez(job / "trained.npz", summary=np.array(json.dumps(summary)), **weights)


def compiled(program, device):
    """Compiles what TensorFlow wrote, without the two things that JAX does not take: copies and donated inputs."""
    context = mlir.make_ir_context()
    context.allow_unregistered_dialects = True
    with context:
        text = str(ir.Module.parse(_jax.mlir.hlo_to_stablehlo(program)))
        text = re.sub(r"mhlo\.input_output_alias = \[.*?\}\], ", "", text, count=1)
        text = re.sub(r"mhlo\.copy (%\S+) : (tensor<[^>]*>)", r"stablehlo.reshape \1 : (\2) -> \2", text)
        text = re.sub(r" \{mhlo\.frontend_attributes = \{[^}]*\}\}", "", text)
        module = str(ir.Module.parse(text)).encode()
    return device.client.compile_and_load(module, _jax.DeviceList((device,)), xla_client.CompileOptions())


if __name__ == "__main__":
    main(*sys.argv[1:])
