"""How text is cut before byte-pair merging: by the name in `tokenizer.ggml.pre`, or by expressions
that the file itself brings.

The table holds facts of the models' own tokenizers (the regular expressions of their
tokenizer.json, in Oniguruma's words), in the order of application. A file's own expressions may
never come to an end, so they run in the helper process.
"""

from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from engine.base.errors import FormatError, bounded
from engine.text.allowance import for_cutting
from engine.text.apart import FailedError, StoppedError, ask


@dataclass(frozen=True)
class PreTokenizer:
    """The expressions cut one after the other; the rest are habits that go with the name."""

    patterns: tuple[str, ...]
    ignore_merges: bool = False  # a whole word that is a token is never put together by merges
    add_bos: bool = False
    byte_level: bool = True  # False: spaces become U+2581 and bytes have tokens like <0x0A>
    drops_spaces: bool = False


# The name of a way of cutting that the file itself spells out (keys PRE_PATTERNS, PRE_IGNORE).
CARRIED = "chaski-regex"
PRE_PATTERNS = "chaski.tokenizer.pre_patterns"
PRE_IGNORE = "chaski.tokenizer.ignore_merges"

SHORT = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)"  # the English contractions
TAIL = r"\s*[\r\n]+|\s+(?!\S)|\s+"  # what nearly all end with: line ends, then spaces
GPT2 = r"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"
_UPPER = r"[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]"
_LOWER = r"[\p{Ll}\p{Lm}\p{Lo}\p{M}]"
_HEAD = r"[^\r\n\p{L}\p{N}]?"
_SYMBOLS = r" ?[^\s\p{L}\p{N}]+[\r\n]*"
_SYMBOLS_SLASH = r" ?[^\s\p{L}\p{N}]+[\r\n/]*"
_ASCII_WORD = r"""[!"#$%&'()*+,\-./:;<=>?@\[\\\]^_`{|}~][A-Za-z]+"""


def _llama3(digits: str, tail: str = TAIL) -> str:
    return rf"{SHORT}|{_HEAD}\p{{L}}+|{digits}|{_SYMBOLS}|{tail}"


def _cased(digits: str, contraction: str) -> str:
    """Words cut where small letters give way to capitals (GPT-4o, Tekken)."""
    return (
        rf"{_HEAD}{_UPPER}*{_LOWER}+{contraction}|{_HEAD}{_UPPER}+{_LOWER}*{contraction}"
        rf"|{digits}|{_SYMBOLS_SLASH}|{TAIL}"
    )


def _han(pattern: str) -> str:
    """Kimi's letters: those of _cased, but never Han."""
    return pattern.replace("]", "&&[^\\p{Han}]]")


