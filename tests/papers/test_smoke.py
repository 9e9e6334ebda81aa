"""The tiny runs in the place of a sweep's are few."""

import pytest

from repfair_keras.papers.smoke import smoke_configs
from repfair_keras.sweeps.grid import packaged_sweeps, read_sweep


@pytest.mark.parametrize("name", packaged_sweeps())
def test_smoke_configs(name):
    configs = smoke_configs(read_sweep(name).configs)
    assert 1 <= len(configs) <= 7
    for config in configs:
        flat = config.flat()
        assert (flat["steps"], flat["n"], flat["jit_compile"]) == (48, 400, False)
        assert flat.get("vae_steps") in (None, 8)
