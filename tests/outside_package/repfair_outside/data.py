"""A table of somebody else's."""

import numpy as np
import pandas as pd

import repfair_keras as rf


@rf.register_dataset("shops", modality="tables")
def shops(data_dir=None):
    """400 shops: whether they close depends on town and rent."""
    rng = np.random.default_rng(0)
    town, rent = rng.choice(["north", "south"], 400), rng.integers(500, 3000, 400)
    closed = np.where(rent + 400 * (town == "north") + rng.normal(0, 300, 400) > 1900, "yes", "no")
    frame = pd.DataFrame({"town": town, "rent": rent, "staff": rng.integers(1, 9, 400), "closed": closed})
    return rf.RawTable("shops", "400 shops that never were.", frame, sensitive="town", target="closed")
