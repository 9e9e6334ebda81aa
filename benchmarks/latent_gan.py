"""Rows per second of training FLD-WGAN-GP on latents, on CPU: ours, and the same networks in PyTorch loops.

One loop takes its rows from a DataLoader, as the public code of the paper does, the other by index. Each is a
process of its own, and they take turns. Ratios are medians over the turns.
"""

import argparse
import importlib.util
import itertools
import os
import subprocess
import sys
import time
from functools import partial
from statistics import median

ROWS, SIZE, NOISE = 32_561, 8, 64  # Adult's training rows, dimensions of a code and of the noise
CRITIC_STEPS, PENALTY = 5, 10.0
RATES, BETAS = (2e-3, 2e-4), (0.5, 0.9)  # of critic and generator, as in preset `small`
GENERATOR, CRITIC, SLOPE = (64, 128, 256, 128, 64), (128, 64, 32), 0.2
TARGET = 2.0
OURS = "ours"


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--batch_size", type=int, nargs="+", default=[512, 2048])
    parser.add_argument("--steps", type=int, default=96, help="steps of the generator per turn")
    parser.add_argument("--repeats", type=int, default=5, help="turns of each")
    parser.add_argument("--threads", type=int, default=os.cpu_count(), help="threads of each")
    parser.add_argument("--worker", choices=WORKERS, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.worker:
        print(WORKERS[options.worker](options.batch_size[0], options.steps, options.threads))
        return
    names = list(WORKERS)
    if importlib.util.find_spec("torch") is None:
        print("The rows of PyTorch are left out: torch is not importable (pip install torch).")
        names = [OURS]
    for batch_size in options.batch_size:
        seconds = {name: [] for name in names}
        for _ in range(options.repeats):
            for name, turns in seconds.items():
                turns.append(turn(name, batch_size, options))
        for name, turns in seconds.items():
            speed = batch_size * options.steps / median(turns)
            line = f"batch {batch_size}, {name}: {speed:,.0f} rows per second of the generator"
            print(line if name == OURS else f"{line}; {compared(seconds[OURS], turns)}", flush=True)


def compared(ours, theirs):
    """Says how many times as fast ours is, turn by turn, and whether that reaches the target."""
    ratios = [their / our for our, their in zip(ours, theirs, strict=True)]
    verdict = "reached" if median(ratios) >= TARGET else "not reached"
    ratio = f"{median(ratios):.2f} times as fast ({min(ratios):.2f} to {max(ratios):.2f})"
    return f"ours is {ratio}; target {TARGET:g}: {verdict}"


def turn(name, batch_size, options):
    """Returns the seconds of one turn, in a process of its own."""
    words = [
        "--worker",
        name,
        "--batch_size",
        batch_size,
        "--steps",
        options.steps,
        "--threads",
        options.threads,
    ]
    threads = {key: str(options.threads) for key in ("OMP_NUM_THREADS", "TF_NUM_INTRAOP_THREADS")}
    environment = {**os.environ, **threads, "CUDA_VISIBLE_DEVICES": "-1", "TF_CPP_MIN_LOG_LEVEL": "3"}
    command = [sys.executable, __file__, *map(str, words)]
    result = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=True)
    return float(result.stdout.split()[-1])


def train_ours(batch_size, steps, threads):
    """Returns the seconds of so many steps, by `fit`, as a run has it."""
    import keras
    import numpy as np

    from repfair_keras.methods.fair_latent.fair_latents import code_batches
    from repfair_keras.methods.fair_latent.fair_vae import Codes
    from repfair_keras.methods.fair_latent.latent_gan import LatentWGANGP
    from repfair_keras.networks.latent import latent_critic, latent_generator

    rng = np.random.default_rng(0)
    codes = Codes(*rng.normal(size=(2, ROWS, SIZE)).astype(np.float32))
    model = LatentWGANGP(latent_generator(SIZE, NOISE), latent_critic(SIZE))
    adam = [keras.optimizers.Adam(rate, *BETAS) for rate in RATES]
    model.compile(*adam, steps_per_execution=16)
    parts = CRITIC_STEPS + 1
    batches = code_batches(codes, np.arange(ROWS) % 2, parts * batch_size, NOISE, seed=0)
    model.fit(batches, steps_per_epoch=16, verbose=0)
    start = time.perf_counter()
    model.fit(batches, steps_per_epoch=steps, verbose=0)
    return time.perf_counter() - start


def train_pytorch(batch_size, steps, threads, loader=False):
    """Returns the seconds of so many steps of a plain loop, with rows by index or from a DataLoader."""
    import torch

    torch.set_num_threads(threads)
    torch.manual_seed(0)

    def layers(sizes, with_norm):
        for one, two in itertools.pairwise(sizes):
            yield from [torch.nn.BatchNorm1d(one)] if with_norm else []
            yield from (torch.nn.Linear(one, two), torch.nn.LeakyReLU(SLOPE))

    generator = torch.nn.Sequential(*layers((NOISE, *GENERATOR), True), torch.nn.Linear(GENERATOR[-1], SIZE))
    critic = torch.nn.Sequential(*layers((SIZE, *CRITIC), False), torch.nn.Linear(CRITIC[-1], 1))
    players = zip((critic, generator), RATES, strict=True)
    adam = [torch.optim.Adam(player.parameters(), rate, betas=BETAS) for player, rate in players]
    mean, deviation = torch.randn(ROWS, SIZE), torch.randn(ROWS, SIZE).exp()

    def rows():
        while loader:
            rows = torch.utils.data.TensorDataset(mean, deviation)
            yield from torch.utils.data.DataLoader(rows, batch_size, shuffle=True, drop_last=True)
        while True:
            index = torch.randint(ROWS, (batch_size,))
            yield mean[index], deviation[index]

    batches = rows()

    def batch():
        mean, deviation = next(batches)
        return mean + deviation * torch.randn(batch_size, SIZE)

    def step():
        for _ in range(CRITIC_STEPS):
            with torch.no_grad():
                real, fake = batch(), generator(torch.randn(batch_size, NOISE))
            weight = torch.rand(batch_size, 1)
            points = (weight * real + (1 - weight) * fake).requires_grad_()
            (slopes,) = torch.autograd.grad(critic(points).sum(), points, create_graph=True)
            penalty = (slopes.norm(dim=1) - 1).square().mean()
            loss = critic(fake).mean() - critic(real).mean() + PENALTY * penalty
            adam[0].zero_grad()
            loss.backward()
            adam[0].step()
        adam[1].zero_grad()
        (-critic(generator(torch.randn(batch_size, NOISE))).mean()).backward()
        adam[1].step()

    for _ in range(16):
        step()
    start = time.perf_counter()
    for _ in range(steps):
        step()
    return time.perf_counter() - start


WORKERS = {
    OURS: train_ours,
    "pytorch": train_pytorch,
    "pytorch, DataLoader": partial(train_pytorch, loader=True),
}

if __name__ == "__main__":
    main()
