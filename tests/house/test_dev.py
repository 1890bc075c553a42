"""dev.py, as far as it can be tried without making another `.venv`."""

import subprocess
import sys

import pytest

import dev

TEST_ARGUMENTS = {
    "nothing said: two at once": ([], ["-n", "2", "--dist", "loadfile"]),
    "a folder chosen": (["tests/sync"], ["-n", "2", "--dist", "loadfile", "tests/sync"]),
    "an own number": (["-n", "0", "tests/ui"], ["-n", "0", "tests/ui"]),
    "an own number, in one word": (["-n4"], ["-n4"]),
    "a debugger needs one process": (["--pdb"], ["--pdb"]),
}


@pytest.mark.parametrize("given, wanted", TEST_ARGUMENTS.values(), ids=TEST_ARGUMENTS.keys())
def test_the_arguments_of_test_are_handed_on(given, wanted):
    command = dev.pytest_command(given)

    assert command[1:] == ["-m", "pytest", *wanted]


def test_an_old_python_is_told_so_in_words():
    complaint = dev.too_old((3, 10, 4))

    assert complaint.startswith("this needs Python 3.11 or newer; this is 3.10.4. ")
    assert dev.too_old((3, 11, 0)) == ""
    assert dev.too_old((3, 14, 1)) == ""


@pytest.mark.skipif(not dev.LINUX, reason="system libraries are looked for on Linux only")
def test_a_missing_library_is_named_by_its_package():
    wanted = {"libc.so.6": "libc6", "libnowhere.so.9": "libnowhere9"}

    assert dev.missing_libraries(wanted) == ["libnowhere9"]
    assert dev.apt_line(["libegl1", "libgl1"]) == (
        "sudo apt-get update && sudo apt-get install -y libegl1 libgl1"
    )


def test_an_unknown_command_gets_the_list_of_commands():
    result = subprocess.run(
        [sys.executable, dev.__file__, "tset"], capture_output=True, text=True, check=False
    )

    assert result.returncode == 2
    assert [name for name in dev.COMMANDS if f"\n  {name} " not in result.stdout] == []


def test_our_own_tests_are_the_package_of_that_name():
    """`dev.py check`, `bench` and `simulate` run modules of it; a dependency installs a `tests` too."""
    where = subprocess.run(
        [sys.executable, "-c", "import tests; print(tests.__file__)"],
        cwd=dev.TOP,
        capture_output=True,
        text=True,
        check=True,
    )

    assert where.stdout.strip() == str(dev.TOP / "tests" / "__init__.py")
