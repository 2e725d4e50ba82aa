"""What the stories share."""

import sys

import pytest

from nof1.cli import main


@pytest.fixture
def nof1(monkeypatch, capsys, tmp_path):
    """Run a command as the shell does; return exit code, standard output and standard error."""
    monkeypatch.chdir(tmp_path)

    def run(*words):
        monkeypatch.setattr(sys, "argv", ["nof1", *map(str, words)])
        with pytest.raises(SystemExit) as ended:
            main()
        said = capsys.readouterr()
        return ended.value.code or 0, said.out, said.err

    return run
