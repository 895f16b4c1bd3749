"""Sentences in other languages: fields, plurals, figures, and catalogues that are broken."""

import copy
import json
import pickle
import zipfile
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from engine.base.catalogue import (
    FIELD,
    FORMATTERS,
    Words,
    again,
    and_more,
    filled,
    joined,
    keepable,
    say,
    tongue,
)
from engine.base.errors import ChaskiError, FormatError, HubError, HubFault
from engine.base.events import Notice, Progress, Stage, Transfer

FRENCH = """
plural = "two-on"
thousands = "\u202f"
decimal = ","
percent = "\u00a0%"
[units]
GB = "Go"
bytes = "octets"
days = "jours"
[sentences]
"{file} has no tensor {name}" = "{file} n'a pas de tenseur {name}"
"{n:,} {n:token|tokens} in {free:file}" = "{n:,} {n:jeton|jetons} dans {free:file}"
"the tensor {name}" = "le tenseur {name}"
"{where} is broken" = "{where} est abîmé"
"loading weights" = "lecture des poids"
"{stage}, trying again in {seconds} s" = "{stage}, nouvel essai dans {seconds} s"
"no connection" = "pas de connexion"
"""


@pytest.fixture
def place(tmp_path: Path) -> Path:
    tongue.cache_clear()
    (tmp_path / "fr.toml").write_text(FRENCH, encoding="utf-8")
    return tmp_path


def test_an_error_keeps_its_template_and_its_fields_raw() -> None:
    error = FormatError("{file} has {n:,} tensors, {size:file}", file=Path("a"), n=1200, size=2e9)
    assert str(error) == "a has 1,200 tensors, 2 GB"
    assert error.words.template == "{file} has {n:,} tensors, {size:file}"
    assert error.words.fields == {"file": "a", "n": 1200, "size": 2e9}


def test_a_sentence_is_said_in_another_language(place: Path) -> None:
    error = FormatError("{file} has no tensor {name}", file="a.gguf", name="x")
    assert say(str(error), "fr", place) == "a.gguf n'a pas de tenseur x"
    assert say(str(error), "fr_CA", place) == "a.gguf n'a pas de tenseur x"
    assert say(str(error), "en", place) == str(error) == "a.gguf has no tensor x"
    assert say("any other text", "fr", place) == "any other text"


def test_numbers_units_and_plurals_are_the_languages_own(place: Path) -> None:
    template = "{n:,} {n:token|tokens} in {free:file}"
    assert str(Words(template, n=1, free=2.5e9)) == "1 token in 2.5 GB"
    assert str(Words(template, n=0, free=12)) == "0 tokens in 12 bytes"
    assert say(Words(template, n=1234, free=2.5e9), "fr", place) == (
        "1\u202f234 jetons dans 2,5 Go"
    )
    assert say(Words(template, n=0, free=12), "fr", place) == "0 jeton dans 12 octets"
    assert say(Words("{t:duration}", t=3 * 86400), "fr", place) == "3 jours"
    assert say(Words("{part:.1%} of {whole}", part=0.125, whole="100%"), "fr", place) == (
        "12,5\u00a0% of 100%"
    )


def test_phrases_within_sentences_are_said_in_turn(place: Path) -> None:
    part = Words("the tensor {name}", name="x.y")
    whole = Words("{where} is broken", where=part)
    assert whole == "the tensor x.y is broken"
    assert say(whole, "fr", place) == "le tenseur x.y est abîmé"
    told = ChaskiError("{error}", error=FormatError("{where} is broken", where=part))
    assert say(str(told), "fr", place) == "le tenseur x.y est abîmé"
    assert say(joined([part, whole], "; "), "fr", place) == (
        "le tenseur x.y; le tenseur x.y est abîmé"
    )


def test_steps_and_notices_are_said_too(place: Path) -> None:
    assert say(Progress(Stage.LOADING, 1, 2).words, "fr", place) == "lecture des poids"
    waits = Transfer(Stage.WAITING_NETWORK, 1, 2, wait=2.5).words
    assert waits == "no connection, trying again in 3 s"
    assert say(waits, "fr", place) == "pas de connexion, nouvel essai dans 3 s"
    assert say(Notice("{where} is broken", where="a").text, "fr", place) == "a est abîmé"


