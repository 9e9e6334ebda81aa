"""What a result depends on besides its configuration."""

import importlib.metadata
import platform
import subprocess
import sys
from pathlib import Path

from repfair_keras import __version__

PACKAGES = (
    "keras",
    "tensorflow",
    "tensorflow-datasets",
    "numpy",
    "scipy",
    "pandas",
    "scikit-learn",
    "matplotlib",
    "mlxtend",
)


def versions():
    """Returns versions of this package and of others, commit, command, Python and platform: a dict."""
    return {
        "repfair_keras": __version__,
        "commit": commit(),
        "command": sys.argv,
        "python": platform.python_version(),
        "platform": platform.platform(),
        "packages": {name: version for name in PACKAGES if (version := _version(name)) is not None},
    }


def _version(package):
    """The version of a package; `None` if it is not installed, as one of an extra may not be."""
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return None


def commit():
    """Returns the commit of the checkout this package is imported from, `+` if it was changed, or null."""
    git = ["git", "--no-optional-locks", "-C", str(Path(__file__).parent)]  # it only looks
    try:
        subprocess.run([*git, "ls-files", "--error-unmatch", __file__], capture_output=True, check=True)
        name = subprocess.run([*git, "rev-parse", "HEAD"], capture_output=True, text=True, check=True)
        changes = subprocess.run(
            [*git, "status", "--porcelain", "-uno"], capture_output=True, text=True, check=True
        )
    except (OSError, subprocess.CalledProcessError):
        return None
    return name.stdout.strip() + ("+" if changes.stdout.strip() else "")