_ONE, _THREE, _ANY = r"\p{N}", r"\p{N}{1,3}", r"\p{N}+"
_QWEN2 = PreTokenizer((_llama3(_ONE),))
_LLAMA3 = PreTokenizer((_llama3(_THREE),))
_LLAMA3_BOS = PreTokenizer((_llama3(_THREE),), ignore_merges=True, add_bos=True)
_GPT2 = PreTokenizer((GPT2,))
_DIGITS_GPT2 = PreTokenizer((_ONE, GPT2))
_GPT4O = PreTokenizer((_cased(_THREE, SHORT + "?"),))
_CJK = "[\u4e00-\u9fa5\u3040-\u309f\u30a0-\u30ff]+"
_DEEPSEEK_WORDS = rf"{_ASCII_WORD}|[^\r\n\p{{L}}\p{{P}}\p{{S}}]?[\p{{L}}\p{{M}}]+"
_DEEPSEEK3 = PreTokenizer((_THREE, _CJK, rf"{_DEEPSEEK_WORDS}| ?[\p{{P}}\p{{S}}]+[\r\n]*|{TAIL}"))
_SPARK = PreTokenizer(
    (
        _THREE,
        _CJK,
        rf"{_DEEPSEEK_WORDS}| ?[\p{{P}}\p{{S}}]+|[\r\n]|\s+(?!\S)|\s+",
        _ONE,
    )
)
# Letters with case of the world's scripts, as the first DeepSeek models list them.
_DEEPSEEK_LETTERS = (
    "A-Za-z\u00b5\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u01ba\u01bc-\u01bf\u01c4-\u0293\u0295-\u02af"
    "\u0370-\u0373\u0376\u0377\u037b-\u037d\u037f\u0386\u0388-\u038a\u038c\u038e-\u03a1"
    "\u03a3-\u03f5\u03f7-\u0481\u048a-\u052f\u0531-\u0556\u10a0-\u10c5\u13a0-\u13f5\u13f8-\u13fd"
    "\u1c90-\u1cba\u1cbd-\u1cbf\u1d00-\u1d2b\u1d6b-\u1d77\u1d79-\u1d9a\u1e00-\u1f15\u1f18-\u1f1d"
    "\u1f20-\u1f45\u1f48-\u1f4d\u1f50-\u1f57\u1f59\u1f5b\u1f5d\u1f5f-\u1f7d\u1f80-\u1fb4"
    "\u1fb6-\u1fbc\u1fbe\u1fc2-\u1fc4\u1fc6-\u1fcc\u1fd0-\u1fd3\u1fd6-\u1fdb\u1fe0-\u1fec"
    "\u1ff2-\u1ff4\u1ff6-\u1ffc\u2102\u2107\u210a-\u2113\u2115\u2119-\u211d\u2124\u2126\u2128"
    "\u212a-\u212d\u212f-\u2134\u2139\u213c-\u213f\u2145-\u2149\u214e\u2183\u2184\u2c00-\u2c7b"
    "\u2c7e-\u2ce4\u2ceb-\u2cee\u2cf2\u2cf3\ua640-\ua66d\ua680-\ua69b\ua722-\ua76f\ua771-\ua787"
    "\ua78b-\ua78e\uab70-\uabbf\ufb00-\ufb06\ufb13-\ufb17\uff21-\uff3a\uff41-\uff5a"
    "\U00010400-\U0001044f\U000104b0-\U000104d3\U000104d8-\U000104fb\U00010c80-\U00010cb2"
    "\U00010cc0-\U00010cf2\U000118a0-\U000118df\U0001e900-\U0001e943"
)
_EAST_ASIAN = "[\u4e00-\u9fa5\u0800-\u4e00\uac00-\ud7ff]+"
_DEEPSEEK_LLM = PreTokenizer(
    (
        r"[\r\n]",
        rf"\s?[{_DEEPSEEK_LETTERS}]+",
        "\\s?[!-/:-~\uff01-\uff0f\uff1a-\uff5e\u2018-\u201f\u3000-\u3002]+",
        r"\s+$",
        _EAST_ASIAN,
        _ANY,
    )
)
_DEEPSEEK_CODER = PreTokenizer((r"[\r\n]", r"\s?\p{L}+", r"\s?\p{P}+", _EAST_ASIAN, _ONE))
_BLOOM_WORDS = " ?[^(\\s|.,!?\u2026\u3002\uff0c\u3001\u0964\u06d4\u060c)]+"
_BLOOM = PreTokenizer((_BLOOM_WORDS,))
_JAIS2_SPACES = "|".join(rf"\s{{{n}}}(?!\S)" for n in (512, 256, 128, 64, 32, 16, 8, 4))
_YOUTU_SCRIPTS = (
    "[\uac00-\ud7a3\u3131-\u318e]+|[\uff01\u2026\u201c\u201d\u2018\u2019\u2014\uff1a\uff1b\uff0c"
    "\u3001-\u303f\ufe30-\ufe4f]+|[\u3105-\u312f]+|" + _CJK
)
# Runs of one script each; a change of script cuts.
_AFMOE_SCRIPTS = (
    "(?:[\u4e00-\u9fff\u3040-\u309f\u30a0-\u30ff\u3400-\u4dbf\uf900-\ufaff\uff65-\uff9f"
    "\u2f00-\u2fdf]+|[\u0e00-\u0e7f]+|[\u0e80-\u0eff]+|[\u1780-\u17ff]+"
    "|[\u1000-\u109f\uaa60-\uaa7f\ua9e0-\ua9ff]+|[\uac00-\ud7af\u1100-\u11ff]+)"
)
_THREES_FROM_RIGHT = r"\d{1,3}(?=(?:\d{3})*(?!\d))"
_KIMI = (
    r"\p{Han}+"
    + rf"|{_HEAD}{_han(_UPPER)}*{_han(_LOWER)}+{SHORT}?"
    + rf"|{_HEAD}{_han(_UPPER)}+{_han(_LOWER)}*{SHORT}?"
    + rf"|{_THREE}|{_SYMBOLS}|{TAIL}"
)
_LINES = PreTokenizer((r"[^\n]+|[\n]+",), byte_level=False)
DEFAULT = PreTokenizer((r"[\p{P}\$\+<=>\^~\|]+", GPT2, _ANY, r"[0-9][0-9][0-9]"))

