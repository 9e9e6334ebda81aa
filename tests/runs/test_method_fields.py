"""Settings that a method does not read are refused: they would change nothing, and mislead."""

import pytest

from repfair_keras.core.errors import InputError
from repfair_keras.runs.config import configure

NONE = "does not read it: leave it out."


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"method": "gan", "alpha": 3.0}, "does not read it: leave it out, or take method fair_vae or"),
        ({"method": "fld_dm", "d_learning_rate": 0.1}, f"d_learning_rate is 0.1, but method 'fld_dm' {NONE}"),
        ({"method": "fair_vae", "beta_1": 0.2}, f"beta_1 is 0.2, but method 'fair_vae' {NONE}"),
        ({"method": "stacked_gan", "d_kernel": 5}, f"d_kernel is 5, but method 'stacked_gan' {NONE}"),
        ({"method": "boosted_gan", "max_grad_norm": 3.0}, "max_grad_norm is 3.0, but method 'boosted_gan'"),
        (
            {"dataset": "diabetes", "method": "fld_dm", "filters": 4},
            "does not read it on diabetes: leave it out",
        ),
    ],
)
def test_what_is_not_read_is_refused(settings, message):
    with pytest.raises(InputError) as raised:
        configure(**settings)
    assert message in str(raised.value)
    unread = configure(**settings, unread="drop")
    assert unread == configure(**{name: settings[name] for name in settings if name in ("dataset", "method")})


@pytest.mark.parametrize(
    "settings",
    [
        {"method": "fld_dm", "filters": 4, "dropout": 0.1, "diffusion_steps": 5},
        {"method": "boosted_gan", "base_method": "repfair", "max_grad_norm": 3.0, "d_kernel": 5},
        {"method": "stacked_gan", "preset": "paper"},
        {"dataset": "diabetes", "method": "fld_wgan_gp", "preset": "paper", "d_learning_rate": 0.1},
    ],
)
def test_what_is_read_may_be_given(settings):
    flat = configure(**settings).flat()
    assert {name: flat[name] for name in settings} == settings
