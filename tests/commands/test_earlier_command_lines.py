"""Command lines that an earlier README named are understood as they were."""

import shlex

import pytest
import yaml

from repfair_keras.commands import compare, evaluate, reproduce, sample, sweep, train

TRAINED = [
    ("", {"method": "repfair", "dataset": "mnist_5k"}),
    (
        "--dataset mnist --method repfair --max_grad_norm 2 --epochs 5 --seed 0 --out runs/a",
        {"dataset": "mnist", "max_grad_norm": 2.0, "epochs": 5, "steps": None, "seed": 0},
    ),
    ("--dataset svhn --method gan --share 0.2", {"dataset": "svhn", "share": 0.2}),
    ('--method repfair --share "[0.2,0.8]" --target 0.4', {"share": [0.2, 0.8], "target": 0.4}),
    (
        "--dataset folder --data_dir /my_images --grouping background",
        {"dataset": "folder", "data_dir": "/my_images", "grouping": "background"},
    ),
    ("--dataset adult --method fld_wgan_gp --out runs/adult", {"dataset": "adult", "method": "fld_wgan_gp"}),
    (
        '--dataset csv --data_dir people.csv --grouping sex --target_column income --drop "[name]" --method fld_dm',
        {"grouping": "sex", "target_column": "income", "drop": ["name"], "method": "fld_dm"},
    ),
    ("--method fld_lsgan --dataset diabetes --alpha -inf", {"alpha": float("-inf")}),
]
OTHERS = [
    (evaluate, "runs/a --n 50000", {"model": "runs/a", "n": 50000}),
    (
        evaluate,
        'my_images --dataset mnist --grouping invert --instruments runs/a --name "my GAN"',
        {"model": "my_images", "dataset": "mnist", "grouping": "invert", "name": "my GAN"},
    ),
    (compare, "runs/a runs/b runs/c", {"runs": ["runs/a", "runs/b", "runs/c"]}),
    (compare, "runs/a my_images-evaluation --out comparison", {"out": "comparison"}),
    (
        sample,
        "saved_models/repfair_mnist --n 64 --seed 0 --out digits",
        {"model": "saved_models/repfair_mnist", "n": 64, "seed": 0, "out": "digits"},
    ),
    (
        sample,
        "runs/a --counts white=500,black=500,white/3=20 --out exact",
        {"counts": "white=500,black=500,white/3=20"},
    ),
    (sample, "runs/adult --shares marginal --out likely", {"shares": "marginal"}),
    (sample, "runs/adult --counts Male=500,Female=500 --out exact", {"counts": "Male=500,Female=500"}),
    (sample, "runs/a --labels [3,8]", {"labels": [3, 8]}),
    (reproduce, "all", {"figure": "all", "run": False, "smoke": False}),
    (reproduce, "all --smoke", {"smoke": True}),
    (reproduce, "8 --run", {"figure": "8", "run": True}),
    (sweep, "mnist_methods", {"sweep": "mnist_methods", "dry_run": False}),
    (sweep, "my_sweep.yaml --dry_run", {"sweep": "my_sweep.yaml", "dry_run": True}),
]


@pytest.mark.parametrize(("words", "expected"), TRAINED)
def test_train(words, expected, capsys):
    train.main([*shlex.split(words), "--print_config"])
    printed = yaml.safe_load(capsys.readouterr().out)
    assert {name: printed[name] for name in expected} == expected


@pytest.mark.parametrize(("command", "words", "expected"), OTHERS)
def test_other_commands(command, words, expected):
    options = evaluate.make_options() if command is evaluate else command.OPTIONS
    given = options.read(shlex.split(words))
    assert {name: given[name] for name in expected} == expected