_FAMILIES: tuple[tuple[str, PreTokenizer], ...] = (
    ("default", DEFAULT),
    ("llama3 llama-v3 llama-bpe falcon3 falcon-h1 pixtral midm-2.0 lfm2 jina-v5-nano", _LLAMA3_BOS),
    ("dbrx smaug-bpe chatglm-bpe", _LLAMA3),
    ("glm4 glm5", PreTokenizer((_llama3(_THREE),), ignore_merges=True)),
    ("qwen2 deepseek-r1-qwen kormo f2llmv2 megrez stablelm2 hunyuan solar-open grok-2", _QWEN2),
    (
        "gpt-2 phi-2 jina-es jina-de gigachat jina-v2-es jina-v2-de a.x-4.0 mellum modern-bert "
        "jina-v1-en jina-v2-code roberta-bpe mpt olmo jais trillion granite-docling exaone4",
        _GPT2,
    ),
    ("starcoder refact command-r smollm codeshell exaone minerva-7b mellum2", _DIGITS_GPT2),
    ("gpt-4o llama4 kanana2 talkie minimax-m2", _GPT4O),
    ("granite-embed-multi-97m", PreTokenizer(_GPT4O.patterns, ignore_merges=True)),
    ("tekken", PreTokenizer((_cased(_ONE, ""),), ignore_merges=True, add_bos=True)),
    ("deepseek-llm", _DEEPSEEK_LLM),
    ("deepseek-coder", _DEEPSEEK_CODER),
    ("deepseek-v3 hunyuan-dense joyai-llm hy_v4", _DEEPSEEK3),
    ("spark2_5", _SPARK),
    ("bloom poro-chat gpt3-finnish", _BLOOM),
    ("viking", PreTokenizer((_BLOOM_WORDS, _ONE))),
    ("falcon", PreTokenizer((r"[\p{P}\$\+<=>\^~\|`]+", GPT2, r"[0-9][0-9][0-9]"))),
    ("jais-2", PreTokenizer((_llama3(_THREE, rf"\s*[\r\n]+|{_JAIS2_SPACES}|\s{{1,2}}(?!\S)|\s"),))),
    (
        "qwen35",
        PreTokenizer(
            (
                rf"{SHORT}|{_HEAD}[\p{{L}}\p{{M}}]+|{_ONE}"
                rf"| ?[^\s\p{{L}}\p{{M}}\p{{N}}]+[\r\n]*|{TAIL}",
            )
        ),
    ),
    ("tiny_aya cohere2moe", PreTokenizer((r"\d{1,3}(?=(?:\d{3})*\b)", *_GPT4O.patterns))),
    ("superbpe", PreTokenizer((_ANY, r"(?=(\d{3})+(?!\d))"))),
    (
        "bailingmoe bailingmoe2 llada-moe",
        PreTokenizer(
            (
                rf"'(?i:[sdmt]|ll|ve|re)|[^\r\n\p{{L}}\p{{N}}]?+\p{{L}}+|{_ONE}"
                r"| ?[^\s\p{L}\p{N}]++[\r\n]*|\s*[\r\n]|\s+(?!\S)|\s+",
            )
        ),
    ),
    (
        "seed-coder",
        PreTokenizer((rf"{SHORT}|{_HEAD}\p{{L}}+|{_ONE}| ?[^\s\p{{L}}\p{{N}}\r\n]+|{TAIL}",)),
    ),
    ("ufakzeka", PreTokenizer((rf"{_HEAD}\p{{L}}+|{_ONE}|{_SYMBOLS}|{TAIL}",))),
    ("laguna", PreTokenizer((r"[^\n]+|[\n]+", _llama3(_ONE)))),
    ("minicpm5", PreTokenizer((_THREE, _llama3(_ANY)), ignore_merges=True)),
    (
        "exaone-moe",
        PreTokenizer(
            (
                rf"{SHORT}|{_HEAD}(?:\p{{L}}\p{{M}}*(?: \p{{L}}\p{{M}}*)*)+|{_ONE}"
                r"| ?[^\s\p{L}\p{N}]+[\r\n/]?|\s*[\r\n]|\s+(?!\S)|\s+",
            )
        ),
    ),
    (
        "chameleon",
        PreTokenizer(
            (
                r"<sentinel:[0-9]+>",
                r"(IMGIMG)((A|B|C|D|E|F|G|H|I){1,4})Z",
                r"([\t\n]|    |  )",
                _ONE,
                r"[\p{P}!-/:-@\[-`{-~]",
                GPT2,
            ),
            add_bos=True,
        ),
    ),
    ("youtu", PreTokenizer((_YOUTU_SCRIPTS, _cased(_ONE, SHORT + "?")), ignore_merges=True)),
    (
        "afmoe",
        PreTokenizer((_THREES_FROM_RIGHT, _AFMOE_SCRIPTS, *_DEEPSEEK3.patterns[2:])),
    ),
    ("kimi-k2", PreTokenizer((_KIMI,))),
    ("gemma4 granite-embed-multi-311m sarvam-moe", _LINES),
    ("whitespace", PreTokenizer((r"\s+",), byte_level=False, drops_spaces=True)),
)


