"""A disk that is full is told in words, by whoever writes."""

import errno

import pytest

from repfair_keras.commands.command_line import call
from repfair_keras.core.files import replacing
from repfair_keras.core.storage import storage_problem


def test_the_file_is_named_where_the_system_does_not(tmp_path):
    with pytest.raises(OSError) as stopped, replacing(tmp_path / "weights.npz") as temporary:
        temporary.write_bytes(b"a part")
        raise OSError(errno.ENOSPC, "No space left on device")
    assert storage_problem(stopped.value).startswith(
        f"{tmp_path / 'weights.npz'} cannot be written: there is no space"
    )
    assert list(tmp_path.iterdir()) == []


def test_what_libraries_say_and_what_lies_behind_is_seen():
    library = RuntimeError("ResourceExhausted: model/variables; No space left on device")
    try:
        raise ValueError("could not save") from library
    except ValueError as error:
        assert "there is no space left" in storage_problem(error)
    assert storage_problem(OSError(errno.ENOENT, "No such file or directory", "a")) is None


def test_a_command_ends_with_one_sentence_and_code_1(capsys):
    def main(argv):
        raise RuntimeError("events file: Disk quota exceeded")

    with pytest.raises(SystemExit) as stopped:
        call(main, [])
    assert stopped.value.code == 1
    assert capsys.readouterr().err == (
        "error: a file cannot be written: the quota of its disk is used up. Free space there, or name another folder, "
        "and call the command again.\n"
    )
    with pytest.raises(RuntimeError, match="a fault of ours"):
        call(lambda argv: (_ for _ in ()).throw(RuntimeError("a fault of ours")), [])
