"""A YAML file of settings, as `--config` names it."""

import yaml

from repfair_keras.core.errors import InputError
from repfair_keras.core.reading import read_text
from repfair_keras.core.settings import plain, shown
from repfair_keras.core.yaml_text import load_yaml


def read_options_file(path):
    """Returns the keys and values of a YAML file of options.

    Raises:
        InputError: if there is no such file, or it is no such YAML.
    """
    text = read_text(path, "a YAML file of options")
    try:
        stored = load_yaml(text)
    except yaml.YAMLError as error:
        raise InputError(f"--config {path} cannot be read as YAML: {error}") from error
    if not isinstance(stored, dict):
        raise InputError(
            f"--config {path} holds {shown(stored)}: expected options and their values, as `steps: 2000`."
        )
    return {str(name): plain(value) for name, value in stored.items()}