def find_pretokenizer(name: str) -> PreTokenizer | None:
    """The way of cutting text that goes by this name, if it is known."""
    for names, found in _FAMILIES:
        if name in names.split():
            return found
    return None


def pretokenizer_names() -> list[str]:
    return [name for names, _ in _FAMILIES for name in names.split()]


SHORT_TEXT, MANY_TEXTS = 1000, 4096


class OwnCuts:
    """Cuts text; short texts are remembered: conversations repeat what is between marks."""

    def __init__(self, patterns: Sequence[str]) -> None:
        self.patterns = list(patterns)
        self._known: dict[str, list[str]] = {}

    def __bool__(self) -> bool:
        return bool(self.patterns)

    def words(self, text: str) -> list[str]:
        found = self._known.get(text)
        if found is None:
            found = self._cut(text)
            if len(text) <= SHORT_TEXT:
                if len(self._known) >= MANY_TEXTS:
                    self._known.clear()
                self._known[text] = found
        return found

    def _cut(self, text: str) -> list[str]:
        allowance = for_cutting(len(text))
        try:
            ends = array("Q", ask("cut", (self.patterns, text), allowance))
        except FailedError as error:
            raise FormatError(
                "{pre_patterns} cannot cut this text: {error}.",
                pre_patterns=PRE_PATTERNS,
                error=bounded(error),
            ) from error
        except StoppedError as error:
            raise FormatError(
                "{pre_patterns} was stopped over this text: {error}.",
                pre_patterns=PRE_PATTERNS,
                error=error,
            ) from error
        return [text[start:end] for start, end in pairwise([0, *ends])]
