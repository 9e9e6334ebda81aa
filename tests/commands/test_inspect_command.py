"""`python -m repfair_keras.inspect`: the command that it prints trains on the table."""

import json
import shlex
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest

from repfair_keras.commands import inspect, train
from repfair_keras.commands.command_line import call
from repfair_keras.commands.main import main as repfair
from repfair_keras.runs.config import configure

N = 400


@pytest.fixture
def hostile():
    """A table with ids, two formats of dates, infinite numbers, words, gaps, sentinels, rules and strange names."""
    rng = np.random.default_rng(0)
    begin = pd.Timestamp("2020-01-01") + pd.to_timedelta(rng.integers(0, 700, N), "D")
    frame = pd.DataFrame({"person_id": rng.permutation(N) + 1000, "Größe's": rng.normal(170, 9, N).round(1)})
    frame["age group"] = rng.choice(["<30", "30-60", ">60"], N)
    frame["geschlecht"] = rng.choice(["männlich", "weiblich"], N)
    frame["land"], frame["nothing"] = "DE", np.nan
    frame["score"] = rng.normal(0, 1, N).round(3)
    frame.loc[::9, "score"] = np.nan
    frame.loc[[3, 5], "score"] = np.inf
    frame["a"], frame["b"] = rng.integers(0, 50, N), rng.integers(0, 70, N)
    frame["total"] = frame["a"] + frame["b"]
    frame["years"] = np.where(np.arange(N) % 25 == 0, 9999, rng.integers(0, 40, N))
    frame["start"] = begin.strftime("%Y-%m-%d")
    frame["end"] = (begin + pd.to_timedelta(rng.integers(0, 90, N), "D")).strftime("%Y-%m-%d")
    frame["seen"] = rng.choice(["2021-02-03", "2021-03-04", "2021-05-06"], N)
    frame.loc[[7, 11], "seen"] = "03.04.2021"
    frame["weight"] = rng.integers(50, 60, N).astype(str)
    frame.loc[[2, 8], "weight"] = "?"
    return frame.assign(好=np.where(frame["a"] + rng.normal(0, 9, N) > 25, "yes", "no"))


def command_in(text):
    return next(line for line in text.splitlines() if "repfair_keras.train" in line).strip()


def loaded(command):
    """Returns the data that a command trains on."""
    words = shlex.split(command)
    assert words[:3] == ["python", "-m", "repfair_keras.train"]
    given = train.options_of("cart", "csv").parse(words[3:])
    config = configure(given)
    return config.modality.load(config)


def test_the_printed_command_loads_a_hostile_table(hostile, tmp_path, capsys):
    path = tmp_path / "hostile people.csv"
    hostile.to_csv(path, index=False)
    out = tmp_path / "sdv.json"
    call(inspect.main, [str(path), "--write_metadata", str(out)])
    text = capsys.readouterr().out
    for words in (
        "total = a + b",
        "start <= end",
        "9999 in 4.0% of rows",
        "infinite in rows 4, 6",
        "'03.04.2021' in rows 8, 12",
        "'?' in rows 3, 9",
        "land: ",
        "person_id: tells rows apart",
        "other candidates: geschlecht",
    ):
        assert words in text
    data = loaded(command_in(text))
    assert (data.grouping, data.schema.target) == ("age group", "好")
    assert len(data) + len(data.test_codes) == N
    assert json.loads(out.read_text("utf-8"))["columns"]["start"]["datetime_format"] == "%Y-%m-%d"
    call(repfair, ["inspect", str(path), "--metadata", str(out), "--grouping", "geschlecht,age group"])
    assert loaded(command_in(capsys.readouterr().out)).n_groups == 6


def test_a_table_that_no_option_mends_ends_with_an_error(hostile, tmp_path, capsys):
    hostile.to_csv(tmp_path / "people.csv", index=False)
    path = tmp_path / "twice.csv"
    path.write_text((tmp_path / "people.csv").read_text("utf-8").replace("geschlecht", "land", 1), "utf-8")
    with pytest.raises(SystemExit) as stopped:
        call(inspect.main, [str(path)])
    shown = capsys.readouterr()
    assert stopped.value.code == 2
    assert "error: " in shown.err and "two columns 'land'" in shown.err
    assert "infinite in rows 4, 6" in shown.out and "the problem that no option mends is gone" in shown.out


@pytest.mark.parametrize("words", [[], ["nowhere.csv"], ["people.csv", "--colour", "red"]])
def test_a_call_that_does_not_fit(words, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SystemExit) as stopped:
        call(inspect.main, words)
    assert stopped.value.code == 2 and "error: " in capsys.readouterr().err


def test_as_a_module_it_hides_nothing_of_the_standard_library(tmp_path):
    code = (
        "import inspect, repfair_keras as rf, repfair_keras.inspect, runpy, sys\n"
        "assert inspect.signature(rf.inspect_table).parameters['grouping'] and 'repfair' not in inspect.__file__\n"
        "sys.argv = ['inspect', '--help']\n"
        "del sys.modules['repfair_keras.inspect']\n"
        "runpy.run_module('repfair_keras.inspect', run_name='__main__')\n"
        "assert 'tensorflow' not in sys.modules"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "usage: python -m repfair_keras.inspect FILE" in done.stdout


@pytest.mark.slow
def test_the_printed_command_trains(hostile, tmp_path, capsys):
    path = tmp_path / "people.csv"
    hostile.drop(columns=["start", "end", "seen", "weight"]).to_csv(path, index=False)
    call(inspect.main, [str(path)])
    words = shlex.split(command_in(capsys.readouterr().out))[3:]
    call(
        train.main,
        [*words, "--n", "200", "--figures", "false", "--verbose", "0", "--out", str(tmp_path / "run")],
    )
    rows = pd.read_csv(tmp_path / "run" / "synthetic.csv")
    assert (rows["total"] == rows["a"] + rows["b"]).all()
