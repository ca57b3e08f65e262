"""The reference pages say what the program does."""

from pathlib import Path

from yanku.entry.cli.manual import commands_page, meters_page, settings_page

DOCS = Path(__file__).parents[2] / "docs"


def test_the_reference_of_commands_is_what_the_program_says() -> None:
    assert (DOCS / "commands.md").read_text("utf-8") == commands_page(), "run scripts/docs"


def test_the_reference_of_settings_is_what_the_program_says() -> None:
    assert (DOCS / "settings.md").read_text("utf-8") == settings_page(), "run scripts/docs"


def test_the_reference_of_meters_is_what_the_program_says() -> None:
    assert (DOCS / "metrics.md").read_text("utf-8") == meters_page(), "run scripts/docs"
