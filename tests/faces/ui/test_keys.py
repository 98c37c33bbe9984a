"""The table of keys is what the script does, and what the help shows in both languages."""

import re
from pathlib import Path

import pytest
from django.test import Client
from django.utils.translation import override

from mainstay.faces.ui import keys
from tests.cast import World

SCRIPT = Path(keys.__file__).parent / "source" / "parts" / "keys.js"


def test_it_works() -> None:
    assert [label for label, _rows in keys.sections()]


def test_every_action_of_the_table_is_one_of_the_script_and_the_other_way_round() -> None:
    block = SCRIPT.read_text().split("const ACTIONS = {")[1].split("\n};")[0]
    known = set(re.findall(r"^  (\w+):", block, re.MULTILINE))
    assert known == {shortcut.action for shortcut in keys.TABLE}


def test_no_key_means_two_things() -> None:
    named = [key for shortcut in keys.TABLE for key in shortcut.keys]
    assert len(named) == len(set(named))


@pytest.mark.parametrize(("language", "word"), [("zh-hans", "勾选该行"), ("en", "Tick the row")])
def test_the_help_shows_it_in_both_languages(world: World, language: str, word: str) -> None:
    with override(language):
        assert word in [str(shortcut.label) for shortcut in keys.TABLE]
    client = Client(headers={"Accept-Language": language})
    client.force_login(world.users["li.qiang"], backend="django.contrib.auth.backends.ModelBackend")
    shown = client.get("/tickets").content.decode()
    assert word in shown
    assert 'data-shortcut="mark" data-keys="x"' in shown
