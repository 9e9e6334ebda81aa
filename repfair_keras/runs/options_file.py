"""A YAML file of settings, as `--config` names it."""

from pathlib import Path

import yaml

from repfair_keras.core.errors import InputError
from repfair_keras.core.settings import plain
from repfair_keras.core.yaml_text import load_yaml


def read_options_file(path):
    """Returns the keys and values of a YAML file of options.

    Raises:
        InputError: if there is no such file, or it is no such YAML.
    """
    file = Path(path)
    try:
        stored = load_yaml(file.read_text("utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError, ValueError, OSError) as error:
        raise InputError(f"--config {path} cannot be read as YAML: {error}") from error
    if not isinstance(stored, dict):
        raise InputError(
            f"--config {path} holds {stored!r}: expected options and their values, as `steps: 2000`."
        )
    return {str(name): plain(value) for name, value in stored.items()}
