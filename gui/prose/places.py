"""Where words stand in a text, whatever their capitals and accents. No Qt here."""

import unicodedata


def finds(text: str, words: str) -> list[tuple[int, int]]:
    """Where the words stand in the text, in order: capitals and accents make no difference."""
    folded = _folded(text)
    places: list[tuple[int, int]] = []
    for word in {_folded(word) for word in words.split()}:
        at = folded.find(word) if word else -1
        while at >= 0:
            places.append((at, at + len(word)))
            at = folded.find(word, at + len(word))
    return sorted(places)


def holds(text: str, words: str) -> bool:
    """Whether all the words stand in the text."""
    folded = _folded(text)
    return all(_folded(word) in folded for word in words.split())


def _folded(text: str) -> str:
    """One letter for each of the text, so that places are the same in both."""
    if text.isascii():
        return text.lower()
    return "".join(unicodedata.normalize("NFD", letter)[:1].lower()[:1] or " " for letter in text)
