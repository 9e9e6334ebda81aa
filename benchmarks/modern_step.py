"""Images per second of the preset `modern` on CPU: ours, what its parts cost, and PyTorch, in one run.

Contestants and turns as in `train_step.py`: each is a process of its own, ratios are medians over the rounds.
"""

import argparse
import os
from functools import partial
from itertools import pairwise
from statistics import median

from train_step import PYTORCH, measure, ours, timed, work, workload

STEPS = 24  # iterations per turn: a turn lasts some seconds
OURS, BARE = "ours, gan", "without R1 and R2"
SLOPE, EMBEDDED, HIDDEN, WIDEST = 0.2, 32, 8, 8
TARGETS = {PYTORCH: 1.3}  # ours is so much faster
PENALTIES = 2.2  # times a step without, at most


def main():
    options = parse_options()
    if options.worker is not None:
        return work(CONTESTANTS, options.worker, options.preset, options.threads)
    seconds = measure(CONTESTANTS, options.preset, options.steps, options.repeats, options.threads, __file__)
    data, config = workload(options.preset)
    print(f"preset modern: {len(data)} images, batch {config.training.batch_size}, {options.threads} threads")
    print(f"{options.repeats} turns of {options.steps} steps")
    print(f"{'':22} images/s   ms/step   ours / X (lowest to highest turn)")
    ratios = {
        name: [theirs / our for theirs, our in zip(turns, seconds[OURS], strict=True)]
        for name, turns in seconds.items()
    }
    for name, turns in seconds.items():
        speed, ms, found = config.training.batch_size / median(turns), 1000 * median(turns), ratios[name]
        print(
            f"{name:22} {speed:8.0f}  {ms:8.1f}   {median(found):.2f} ({min(found):.2f} to {max(found):.2f})"
        )
    for name, target in TARGETS.items():
        if name in ratios:
            print(f"target: at least {target} x {name}: {median(ratios[name]):.2f}")
    print(f"target: R1 and R2 cost at most {PENALTIES} x a step without: {1 / median(ratios[BARE]):.2f}")


def parse_options():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--steps", type=int, default=STEPS, help="iterations per turn")
    parser.add_argument("--repeats", type=int, default=7, help="turns of each contestant")
    parser.add_argument("--threads", type=int, default=os.cpu_count(), help="threads of each contestant")
    parser.add_argument("--worker", choices=CONTESTANTS, help=argparse.SUPPRESS)
    parser.add_argument("--preset", default="modern", help=argparse.SUPPRESS)
    return parser.parse_args()


def with_settings(data, config, method="gan", **settings):
    return ours(method, data, config.replace(**settings))


def pytorch(data, config):
    """The same step in PyTorch: generates once, a joint step of the discriminator, one of the generator, an average."""
    import torch
    from torch.nn.functional import softplus

    settings, size = config.settings, config.training.batch_size
    generator, discriminator = torch_networks(data, settings)
    average, _ = torch_networks(data, settings)
    rate, betas = settings.d_learning_rate, (settings.beta_1, settings.beta_2)
    g_optimizer, d_optimizer = (
        torch.optim.Adam(network.parameters(), rate, betas) for network in (generator, discriminator)
    )
    images = torch.from_numpy(data.images).permute(0, 3, 1, 2).contiguous()
    labels = torch.from_numpy(data.labels).long()

    def slopes(x, y):
        x = x.detach().requires_grad_()
        logits = discriminator(x, y)
        (gradient,) = torch.autograd.grad(logits.sum(), x, create_graph=True)
        return logits, gradient.square().sum((1, 2, 3)).mean() / 2

    def step():
        rows = torch.randint(len(images), (size,))
        z, y = torch.randn(size, settings.latent_size), torch.randint(data.n_classes, (size,))
        fake = generator(z, y)
        d_optimizer.zero_grad(set_to_none=True)
        real_logits, r1 = slopes(images[rows], labels[rows])
        fake_logits, r2 = slopes(fake, y)
        (softplus(fake_logits - real_logits).mean() + settings.r1 * r1 + settings.r2 * r2).backward()
        d_optimizer.step()
        g_optimizer.zero_grad(set_to_none=True)
        discriminator.requires_grad_(False)
        with torch.no_grad():
            real_logits = discriminator(images[rows], labels[rows])
        softplus(real_logits - discriminator(fake, y)).mean().backward()
        discriminator.requires_grad_(True)
        g_optimizer.step()
        with torch.no_grad():
            for mean, value in zip(average.parameters(), generator.parameters(), strict=True):
                mean.lerp_(value, 1 - settings.ema)

    return timed(step)


def torch_networks(data, settings):
    """The networks of `repfair_keras.networks.dcgan`, in PyTorch."""
    import torch
    from torch import nn

    from repfair_keras.networks.sizes import stages

    first, n = stages(data.image_shape)  # what imports TensorFlow would not go with PyTorch in one process
    down = [settings.filters * min(2**i, WIDEST) for i in range(n + 1)]
    channels, (*up, widest) = data.image_shape[-1], down

    class Generator(nn.Module):
        def __init__(self):
            super().__init__()
            self.label = nn.Embedding(data.n_classes, EMBEDDED)
            self.project = nn.Linear(settings.latent_size + EMBEDDED, widest * first**2)
            sizes = [widest, *reversed(up)]
            pairs = pairwise(sizes)
            layers = [
                layer for a, b in pairs for layer in (nn.ConvTranspose2d(a, b, 4, 2, 1), nn.LeakyReLU(SLOPE))
            ]
            last = nn.Conv2d(sizes[-1], channels, 3, padding=1)
            self.body = nn.Sequential(
                nn.LeakyReLU(SLOPE), nn.Unflatten(1, (widest, first, first)), *layers, last
            )

        def forward(self, z, y):
            return torch.tanh(self.body(self.project(torch.cat([z, self.label(y)], 1))))

    class Discriminator(nn.Module):
        def __init__(self):
            super().__init__()
            sizes = [channels, *down]
            pairs = pairwise(sizes)
            layers = [layer for a, b in pairs for layer in (nn.Conv2d(a, b, 3, 2, 1), nn.LeakyReLU(SLOPE))]
            last, hidden = -(-data.image_shape[0] // 2 ** (n + 1)), HIDDEN * settings.filters
            self.body = nn.Sequential(
                *layers, nn.Flatten(), nn.Linear(sizes[-1] * last**2, hidden), nn.LeakyReLU(SLOPE)
            )
            self.alone, self.label = nn.Linear(hidden, 1), nn.Embedding(data.n_classes, hidden)

        def forward(self, x, y):
            features = self.body(x)
            return self.alone(features) + (features * self.label(y)).sum(1, keepdim=True)

    return Generator(), Discriminator()


CONTESTANTS = {
    OURS: with_settings,
    "ours, repfair": partial(with_settings, method="repfair"),
    BARE: partial(with_settings, r1=0.0, r2=0.0),
    "mixed_bfloat16": partial(with_settings, precision="mixed_bfloat16"),
    PYTORCH: pytorch,
}


if __name__ == "__main__":
    main()
