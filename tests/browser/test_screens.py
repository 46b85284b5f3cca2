"""The page that shows what the pages look like."""

from __future__ import annotations

import re

from tests.browser.screens import FOLDER

PAGE = FOLDER.parent / "screens.md"
NAMED = re.findall(r"!\[([^\]]+)\]\(screenshots/([^)]+)\)", PAGE.read_text(encoding="utf-8"))


def test_every_picture_is_shown_once_and_every_picture_shown_is_there() -> None:
    assert sorted(name for _, name in NAMED) == sorted(path.name for path in FOLDER.iterdir())


def test_pictures_are_few_and_small() -> None:
    pictures = list(FOLDER.iterdir())
    assert 1 <= len(pictures) <= 12
    for picture in pictures:
        held = picture.read_bytes()
        assert held[:4] == b"RIFF" and held[8:12] == b"WEBP", picture.name
        assert 5_000 < len(held) <= 60_000, picture.name


def test_every_picture_is_described_in_other_words_than_the_next() -> None:
    described = [words for words, _ in NAMED]
    assert all(len(words) > 20 for words in described)
    assert len(set(described)) == len(described)
