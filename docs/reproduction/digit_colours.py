"""How far the digit goes with the colour in generated images: Cramér's V, 0 (not at all) to 1 (always).

The colour is that which was asked for, the digit that which the judge of labels sees. Beside it the images
that the run was trained on. A line per method: mean over the runs, and the least and the largest.

python docs/reproduction/digit_colours.py DATA_DIR RUN [RUN ...], folders of runs on biased Colour MNIST
"""

import sys

import numpy as np
from scipy.stats.contingency import association

from repfair_keras.data.images.dataset import to_float
from repfair_keras.evaluation.images.feature_extractor import FeatureExtractor
from repfair_keras.modalities.image_evaluation import draw_sample
from repfair_keras.papers.fldgm.fair_rows import variant
from repfair_keras.runs.stored import stored_run


def main(data_dir, *folders):
    found = {}
    for folder in folders:
        name, generated, real = of_run(folder, data_dir)
        found.setdefault("training images", []).append(real)
        found.setdefault(name, []).append(generated)
    print("| images of | runs | digit with colour |\n|---|---|---|")
    for name, values in found.items():
        print(f"| {name} | {len(values)} | {np.mean(values):.2f} ({min(values):.2f} to {max(values):.2f}) |")


def of_run(folder, data_dir):
    """Returns a run's method, and the association in its samples and in its training images."""
    run, config = stored_run(folder)
    data = config.modality.load(config.replace(data_dir=data_dir))
    judge = FeatureExtractor.load(run.instruments / "extractor")
    sample = draw_sample(run.generator, config, data)
    rows = np.random.default_rng(config.training.seed).permutation(len(data))[: len(sample.images)]
    sides = (sample.images, sample.groups), (to_float(data.pixels[rows]), data.groups[rows])
    return variant(config.flat()), *(associated(judge, *side) for side in sides)


def associated(judge, images, groups):
    """Cramér's V of the digits that a judge sees and the groups."""
    table = np.zeros((len(judge.class_names), len(judge.group_names)), int)
    np.add.at(table, (judge.describe(images)[1], groups), 1)
    return association(table[table.any(axis=1)], method="cramer")


if __name__ == "__main__":
    main(*sys.argv[1:]) if len(sys.argv) > 2 else sys.exit(__doc__)
