"""WordPiece, Unigram and RWKV vocabularies."""

from helpers.vocabularies import BYTE, CONTROL, KEY, NORMAL, UNKNOWN
from hypothesis import given
from hypothesis import strategies as st

from engine.text.tokenizer import make_tokenizer
from engine.text.tokenizer_longest import unescape


def test_word_pieces() -> None:
    tokens = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "▁hello", "▁wor", "ld", "▁!", "▁e", "▁世"]
    tokenizer = make_tokenizer(
        {
            KEY + "model": "bert",
            KEY + "tokens": tokens,
            KEY + "token_type": [CONTROL, UNKNOWN, CONTROL, CONTROL] + [NORMAL] * 6,
            KEY + "unknown_token_id": 1,
            KEY + "bos_token_id": 2,
            KEY + "seperator_token_id": 3,
        }
    )
    assert tokenizer.encode("Hello WORLD! é世 xyz") == [2, 4, 5, 6, 7, 8, 9, 1, 3]
    assert tokenizer.decode([4, 5, 6, 7]) == " hello world !"


def test_unigram_takes_the_likeliest_cut() -> None:
    words = {"▁": -3.0, "a": -4.0, "b": -4.0, "ab": -5.0, "▁ab": -6.0, "▁a": -5.5, "aba": -5.0}
    tokens = ["<pad>", "</s>", "<unk>", *words]
    tokenizer = make_tokenizer(
        {
            KEY + "model": "t5",
            KEY + "tokens": tokens,
            KEY + "token_type": [CONTROL, CONTROL, UNKNOWN] + [NORMAL] * len(words),
            KEY + "scores": [0.0, 0.0, 0.0, *words.values()],
            KEY + "add_space_prefix": True,
            KEY + "remove_extra_whitespaces": True,
        }
    )
    pieces = [tokenizer.text_of(token) for token in tokenizer.encode("  aba   ab")]
    assert pieces == ["▁", "aba", "▁ab", "</s>"]
    assert tokenizer.encode("世")[-2:] == [2, 1]


RWKV_TOKENS = ["<s>", *[f"\\x{b:02x}" for b in range(256)], "hello", "he", " \\n", "\\\\", "é"]
RWKV = make_tokenizer(
    {
        KEY + "model": "rwkv",
        KEY + "tokens": RWKV_TOKENS,
        KEY + "token_type": [CONTROL] + [NORMAL] * (len(RWKV_TOKENS) - 1),
    }
)


@given(st.text(alphabet="hello \n\\é世", max_size=30))
def test_rwkv_takes_the_longest_and_gives_the_text_back(text: str) -> None:
    assert RWKV.decode(RWKV.encode(text)) == text


def test_rwkv_spellings() -> None:
    assert RWKV.encode("hello he") == [257, 1 + 32, 258]
    assert unescape("\\t\\x41\\\\n") == b"\tA\\n"
    assert BYTE not in (CONTROL, NORMAL)
