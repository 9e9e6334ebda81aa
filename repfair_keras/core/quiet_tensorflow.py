"""TensorFlow imported without its notes on a machine that has no GPU."""

import contextlib
import importlib.util
import os
import re
import sys
import tempfile

# Lines of information and warning that TensorFlow's libraries write before they have read TF_CPP_MIN_LOG_LEVEL.
_NOTE = re.compile(rb"(WARNING: All log messages before absl::|[IW]\d{4} |\d{4}-\d\d-\d\d [\d:.]+: [IW] )")


def quiet_tensorflow():
    """Asks TensorFlow, which is imported later, for errors alone: a machine without a GPU is no news.

    Where the environment asks for notes, with `TF_CPP_MIN_LOG_LEVEL=0`, they come.
    """
    os.environ.setdefault("GRPC_VERBOSITY", "ERROR")
    if not os.environ.get("TF_CPP_MIN_LOG_LEVEL"):
        os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
    if os.environ["TF_CPP_MIN_LOG_LEVEL"] in ("2", "3") and "tensorflow" not in sys.modules:
        sys.meta_path.insert(0, _QuietFinder())


class _QuietFinder:
    """Finds TensorFlow once, and has its import run without notes."""

    def find_spec(self, name, path=None, target=None):
        if name != "tensorflow":
            return None
        sys.meta_path.remove(self)
        spec = importlib.util.find_spec(name)
        if spec is not None:
            execute = spec.loader.exec_module
            spec.loader.exec_module = lambda module: _without_notes(execute, module)
        return spec


def _without_notes(execute, module):
    with notes_left_out():
        execute(module)


@contextlib.contextmanager
def notes_left_out():
    """Holds back what is written to standard error, by libraries too; at the end writes all but the notes."""
    try:
        terminal = os.dup(2)
    except OSError:  # it is closed
        yield
        return
    sys.stderr.flush()
    with tempfile.TemporaryFile() as caught:
        os.dup2(caught.fileno(), 2)
        try:
            yield
        finally:
            sys.stderr.flush()
            os.dup2(terminal, 2)
            os.close(terminal)
            caught.seek(0)
            for line in caught:
                if not _NOTE.match(line):
                    os.write(2, line)
