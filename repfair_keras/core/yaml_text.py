"""YAML that takes `1e-3` for a number, as people write it; PyYAML, after YAML 1.1, takes it for text."""

import re

import yaml

# Bounds on what a person writes, or this package; a text beyond them would fill the memory, or never end.
MOST_CHARACTERS, DEEPEST, MOST_VALUES = 1_000_000, 40, 100_000


class _Loader(yaml.SafeLoader):
    def construct_mapping(self, node, deep=False):
        """A dict; a key that stands there twice is refused, where PyYAML would take the last."""
        if isinstance(node, yaml.MappingNode):
            first = {}
            for key, _ in node.value:
                if key.tag == "tag:yaml.org,2002:merge":
                    continue
                name = key.value if isinstance(key, yaml.ScalarNode) else id(key)
                if name in first:
                    raise yaml.constructor.ConstructorError(
                        f"{name!r} stands there twice, first",
                        first[name],
                        "and again: leave out one of them",
                        key.start_mark,
                    )
                first[name] = key.start_mark
        return super().construct_mapping(node, deep)


_Loader.yaml_implicit_resolvers = {
    key: list(value) for key, value in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_Loader.add_implicit_resolver(
    "tag:yaml.org,2002:float", re.compile(r"^[-+]?(\d+\.?\d*|\.\d+)[eE][-+]?\d+$"), list("-+.0123456789")
)


def load_yaml(text):
    """Returns what a YAML text holds: plain values alone, nothing is run.

    Raises:
        yaml.YAMLError: if it is no YAML, has a key twice, is longer, deeper or, with its aliases written out, larger
            than what is read here, or holds itself.

    Examples:
        >>> from repfair_keras.core.yaml_text import load_yaml
        >>> load_yaml("rate: 1e-3")
        {'rate': 0.001}
    """
    if len(text) > MOST_CHARACTERS:
        raise yaml.YAMLError(f"it has {len(text):,} characters, expected at most {MOST_CHARACTERS:,}")
    loader = _Loader(text)  # a subclass of the safe loader
    try:
        node = loader.get_single_node()
        if node is None:
            return None
        _check_size(node)
        return loader.construct_document(node)
    except RecursionError:
        raise yaml.YAMLError(f"it is nested too deeply, expected at most {DEEPEST} levels") from None
    except (ValueError, OverflowError) as error:  # an impossible date, a number of thousands of digits
        raise yaml.YAMLError(str(error)) from error
    finally:
        loader.dispose()


def _check_size(root):
    """Refuses a tree that is too deep or, every alias written out, too large."""
    sizes = {}  # of nodes that are counted; None: of those that are being counted

    def size(node, depth):
        if id(node) in sizes:
            if sizes[id(node)] is None:
                raise yaml.YAMLError(f"it holds itself{node.start_mark}")
            return sizes[id(node)]
        if depth > DEEPEST:
            raise yaml.YAMLError(
                f"it is nested too deeply, expected at most {DEEPEST} levels{node.start_mark}"
            )
        sizes[id(node)] = None
        inside = [] if isinstance(node, yaml.ScalarNode) else node.value
        parts = (part for entry in inside for part in (entry if isinstance(entry, tuple) else (entry,)))
        total = 1 + sum(size(part, depth + 1) for part in parts)
        if total > MOST_VALUES:
            raise yaml.YAMLError(f"it has more than {MOST_VALUES:,} values, aliases written out")
        sizes[id(node)] = total
        return total

    size(root, 0)
