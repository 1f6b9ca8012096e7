"""How words are awaited in a title or a description, where Playwright keeps spaces as they are."""

import re


def begins(words: str) -> re.Pattern:
    """Its spaces may be of the kinds that keep French punctuation with its word."""
    return re.compile("^" + holds(words).pattern)


def holds(words: str) -> re.Pattern:
    return re.compile(r"\s".join(map(re.escape, words.split(" "))))
