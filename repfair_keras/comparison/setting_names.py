"""Runs of a sweep are told apart by the settings in which they differ, not by their method alone."""

import math

NOT_TOLD = ("seed", "method", "data_dir", "instruments", "steps_per_execution", "preset", "figures")


def setting_names(configs, names):
    """Returns a name for each run: its own, and the settings that differ among runs of that name.

    Args:
        configs: flat configurations, dicts, one per run.
        names: name of each run, as its method's.

    Returns:
        list of text; runs that differ in their seed alone have one name.

    Examples:
        >>> from repfair_keras.comparison.setting_names import setting_names
        >>> runs = [{"seed": 0, "max_grad_norm": bound} for bound in (0.5, 2.0)] + [{"seed": 0}]
        >>> setting_names(runs, ["repfair", "repfair", "gan"])
        ['repfair, max_grad_norm 0.5', 'repfair, max_grad_norm 2', 'gan']
    """
    labels = []
    for config, name in zip(configs, names, strict=True):
        others = [other for other, other_name in zip(configs, names, strict=True) if other_name == name]
        differing = [
            key
            for key in dict.fromkeys(key for other in others for key in other)
            if key not in NOT_TOLD and any(other.get(key) != config.get(key) for other in others)
        ]
        told = [f"{key} {_text(config.get(key))}" for key in differing]
        labels.append(", ".join([str(name), *told]))
    return labels


def _text(value):
    if isinstance(value, float) and math.isfinite(value):
        return f"{value:g}"
    return "null" if value is None else str(value).replace("'", "")