def test_a_raised_again_error_keeps_how_it_was_said(place: Path) -> None:
    inner = FormatError("{where} is broken", where="a")
    outer = ChaskiError(str(inner))
    foreign = ValueError(Words("{where} is broken", where="b"))
    assert say(str(outer), "fr", place) == "a est abîmé"
    assert say(str(ChaskiError("{why}", why=foreign)), "fr", place) == "b est abîmé"


@pytest.mark.parametrize(
    "translation",
    [
        "{file.__class__.__init__.__globals__}",
        "{file[0]} {0} {}",
        "{absent}",
        "{file:>999999999}",
        "{n:999999999d} {n:x} {n:}",
        "{file:size} {file:memory} {file:a|b}",
        "{n!r} {file!s} {n!x}",
        "{{file}} {",
        "}",
    ],
)
def test_no_translation_makes_an_error_raise_or_reaches_further(
    translation: str, tmp_path: Path
) -> None:
    tongue.cache_clear()
    table = {"{file} and {n}": translation}
    (tmp_path / "xx.toml").write_text(
        "[sentences]\n" + "".join(f"{json.dumps(a)} = {json.dumps(b)}\n" for a, b in table.items())
    )
    told = say(Words("{file} and {n}", file="a", n=3), "xx", tmp_path)
    assert len(told) < 100
    assert "globals" not in told or told == translation  # as it is written, nothing looked up


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[sentences",
        "sentences = 3",
        "plural = 4\n[sentences]\n'{a}' = 5",
        "\x00",
        "[units]\nGB=1",
    ],
)
def test_a_broken_catalogue_falls_back_to_english(text: str, tmp_path: Path) -> None:
    tongue.cache_clear()
    (tmp_path / "fr.toml").write_text(text)
    error = HubError("{host} does not answer", HubFault.TIMEOUT, host="h", status=3)
    assert say(str(error), "fr", tmp_path) == "h does not answer"
    assert say(str(error), "../fr", tmp_path) == "h does not answer"
    assert say(str(error), "de", tmp_path) == "h does not answer"


def test_fields_are_words_of_a_file_and_do_nothing() -> None:
    error = ChaskiError("{name} is odd", name="\x1b[2J{name}\u202e")
    assert str(error) == "\N{REPLACEMENT CHARACTER}[2J{name}\N{REPLACEMENT CHARACTER} is odd"
    assert len(str(ChaskiError("{name}", name="a" * 10_000_000))) <= 2000


def test_a_field_that_is_not_there_stays_as_it_is_written() -> None:
    assert filled("{a} {b} {{c}}", {"a": 1}) == "1 {b} {c}"
    assert str(ChaskiError("say {it} once")) == "say {it} once"


def test_a_foreign_object_that_cannot_be_told_is_told_by_its_kind() -> None:
    class Odd:
        def __str__(self) -> str:
            raise RuntimeError

    assert str(ChaskiError("{thing}", thing=Odd())) == "Odd"


def test_words_are_kept_sent_and_copied() -> None:
    words = Words("{where} is broken {n:file}", where=Words("the tensor {name}", name="x"), n=3)
    for other in (again(keepable(words)), copy.deepcopy(words), pickle.loads(pickle.dumps(words))):
        assert isinstance(other, Words)
        assert (other, other.template, other.fields) == (words, words.template, words.fields)
    assert keepable("plain [text]") == again("plain [text]") == "plain [text]"


@pytest.mark.parametrize("text", ['["a"]', "[1, {}]", "3", "{}", '["{a}", 4]', "[[[[", "null"])
def test_what_was_kept_otherwise_is_a_plain_text(text: str) -> None:
    assert again(text) == text


def test_some_of_many_names() -> None:
    assert and_more(["a", "b"], 2) == "a, b"
    assert and_more(["a", "b"], 5) == "a, b and 3 more"


