"""What stands at the top of the repository for those who find it agrees with the package."""

import re
import tomllib
from pathlib import Path

import yaml
from packaging.requirements import Requirement

import repfair_keras

ROOT = Path(__file__).resolve().parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]


def test_the_citation_is_of_this_version_and_of_the_same_authors():
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text("utf-8"))
    assert str(citation["version"]) == PROJECT["version"] == repfair_keras.__version__
    assert [author["name"] for author in citation["authors"]] == [one["name"] for one in PROJECT["authors"]]
    assert citation["license"] == PROJECT["license"]
    assert len(citation["references"]) == 3
    assert all(reference["authors"] and reference["year"] for reference in citation["references"])


def test_issue_templates_and_workflows_can_be_read():
    paths = [*(ROOT / ".github").rglob("*.yml"), ROOT / ".pre-commit-config.yaml", ROOT / "mkdocs.yml"]
    assert len(paths) >= 5
    for path in paths:
        assert yaml.safe_load(path.read_text("utf-8")), path
    workflow = yaml.safe_load((ROOT / ".github" / "workflows" / "ci.yml").read_text("utf-8"))
    assert workflow["jobs"]["whole"]["steps"][-1]["run"] == ".ci/run"


def test_files_that_are_named_exist():
    for name in ("SECURITY.md", "CODE_OF_CONDUCT.md", "README.md", "CONTRIBUTING.md"):
        text = (ROOT / name).read_text("utf-8")
        for target in re.findall(r"\]\(([^)#\s]+)", text):
            if "://" in target:
                continue
            assert (ROOT / target).exists(), f"{name}: {target}"


def test_the_lock_holds_what_is_required():
    locked = _pins("requirements-lock.txt")
    for requirement in _requirements():
        name = requirement.name.lower().replace("_", "-")
        assert requirement.specifier.contains(locked[name]), requirement


def test_the_oldest_versions_are_the_lower_bounds():
    pins = _pins("requirements-oldest.txt")
    for requirement in _requirements():
        (lower,) = [one.version for one in requirement.specifier if one.operator == ">="]
        version = pins.pop(requirement.name.lower().replace("_", "-"))
        assert f"{version}.".startswith(f"{lower}."), requirement
    assert set(pins) == {"protobuf", "pyarrow"}


def test_requirements_are_those_of_the_package_and_of_the_extras_that_the_papers_need():
    extras = PROJECT["optional-dependencies"]
    declared = [*PROJECT["dependencies"], *extras["data"], *extras["sweeps"]]
    assert sorted(map(str, _requirements())) == sorted(str(Requirement(one)) for one in declared)


def test_every_extra_that_a_message_names_is_there():
    named = set()
    for path in (ROOT / "repfair_keras").rglob("*.py"):
        named |= set(re.findall(r'needed\("[\w.]+", "(\w+)"', path.read_text("utf-8")))
        named |= set(re.findall(r"repfair-keras\[(\w+)\]", path.read_text("utf-8")))
    assert (
        {"data", "sweeps", "tables", "onnx", "hub", "demo"} <= named <= set(PROJECT["optional-dependencies"])
    )


def _pins(file):
    lines = [
        line for line in (ROOT / file).read_text("utf-8").splitlines() if line and not line.startswith("#")
    ]
    return {name.lower().replace("_", "-"): version for name, version in (line.split("==") for line in lines)}


def _requirements():
    lines = (ROOT / "requirements.txt").read_text("utf-8").splitlines()
    return [Requirement(line.split("#")[0]) for line in lines if line.split("#")[0].strip()]
