"""Modules that are called like the function of the same name.

`repfair_keras.train` is a command, `python -m repfair_keras.train`, and a function, `repfair_keras.train(data)`.
Once the module is imported, Python puts it in the function's place; so it does what the function does.
"""

import sys
import types

from repfair_keras.registry import resolve


def make_callable(module, place):
    """Lets a module be called.

    Args:
        module: its `__name__`.
        place: `module:function` that is called.
    """

    class CallableModule(types.ModuleType):
        def __call__(self, *arguments, **keywords):
            return resolve(place)(*arguments, **keywords)

    if module in sys.modules:
        sys.modules[module].__class__ = CallableModule
