"""The README names nothing that is not there."""

import re
from pathlib import Path

import pytest

import dev
from tfworker import cli
from tfworker.paths import resource

TOP = Path(__file__).resolve().parents[1]
README = (TOP / "README.md").read_text(encoding="utf-8")
SPANS = re.findall(r"`([^`\n]+)`", README) + [
    line.split("  #")[0].strip()
    for block in re.findall(r"```\n(.*?)```", README, re.S)
    for line in block.splitlines()
]
COMMANDS = sorted({span for span in SPANS if span.startswith("tfworker ")})
LARGEST_PICTURE = 300_000  # bytes


@pytest.mark.parametrize("command", COMMANDS)
def test_each_command_of_the_product_is_understood(command, capsys):
    """Its words are commands, and its options are named in their help."""
    words = command.split()[1:]
    names = [word for word in words if re.fullmatch(r"[a-z]+", word)]
    with pytest.raises(SystemExit) as ended:
        cli.main([*names, "--help"])

    told = capsys.readouterr().out
    assert ended.value.code == 0
    assert f"tfworker {' '.join(names)}" in told
    assert all(option in told for option in words if option.startswith("--"))


def test_there_are_commands_to_look_at():
    assert {"tfworker doctor", "tfworker council device code W002"} <= set(COMMANDS)


def test_each_command_of_the_developer_is_there():
    named = set(re.findall(r"python3 dev\.py (\w+)", README))

    assert {"demo", "test", "check"} <= named <= set(dev.COMMANDS)


def test_each_link_leads_somewhere():
    links = re.findall(r"\]\(([^)]+)\)", README)

    assert links
    assert all((TOP / link).exists() for link in links)


def test_the_picture_is_small():
    assert 50_000 < resource("help", "app.png").stat().st_size < LARGEST_PICTURE