def test_a_pseudo_language_made_of_the_templates_has_every_field(tmp_path: Path) -> None:
    """What packaging/words.py writes for translators is enough to say everything."""
    tongue.cache_clear()
    templates = ["{file} has {n:,} {n:token|tokens}, {size:memory}", "loading weights"]
    accents = str.maketrans("aeiou", "áéíóú")

    def odd(template: str) -> str:
        parts, at = [], 0
        for found in FIELD.finditer(template):
            parts += [template[at : found.start()].translate(accents), found[0]]
            at = found.end()
        return "".join([*parts, template[at:].translate(accents)])

    lines = [f"{json.dumps(t)} = {json.dumps(odd(t), ensure_ascii=False)}" for t in templates]
    (tmp_path / "xx.toml").write_text("[sentences]\n" + "\n".join(lines), encoding="utf-8")
    words = Words(templates[0], file="a.gguf", n=1200, size=3e9)
    assert say(words, "xx", tmp_path) == "a.gguf hás 1,200 tokens, 3.0 GB"
    assert say(Progress(Stage.LOADING, 0, 1).words, "xx", tmp_path) == "lóádíng wéíghts"


class _Raises:
    """An object that cannot be told in any way."""

    def __str__(self) -> str:
        raise RuntimeError("no words")

    __repr__ = __str__

    def __format__(self, spec: str) -> str:
        raise RuntimeError("no words")


class _OddNumber(Fraction):
    def __float__(self) -> float:
        raise RuntimeError("no figure")

    __str__ = _Raises.__str__


class _OwnText(str):
    def __len__(self) -> int:
        raise RuntimeError("no length")

    def __str__(self) -> str:
        return self


SPECS = (
    *("{x}", "{x!r}", "{x:,}", "{x:d}", "{x:.2f}", "{x:e}", "{x:%}", "{x:g}", "{x:05d}"),
    *("{x:one|many}", "{x:}", "{x!r:file}", *(f"{{x:{name}}}" for name in FORMATTERS)),
)
ODD = st.one_of(
    st.integers(),
    st.floats(),
    st.fractions(),
    st.decimals(),
    st.complex_numbers(),
    st.text(st.characters()),  # halves of letters too
    st.binary(),
    st.lists(st.integers(), max_size=3),
    st.integers(min_value=300, max_value=20_000).map(lambda n: -(10**n)),
    st.integers(min_value=300, max_value=20_000).map(lambda n: Fraction(10**n, 3)),
    st.sampled_from([_Raises(), _OddNumber(1), _OwnText("a"), _Raises, None, True, np.float16(3)]),
    st.sampled_from(
        [np.int64(3), np.uint64(2**64 - 1), np.float32("nan"), np.zeros(3), "a" * 10**5]
    ),
    st.just([10**5000]),
)


@settings(
    max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(value=ODD, template=st.sampled_from(SPECS))
@example(value=10**5000, template="{x}")
@example(value=10**5000, template="{x!r}")
@example(value=10**5000, template="{x:file}")
@example(value=Fraction(10**400), template="{x:file}")
def test_no_field_makes_a_sentence_raise(place: Path, value: object, template: str) -> None:
    words = Words(template, x=value)
    assert len(words) <= 2000
    assert len(say(words, "fr", place)) <= 2000
    outer = Words("{where} is broken", where=words)
    for each in (words, outer):
        assert str(ChaskiError("{why}", why=ValueError(each))) == each
        assert again(keepable(each)) == each
        assert pickle.loads(pickle.dumps(each)) == each


def test_phrases_within_phrases_have_no_end(place: Path) -> None:
    words = Words("a")
    for _ in range(3000):
        words = Words("{where}", where=words)
    assert words == say(words, "fr", place) == again(keepable(words)) == "a"


def test_some_of_many_names_are_said_in_turn(place: Path) -> None:
    names = [Words("the tensor {name}", name="x"), "y"]
    assert say(and_more(names, 2), "fr", place) == "le tenseur x, y"


def test_a_catalogue_may_lie_in_an_archive(
    place: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with zipfile.ZipFile(tmp_path / "chaski.zip", "w") as archive:
        archive.write(place / "fr.toml", "resources/words/fr.toml")
    root = zipfile.Path(tmp_path / "chaski.zip", "resources/")
    monkeypatch.setattr("importlib.resources.files", lambda name: root)
    assert say(Words("the tensor {name}", name="x"), "fr") == "le tenseur x"
    tongue.cache_clear()
