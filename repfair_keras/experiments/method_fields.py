"""Settings that only some methods read: given to another, they would change nothing and mislead."""

import dataclasses

from repfair_keras.errors import InputError
from repfair_keras.experiments.config import Config
from repfair_keras.registry import lookup, names


def fields_of(method):
    """Names of the settings that a method reads and others may not."""
    return getattr(lookup("method", method), "fields", ())


def unread_fields(method):
    """Names of the settings that other methods read and this one does not."""
    every = {field for name in names("method") for field in fields_of(name)}
    return sorted(every - set(fields_of(method)))


def without_unread(config):
    """Returns the configuration with its method's unread settings at their defaults: the same run."""
    defaults = {field.name: field.default for field in dataclasses.fields(Config)}
    return dataclasses.replace(config, **{name: defaults[name] for name in unread_fields(config.method)})


def check_method_fields(config):
    """Raises `InputError` if a setting was given that the method does not read."""
    plain = without_unread(config)
    for name in unread_fields(config.method):
        given, default = getattr(config, name), getattr(plain, name)
        if given != default:
            readers = [method for method in names("method") if name in fields_of(method)]
            raise InputError(
                f"{name} is {given}, but method {config.method!r} does not read it: leave it out, or take "
                f"method {' or '.join(readers)}."
            )
