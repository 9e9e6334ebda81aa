"""TensorFlow's notes do not reach the terminal, its errors do."""

import os
import subprocess
import sys

import pytest

# A package in TensorFlow's place, which writes as its libraries do: to the file descriptor.
FAKE = """
import os
os.write(2, b"WARNING: All log messages before absl::InitializeLog() is called are written to STDERR\\n")
os.write(2, b"I0000 00:00:1795638804.974930    5215 cudart_stub.cc:31] Could not find cuda drivers\\n")
os.write(2, b"E0000 00:00:1795638804.974930    5215 cuda_dnn.cc:8] an error\\n")
"""
IMPORT = """
import os, sys
from repfair_keras.core.quiet_tensorflow import quiet_tensorflow
quiet_tensorflow()
import tensorflow
os.write(2, b"I0000 later\\n")
assert not [finder for finder in sys.meta_path if type(finder).__name__ == "_QuietFinder"]
"""


@pytest.mark.parametrize(("level", "notes"), [(None, 0), ("0", 2)])
def test_notes_of_the_import_are_left_out_unless_asked_for(tmp_path, level, notes):
    (tmp_path / "tensorflow").mkdir()
    (tmp_path / "tensorflow" / "__init__.py").write_text(FAKE)
    environment = {name: value for name, value in os.environ.items() if name != "TF_CPP_MIN_LOG_LEVEL"}
    environment["PYTHONPATH"] = str(tmp_path)
    if level is not None:
        environment["TF_CPP_MIN_LOG_LEVEL"] = level
    done = subprocess.run([sys.executable, "-c", IMPORT], capture_output=True, text=True, env=environment)
    assert done.returncode == 0, done.stderr
    lines = done.stderr.splitlines()
    assert len(lines) == 2 + notes
    assert "an error" in lines[-2] and lines[-1] == "I0000 later"
