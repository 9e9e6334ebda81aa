"""Two ways in which a bound may have had no meaning."""

import math
import warnings

from repfair_keras.runs.method_fields import unread_fields
from repfair_keras.training.callbacks import read_log


def clips(config):
    """Whether a configuration's method bounds gradients, by a finite C."""
    unread = unread_fields(config.method, config.base_method)
    return "max_grad_norm" not in unread and math.isfinite(config.max_grad_norm)


def warn_about_clipping(run, group_names, config):
    """Warns if no step of the run was clipped, or every one.

    Args:
        run: `RunDir` of a trained run.
        group_names: one name per group.
        config: resolved `Config`.
    """
    if not clips(config):
        return
    rows = read_log(run.log)
    columns = [f"clip_fraction/{name}" for name in group_names]
    fractions = [row[column] for row in rows for column in columns if column in row]
    if max(fractions) == 0:
        warnings.warn(
            f"no step was clipped: max_grad_norm = {config.max_grad_norm} is above every gradient's norm, so "
            "that training was that without a bound. Lower it to see its effect.",
            stacklevel=2,
        )
    elif min(fractions) == 1:
        extra = (
            " The generated half is clipped too, and Adam ignores a common scale: C has hardly any effect."
            if config.clip_fake
            else ""
        )
        warnings.warn(
            f"every step was clipped: max_grad_norm = {config.max_grad_norm} is below every gradient's norm, "
            f"so that each real step had the same length.{extra} Raise it to let small gradients differ.",
            stacklevel=2,
        )
