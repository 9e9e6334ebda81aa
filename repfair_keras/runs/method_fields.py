"""Settings that only some methods read: given to another, they would change nothing and mislead."""

import dataclasses

from repfair_keras.core.errors import InputError
from repfair_keras.runs.config import Config, load_preset
from repfair_keras.methods import phase
from repfair_keras.registry import is_table, lookup, names

OF_IMAGES = ("filters", "probe", "confidence")  # settings that nothing on tables reads


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


def ignored_fields(config):
    """Names of settings that a configuration's method, or any method on its kind of data, ignores."""
    method = config.base_method if "base_method" in fields_of(config.method) else config.method
    ignored = phase.ignored_by(lookup("method", method))
    return (*ignored, *OF_IMAGES) if is_table(config.dataset) else ignored


def without_unread(config):
    """Returns the configuration with its method's unread settings at their defaults: the same run."""
    defaults = {field.name: field.default for field in dataclasses.fields(Config)}
    plain = {name: defaults[name] for name in _unread(config)}
    values = {**defaults, **load_preset(config.preset, config.method)}
    return dataclasses.replace(config, **plain, **{name: values[name] for name in ignored_fields(config)})


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
    for name in (*_unread(config), *ignored_fields(config)):
        given, default = getattr(config, name), getattr(plain, name)
        if given is not None and given != default:
            readers = [method for method in names("method") if name in fields_of(method)]
            instead = f", or take method {' or '.join(readers)}" if readers else ""
            where = f" on {config.dataset}" if is_table(config.dataset) and name in OF_IMAGES else ""
            raise InputError(
                f"{name} is {given}, but method {config.method!r} does not read it{where}: leave it "
                f"out{instead}."
            )


def _unread(config):
    return unread_fields(config.method, config.base_method)
