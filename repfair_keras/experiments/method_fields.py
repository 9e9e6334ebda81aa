"""Settings that only some methods read: given to another, they would change nothing and mislead."""

import dataclasses

from repfair_keras.errors import InputError
from repfair_keras.experiments.config import Config
from repfair_keras.methods import phase
from repfair_keras.registry import is_table, lookup, names


def fields_of(name):
    """Names of the settings that the method of this name reads and others may not."""
    return phase.fields_of(lookup("method", name))


def unread_fields(method, base_method=None):
    """Names of the settings that other methods read and this one does not.

    A method of many generators, which reads `base_method`, reads what that one reads.
    """
    every = {field for name in names("method") for field in fields_of(name)}
    read = set(fields_of(method))
    if "base_method" in read and base_method in names("method"):
        read |= set(fields_of(base_method))
    return sorted(every - read)


def without_unread(config):
    """Returns the configuration with its method's unread settings at their defaults: the same run."""
    defaults = {field.name: field.default for field in dataclasses.fields(Config)}
    return dataclasses.replace(config, **{name: defaults[name] for name in _unread(config)})


def check_method(config, data):
    """Raises `InputError` if a setting was given that the method does not read, or the data do not fit it."""
    check_method_fields(config)
    if is_table(config.dataset) and phase.sees_images(lookup("method", config.method)):
        fitting = [name for name in names("method") if not phase.sees_images(lookup("method", name))]
        raise InputError(
            f"method is {config.method!r}, which makes images, but {config.dataset!r} is a table: expected "
            f"one of {', '.join(fitting)}."
        )
    phase.check_of(lookup("method", config.method))(data, config)


def check_method_fields(config):
    """Raises `InputError` if a setting was given that the method does not read."""
    plain = without_unread(config)
    for name in _unread(config):
        given, default = getattr(config, name), getattr(plain, name)
        if given != default:
            readers = [method for method in names("method") if name in fields_of(method)]
            raise InputError(
                f"{name} is {given}, but method {config.method!r} does not read it: leave it out, or take "
                f"method {' or '.join(readers)}."
            )


def _unread(config):
    return unread_fields(config.method, config.base_method)
