"""The names of the steps, as people write them: llama.cpp's list of names or its letters."""

from engine.base.errors import UsageError

SAMPLER_LETTERS = {
    "e": "penalties",
    "d": "dry",
    "s": "top_n_sigma",
    "k": "top_k",
    "y": "typ_p",
    "p": "top_p",
    "m": "min_p",
    "x": "xtc",
    "t": "temperature",
    "a": "adaptive_p",
}
SAMPLER_NAMES = tuple(SAMPLER_LETTERS.values())

_OTHER_SPELLINGS = {
    "typical": "typ_p",
    "typical_p": "typ_p",
    "nucleus": "top_p",
    "temp": "temperature",
}


def parse_samplers(text: str) -> tuple[str, ...]:
    """The steps in "top_k;top_p;temperature" (also with commas or spaces) or in letters, "kpt"."""
    words = text.replace(";", " ").replace(",", " ").split()
    if len(words) == 1 and not _is_name(words[0]) and set(words[0]) <= SAMPLER_LETTERS.keys():
        return tuple(SAMPLER_LETTERS[letter] for letter in words[0])
    return tuple(sampler_name(word) for word in words)


def parse_letters(text: str) -> tuple[str, ...]:
    """The steps in letters, "kpt"; a wrong letter is named beside those that there are."""
    for letter in text:
        if letter not in SAMPLER_LETTERS:
            known = ", ".join(f"{key} {name}" for key, name in SAMPLER_LETTERS.items())
            raise UsageError(
                "samplers: there is no letter {letter!r} in {text!r}; known: {known}",
                letter=letter,
                text=text,
                known=known,
            )
    return tuple(SAMPLER_LETTERS[letter] for letter in text)


def sampler_name(word: str) -> str:
    """The name as we write it; other well-known spellings are understood."""
    name = _plain(word)
    if name not in SAMPLER_NAMES:
        known = ", ".join(SAMPLER_NAMES)
        raise UsageError(
            "samplers: there is no sampler {word!r}; there are {known}.", word=word, known=known
        )
    return name


def _is_name(word: str) -> bool:
    return _plain(word) in SAMPLER_NAMES


def _plain(word: str) -> str:
    name = word.strip().lower().replace("-", "_")
    return _OTHER_SPELLINGS.get(name, name)
