"""What a method is: its settings, its phases of training, and what it asks of the data."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from repfair_keras.core.settings import settings_in
from repfair_keras.registry import IMAGES, REGISTRY, register, resolve


@dataclass(frozen=True)
class Method:
    """A method of training.

    Args:
        name: what users type.
        train: function `(dataset, settings, training)` that yields one `methods.phase.Phase` after the other, or its
            place as `module:function`, so that naming a method does not import TensorFlow. `dataset` is what the
            modality loads, `settings` an object of the class `settings`, `training` a `TrainingSettings`.
        settings: frozen dataclass of the settings that it alone reads; or a function from given settings (a dict)
            to such a class, where they depend on one another.
        modalities: what it can be trained on, of `"images"` and `"tables"`.
        check: function `(dataset, settings, training)` that raises `InputError` if the data do not fit, or its
            place; `None`: any data fit.
        presets: preset to a dict of settings, also of training, in the place of the preset's own.
        may_grow: whether a finished run can be made longer: not if later phases depend on earlier ones.
        makes_images: whether the loss of its generator is one of images, so that a term of images can be added.
        title: name in figures and tables.
        encoding: how it takes a table where the user does not say: `"bins"` or `"faithful"`.

    Examples:
        >>> from repfair_keras.registry import lookup
        >>> method = lookup("method", "repfair")
        >>> method.modalities, method.setting_names()[-3:]
        (('images',), ('max_grad_norm', 'clip_fake', 'clip_scope'))
    """

    name: str
    train: Callable | str
    settings: type | Callable
    modalities: tuple[str, ...] = (IMAGES,)
    check: Callable | str | None = None
    presets: Mapping = field(default_factory=dict)
    may_grow: bool = True
    makes_images: bool = True
    title: str = ""
    encoding: str = "bins"

    def settings_class(self, given: Mapping | None = None) -> type:
        """Returns the class of its settings, for settings that are given."""
        return self.settings if isinstance(self.settings, type) else self.settings(given or {})

    def setting_names(self) -> tuple[str, ...]:
        """Returns the names of the settings that it reads by default."""
        return tuple(settings_in(self.settings_class()))

    def phases(self, dataset, settings, training) -> Iterator:
        """Returns the generator of its phases of training, see `methods.phase.Phase`."""
        train = resolve(self.train) if isinstance(self.train, str) else self.train
        return train(dataset, settings, training)

    def check_data(self, dataset, settings, training):
        """Raises `InputError` if the data do not fit the method.

        Methods of others are begun once, as what is wrong with their models is known then alone; what they do before
        their first phase is done twice for it.
        """
        check = resolve(self.check) if isinstance(self.check, str) else self.check
        if check is not None:
            check(dataset, settings, training)
        if self.name not in REGISTRY["method"]:
            from repfair_keras.methods.build import try_method

            try_method(self, dataset, settings, training)


def register_method(name: str, *, settings: type, **options) -> Callable:
    """Makes a function a method under a name that `train`, `sweep` and `compare` know.

    Args:
        name: what users type.
        settings: frozen dataclass of its settings, see `Method`.
        options: further arguments of `Method`.

    Returns:
        A decorator: a function `(dataset, settings, training)` that yields phases becomes a `Method`.

    Raises:
        InputError: if the name is taken by a method of this package.

    Examples:
        >>> from dataclasses import dataclass
        >>> import repfair_keras as rf
        >>> @dataclass(frozen=True)
        ... class MySettings(rf.GANSettings):
        ...     '''Args:
        ...         pull: how strongly the shares are pulled to equal ones.
        ...     '''
        ...     pull: float = 0.5
        >>> @rf.register_method("documented", settings=MySettings)
        ... def documented(dataset, settings, training):
        ...     yield ...
        >>> documented.setting_names()[-1]
        'pull'
    """

    def decorate(train):
        return register("method", name, Method(name, train, settings, **options))

    return decorate
