"""Two ways in which a bound may have had no meaning."""

from repfair_keras.methods.settings import bound_of
from repfair_keras.runs.log import read_log


def clipping_warning(run, group_names, config):
    """Returns a sentence if no step of the run was clipped, or every one; `None` otherwise.

    Args:
        run: `RunDir` of a trained run.
        group_names: one name per group.
        config: resolved `Config`.
    """
    if bound_of(config.settings) is None:
        return None
    rows = read_log(run.log)
    columns = [f"clip_fraction/{name}" for name in group_names]
    fractions = [row[column] for row in rows for column in columns if column in row]
    if max(fractions) == 0:
        return (
            f"no step was clipped: max_grad_norm = {config.settings.max_grad_norm} is above every gradient's norm, so "
            "that training was that without a bound. Lower it to see its effect."
        )
    elif min(fractions) == 1:
        extra = (
            " The generated half is clipped too, and Adam ignores a common scale: C has hardly any effect."
            if config.settings.clip_fake
            else ""
        )
        return (
            f"every step was clipped: max_grad_norm = {config.settings.max_grad_norm} is below every gradient's norm, "
            f"so that each real step had the same length.{extra} Raise it to let small gradients differ."
        )
    return None
