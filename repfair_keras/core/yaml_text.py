"""YAML that takes `1e-3` for a number, as people write it; PyYAML, after YAML 1.1, takes it for text."""

import re

import yaml


class _Loader(yaml.SafeLoader):
    pass


_Loader.yaml_implicit_resolvers = {
    key: list(value) for key, value in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_Loader.add_implicit_resolver(
    "tag:yaml.org,2002:float", re.compile(r"^[-+]?(\d+\.?\d*|\.\d+)[eE][-+]?\d+$"), list("-+.0123456789")
)


def load_yaml(text):
    """Returns what a YAML text holds: plain values alone, nothing is run.

    Raises:
        yaml.YAMLError: if it is no YAML.

    Examples:
        >>> from repfair_keras.core.yaml_text import load_yaml
        >>> load_yaml("rate: 1e-3")
        {'rate': 0.001}
    """
    return yaml.load(text, _Loader)  # a subclass of the safe loader
