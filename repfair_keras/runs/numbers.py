"""The version of the numbers: raised by one with every change of code or defaults that moves a run's numbers.

`numbers.json` holds it beside what tiny runs give. A test compares them; where they differ, the new values and the
next version go into the file together. Records hold both, so that runs of before and after are never mixed, even
if somebody changes the values alone.
"""

import hashlib
import json
from importlib import resources

STORED = json.loads(resources.files("repfair_keras.runs").joinpath("numbers.json").read_text("utf-8"))
NUMBERS = STORED["version"]


def digest(stored=STORED):
    """Returns what stands for the values of tiny runs: 8 hexadecimal digits."""
    values = {name: value for name, value in stored.items() if name != "version"}
    return hashlib.sha256(json.dumps(values, sort_keys=True).encode()).hexdigest()[:8]


def are_present(record):
    """Whether a record is of this version of the numbers; early records do not have the values."""
    return record["numbers"] == NUMBERS and record.get("tiny_runs", digest()) == digest()
