"""Fair generative models in Keras 3 and TensorFlow.

    import repfair_keras as rf

    data = rf.ImageDataset.from_arrays(images, groups=sex)
    run = rf.train(data, method="repfair", steps=2000, seed=0, out="runs/a")
    run.report.shares; run.sample(64, seed=0)

Importing the package imports neither TensorFlow nor Keras: each name is looked up when it is first used.
"""

import importlib

__version__ = "0.1.0"

_PUBLIC = {
    "train": "repfair_keras.api.functions",
    "evaluate": "repfair_keras.api.functions",
    "compare": "repfair_keras.api.functions",
    "validate": "repfair_keras.api.functions",
    "audit": "repfair_keras.api.audit",
    "inspect_table": "repfair_keras.api.inspect_table",
    "load_run": "repfair_keras.api.functions",
    "load_generator": "repfair_keras.api.hub",
    "push": "repfair_keras.api.hub",
    "load_dataset": "repfair_keras.api.functions",
    "Run": "repfair_keras.api.run",
    "ImageDataset": "repfair_keras.data.images.dataset",
    "RawImages": "repfair_keras.data.images.dataset",
    "TableDataset": "repfair_keras.data.tables.dataset",
    "RawTable": "repfair_keras.data.tables.dataset",
    "register_method": "repfair_keras.methods.method",
    "register_dataset": "repfair_keras.registry",
    "register_network": "repfair_keras.networks.network",
    "Method": "repfair_keras.methods.method",
    "GANSettings": "repfair_keras.methods.settings",
    "ClippingSettings": "repfair_keras.methods.settings",
    "FairVAESettings": "repfair_keras.methods.settings",
    "Phase": "repfair_keras.methods.phase",
    "adversarial_phase": "repfair_keras.methods.build",
    "AdversarialModel": "repfair_keras.methods.base",
    "GAN": "repfair_keras.methods.gan",
    "RepFairGAN": "repfair_keras.methods.repfair",
    "mixed_batches": "repfair_keras.data.batches",
    "alternating_batches": "repfair_keras.data.batches",
    "balanced_batches": "repfair_keras.data.batches",
    "paired_batches": "repfair_keras.data.batches",
    "clip_by_global_norm": "repfair_keras.core.gradients",
    "trusted": "repfair_keras.core.saved_graphs",
    "InputError": "repfair_keras.core.errors",
}
__all__ = ["__version__", *_PUBLIC]


def __getattr__(name):
    if name not in _PUBLIC:
        raise AttributeError(f"module 'repfair_keras' has no attribute {name!r}")
    value = getattr(importlib.import_module(_PUBLIC[name]), name)
    globals()[name] = value
    return value


def __dir__():
    return sorted({*globals(), *_PUBLIC})
