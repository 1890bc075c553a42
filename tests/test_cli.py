"""The command line: what it prints, what it asks, and the code it ends with."""

import io
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.council.county import PASSWORD, County
from tfworker import cli
from tfworker.council.service import Council
from tfworker.paths import resource

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'council.db'}"


@pytest.fixture
def run(url: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run `tfworker council …` on this test's database: (exit code, output, errors)."""
    monkeypatch.setenv("TFWORKER_DATABASE_URL", url)

    def council(*words: str, typed: str = "") -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "stdin", io.StringIO(typed))
        code = cli.main(["council", *words])
        said = capsys.readouterr()
        return code, said.out, said.err

    return council


@pytest.fixture
def ready(run: Run, url: str) -> Run:
    """The same, with a council and a small county in the database."""
    assert run("init", "--programme", "Families Matter", "--council", "Ashcombe") == (
        0,
        "council ready\n",
        "",
    )
    with Council.open(url) as council:
        County().settle(council)
    return run


def test_a_council_is_made_and_made_again(run: Run) -> None:
    assert run("init")[0] == 0
    assert run("init", "--emergency", "Duty=01632 960001", "--emergency", "Police=999")[0] == 0


def test_an_emergency_number_needs_a_name_and_a_number(run: Run) -> None:
    code, out, err = run("init", "--emergency", "01632 960001")

    assert (code, out) == (1, "")
    assert err.startswith("tfworker: An emergency number must look like NAME=PHONE.")


PROBLEMS = {
    "no council": (["user", "list"], "tfworker: There is no council"),
    "no such folder": (["import", "nowhere"], "tfworker: There is no council"),
    "no database": (
        ["init", "--database", "council.db"],
        "tfworker: The council database cannot be reached.",
    ),
}


@pytest.mark.parametrize("words, said", PROBLEMS.values(), ids=PROBLEMS.keys())
def test_what_stands_in_the_way_is_one_line(run: Run, words: list[str], said: str) -> None:
    code, out, err = run(*words)

    assert (code, out) == (1, "")
    assert err.startswith(said)
    assert err.count("\n") == 1


