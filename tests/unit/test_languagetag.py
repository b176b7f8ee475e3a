"""Tags of languages, and what people write instead."""

from __future__ import annotations

import re

import pytest

from ankigen import languagetag


@pytest.mark.parametrize(
    "tag", ["en", "en-GB", "de", "pt-BR", "zh-Hant-TW", "en-GB-oxendict", "gsw"]
)
def test_tags(tag: str) -> None:
    """A language of two or three letters, with whatever is said of it, is a tag."""
    assert re.fullmatch(languagetag.PATTERN, tag)
    assert languagetag.meant(tag) == tag


@pytest.mark.parametrize(
    ("written", "tag"),
    [
        ("english", "en"),
        ("British English", "en-GB"),
        ("English (American)", "en-US"),
        ("Brazilian Portuguese", "pt-BR"),
        ("GERMAN", "de"),
        ("Ukrainian", "uk"),
        ("en_GB", "en-GB"),
        ("Klingon", ""),
        ("x", ""),
        ("", ""),
    ],
)
def test_what_is_no_tag(written: str, tag: str) -> None:
    """The English name of a language tells its tag."""
    assert not re.fullmatch(languagetag.PATTERN, written)
    assert languagetag.meant(written) == tag


def test_names() -> None:
    """A tag tells its language; of a rare one there is only the tag."""
    assert languagetag.primary("EN-gb") == "en"
    assert languagetag.name("en-GB") == "English"
    assert languagetag.name("gsw-CH") == "'gsw'"