def test_the_database_must_be_named(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TFWORKER_DATABASE_URL")
    code, _, err = run("init")

    assert code == 1
    assert err.startswith("tfworker: Say which database.")


@pytest.mark.parametrize(
    "words", [["council"], ["council", "user"], ["nonsense"], ["council", "user", "add"]]
)
def test_what_is_not_understood_is_code_2(words: list[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main(words)

    assert ended.value.code == 2


def test_a_worker_gets_an_account_a_code_and_loses_them(ready: Run) -> None:
    assert ready("user", "add", "W001", typed=PASSWORD + "\n") == (0, "account made\n", "")
    code, out, err = ready("device", "code", "W001", "--minutes", "60")
    assert (code, re.fullmatch(r"([0-9A-Z]{4}-){3}[0-9A-Z]{4}\n", out) is not None) == (0, True)
    assert "60 minutes" in err
    assert ready("user", "password", "w001@ashcombe.example.org", typed=PASSWORD + " 2\n")[0] == 0
    assert ready("user", "disable", "W001")[0] == 0
    lines = ready("user", "list")[1].splitlines()

    assert lines[0].split() == ["staff", "no", "name", "roles", "account"]
    assert lines[1].split() == ["W001", "Dana", "Moss", "fsw", "closed"]
    assert lines[2].endswith("no account")
    assert ready("user", "enable", "W001")[0] == 0
    assert ready("device", "list") == (0, "id  staff no  worker  state  last seen  version  name\n", "")


REFUSED = {
    "a weak password": (["user", "add", "W001"], "password\n", "too easy to guess"),
    "no password at all": (["user", "add", "W001"], "", "too easy to guess"),
    "nobody": (["user", "add", "W999"], PASSWORD, "no one worker"),
    "a code without an account": (["device", "code", "W002"], "", "no account yet"),
    "a code that lives too long": (["device", "code", "W002", "--minutes", "5000"], "", "10 to 1440 minutes"),
    "an unknown laptop": (["device", "lost", "f" * 32], "", "no laptop with this id"),
}


@pytest.mark.parametrize("words, typed, said", REFUSED.values(), ids=REFUSED.keys())
def test_what_cannot_be_done_says_why(ready: Run, words: list[str], typed: str, said: str) -> None:
    code, out, err = ready(*words, typed=typed)

    assert (code, out) == (1, "")
    assert said in err
    assert PASSWORD not in err


def test_an_account_is_not_made_twice(ready: Run) -> None:
    ready("user", "add", "W001", typed=PASSWORD)
    code, _, err = ready("user", "add", "W001", typed=PASSWORD)

    assert code == 1
    assert "has an account already" in err


def test_no_command_takes_a_password_as_an_argument(capsys: pytest.CaptureFixture[str]) -> None:
    for words in (["user", "add"], ["user", "password"]):
        with pytest.raises(SystemExit):
            cli.main(["council", *words, "W001", "--password", "secret"])
        assert "unrecognized arguments" in capsys.readouterr().err


def test_the_audit_trail_says_who_did_what_and_not_what_is_recorded(ready: Run) -> None:
    code, out, _ = ready("audit", "show", "--last", "200")
    lines = out.splitlines()

    assert code == 0
    assert lines[0].split() == [
        *["seq", "received", "by", "device", "did", "to", "record", "version", "outcome"],
        "reason",
    ]
    assert any(" insert  family " in line and " council " in line for line in lines)
    for word in ("Reed", "Dana", "Families Matter"):
        assert word not in out
    assert len(ready("audit", "show", "--last", "3")[1].splitlines()) == 4
    record = lines[-1].split()[7]
    assert len(ready("audit", "show", "--record", record)[1].splitlines()) >= 2
    assert ready("audit", "show", "--author", "W001")[1].count("\n") == 1


def test_central_records_are_imported_and_bad_rows_listed(run: Run, tmp_path: Path) -> None:
    run("init")
    for name in ("localities", "teams", "workers"):
        text = resource("sample", "ashcombe", f"{name}.csv").read_text(encoding="utf-8")
        lines = text.splitlines()[:3]
        (tmp_path / f"{name}.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    with (tmp_path / "workers.csv").open("a", encoding="utf-8") as file:
        file.write("W900,Ana,Nobody,w900@ashcombe.example.org,fsw,T99,Ashcombe County Council,1.0,\n")
    code, out, _ = run("import", str(tmp_path))

    assert code == 0
    assert "localities.csv: 2 of 2 rows" in out
    assert "workers.csv: 2 of 3 rows" in out
    assert "workers.csv, line 4, team: " in out


def test_a_folder_with_nothing_to_import_is_a_problem(run: Run, tmp_path: Path) -> None:
    run("init")
    code, out, err = run("import", str(tmp_path / "nowhere"))

    assert (code, out) == (1, "")
    assert err.startswith("tfworker: There is nothing to import in this folder.")


def test_python_runs_it_too(url: str) -> None:
    command = [sys.executable, "-m", "tfworker", "council", "user", "list", "--database", url]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)

    assert done.returncode == 1
    assert "There is no council in this database yet" in done.stderr


def test_the_council_loads_no_screens() -> None:
    """A server has no Qt: nothing of it may be needed to serve."""
    code = "import sys, tfworker.cli, tfworker.council.commands; print('PySide6' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True
    )

    assert done.stdout == "False\n"


def test_the_doctor_says_what_is_fit(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code = cli.main(["--home", str(home), "doctor"])
    out = capsys.readouterr().out

    assert code == 0
    assert [line.split()[:2] for line in out.splitlines()] == [
        ["ok", f"{name}:"] for name in ("place", "disk", "vault", "keystore", "screen")
    ]


def test_the_doctor_says_what_must_be_put_right(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    home.mkdir(mode=0o755)
    code = cli.main(["--home", str(home), "doctor"])

    assert code == 1
    assert "problem place: Others on this machine can look into the place" in capsys.readouterr().out
