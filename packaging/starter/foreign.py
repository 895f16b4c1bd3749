"""Texts of another world, as people paste them: prose, other languages, code, logs, tables.

Nothing of them can be learned by heart, and that is the point: what is long and about nothing that
the guide knows gets the words for what it does not know, whatever single words stand in it.
"""

from collections.abc import Callable, Sequence
from random import Random

from phrases import Grammar

SHORTEST, LONGEST = 30, 2400  # bytes of a text
BRIEF = 8  # of the shortest question in a language that the guide does not speak
UNKNOWN = 1200  # of the longest text in letters that are no tokens: each of their bytes is one
# The commonest words of languages that it does not speak; the others are made up of syllables.
COMMON = {
    "German": "der die das und ist nicht ich du wir mit von auf für ein eine wie was wo warum kann "
    "hast heißt dein mein auch aber wenn dann noch schon sehr über unter nach bei zum zur dem den "
    "habe bin bitte danke guten Tag heute morgen gibt machen gehen wissen erkläre schreibe öffne",
    "Spanish": "el la los las de que y en un una es no por con para como cuál dónde qué quién cómo "
    "te llamas hola gracias puedo tengo muy pero más este esta hay hacer decir hoy mañana nuestro "
    "escribe explica abre cuando porque sobre entre hasta desde también sin ser estar",
    "Italian": "il la di che e un una non per con come dove cosa chi perché sono sei ciao grazie "
    "posso molto ma più questo questa oggi domani della nel alla anche quando stai bene scrivi",
    "Portuguese": "o a os as de que e em um uma não por com para como onde qual quem você obrigado "
    "posso muito mas mais este esta hoje amanhã também quando olá está são fazer escreva",
    "Dutch": "de het een en van ik je niet dat is op te met voor hoe wat waar wie kan hebben zijn "
    "maar ook nog naar over heet jouw mijn dank goed vandaag morgen schrijf",
    "Polish": "i w na nie to jest się z do że jak co gdzie kto dlaczego mam masz dziękuję proszę "
    "dzień dobry dziś jutro bardzo ale tak już tylko przez napisz",
    "Latin": "et in est non ad cum sed ut qui quae quod lorem ipsum dolor sit amet per ex nec aut",
}
LATIN = ("bcdfghjklmnprstvwz", "aeiouyäöüáéíóúãõøåęąı")
SCRIPTS = {  # letters from which words are made, as consonants and vowels or as they come
    "Cyrillic": ("бвгджзклмнпрстфхцчш", "аеиоуыэюяё"),
    "Greek": ("βγδζθκλμνξπρστφχψ", "αεηιουωάέή"),
    "Arabic": ("بتثجحخدذرزسشصضطعغفقكلمنهوي", "اويةى"),
    "Hebrew": ("אבגדהזחטיכלמנסעפצקרשת", "ויאה"),
    "Devanagari": ("कखगघचछजटडतथदधनपबभमयरलवशसह", "ािीुूेैोौ"),
}
RANGES = {"Han": (0x4E00, 0x8FFF), "Hangul": (0xAC00, 0xD7A3), "Thai": (0x0E01, 0x0E2E)}
KATAKANA = (
    "アイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモラリルレロワン"
    "ガギグゴザジズデドバビブベボパピプペポー"
)
ASKED = {
    "en": "Summarize this|Translate this|What does this mean|Correct this text|Explain this|"
    "Rewrite this|What is wrong here|Continue this text|Read this|Look at this|Is this good|"
    "What does the author want to say|Explain this code|Fix this|Make it shorter|What is this",
    "fr": "Résume ce texte|Traduis ceci|Qu'est-ce que cela veut dire|Corrige ce texte|"
    "Explique ceci|Réécris ceci|Continue ce texte|Lis ceci|Regarde|Explique ce code|"
    "Raccourcis ce texte|Que penses-tu de ce texte|Qu'est-ce que c'est",
    "ja": "要約してください|翻訳してください|これはどういう意味ですか|この文を直して|説明して|"
    "書き直して|続きを書いて|これを読んで|このコードを説明して|短くして|これは何ですか|どう思いますか",
}
CODE = (
    "def {a}({b}):\n    return {b} * {n}\n",
    "for (int {a} = 0; {a} < {n}; {a}++) {{ {b} += {a}; }}\n",
    "import {a}\nfrom {b} import {c}\n",
    "if {a} > {n}:\n    print({b!r})\nelse:\n    {c}()\n",
    "const {a} = ({b}) => {b}.{c}({n});\n",
    "SELECT {a}, {b} FROM {c} WHERE {a} = {n};\n",
    '  "{a}": {n},\n  "{b}": "{c}",\n',
    "<div class={a!r}><p>{b} {c}</p></div>\n",
    "2026-{n:02}-11 10:{n:02}:07 INFO {a}.{b}: {c} {n} ms\n",
    "Traceback (most recent call last):\n  File {a!r}, line {n}, in {b}\n",
    "| {a} | {b} | {n} |\n",
    "{a};{b};{n};{c}\n",
    "{a}.{b}.{c}/{a}/{n}?{b}={c}\n",
    "struct {a} {{ int {b}; char *{c}; }};\n",
    "{n} {a}, {n} g {b}, {c}\n",
)


def foreign(grammars: dict[str, Grammar], code: str, rng: Random) -> tuple[str, str]:
    """A text, and the language in which to answer: that of its words or of what is asked about it,
    English where it is none of the guide's."""
    kind = rng.random()
    if kind < 0.35:  # a language that it does not speak: short questions, too
        text = _prose(_words_of_others(rng), _length(rng, BRIEF, UNKNOWN), rng)
        asked = rng.random() < 0.2
        code = code if asked else "en"
    elif kind < 0.55:
        text, asked = _code(grammars[code], _length(rng, SHORTEST), rng), rng.random() < 0.6
        code = code if asked else "en"
    elif kind < 0.7:  # stories are nobody's question when they are pasted
        text, asked = _retold(grammars[code], _length(rng, 5 * SHORTEST), rng), rng.random() < 0.6
    else:  # its own language, of which it knows each word and not what they say together
        text = _prose(_words_of(grammars[code], rng), _length(rng, 5 * SHORTEST), rng, code)
        asked = rng.random() < 0.5
    return (_with_question(text, code, rng) if asked else text), code


def strange(question: str, code: str, things: Sequence[str], rng: Random) -> str:
    """A question about another world with words in it that nobody ever saw, in place of some of
    its `things`: what is named is unknown, and that is all there is to tell."""
    found = [each for each in set(things) if each in question]
    found.sort(key=lambda each: (-len(each), each))
    for each in found[: rng.choice((1, 1, 2, 3))]:
        question = question.replace(each, _unseen(code, rng))
    return question


def _unseen(code: str, rng: Random) -> str:
    if code != "ja":
        return _syllables(("bcdfghlmnprstv", "aeiou"), rng)()
    if rng.random() < 0.5:
        return "".join(rng.choices(KATAKANA, k=rng.randrange(2, 6)))
    first, last = RANGES["Han"]
    return "".join(chr(rng.randrange(first, last)) for _ in range(rng.randrange(1, 4)))


def _length(rng: Random, shortest: int, longest: int = LONGEST) -> int:
    """Bytes; as many texts between n and 2 n as between 2 n and 4 n."""
    return int(shortest * (longest / shortest) ** rng.random())


def _with_question(text: str, code: str, rng: Random) -> str:
    asked = rng.choice(ASKED[code].split("|"))
    gap = rng.choice(("\n", "\n\n", " "))
    if rng.random() < 0.75:
        return asked + rng.choice((":", "：" if code == "ja" else " :", "", ".", "?")) + gap + text
    return text + gap + asked + rng.choice(("", "?", "."))


def _retold(grammar: Grammar, n_bytes: int, rng: Random) -> str:
    """A piece of one story or of several, from any word on."""
    text = grammar.tell_story(rng)
    while len(text.encode()) < n_bytes:
        text += rng.choice((" ", "\n", "\n\n")) + grammar.tell_story(rng)
    first = rng.choice((0, rng.randrange(len(text) // 2)))
    return text[first:].encode()[:n_bytes].decode(errors="ignore")


def _prose(word: Callable[[], str], n_bytes: int, rng: Random, code: str = "") -> str:
    """Sentences of such words, in paragraphs now and then."""
    gap, marks = ("", "。。。、！") if code == "ja" else (" ", "...,,:;!?")
    parts: list[str] = []
    size = 0
    while size < n_bytes:
        sentence = gap.join(word() for _ in range(rng.randrange(3, 18)))
        mark = rng.choice(marks)
        if not parts or parts[-1][-1:] in ".!?\n":
            sentence = sentence[:1].upper() + sentence[1:]
        parts.append(sentence + mark + ("\n" if rng.random() < 0.08 else ""))
        size += len(parts[-1].encode())
    return gap.join(parts).strip()


def _words_of(grammar: Grammar, rng: Random) -> Callable[[], str]:
    """Words of the guide's own language: of what it knows and of what it does not, in any
    order."""
    names = [*rng.sample(list(grammar.topics), 6), *["offtopic"] * 6, "story"]
    texts = [grammar.sample(rng, name) for name in names for _ in range(4)]
    texts += [grammar.tell_story(rng)]
    if grammar.spaced:
        known = " ".join(texts).split()
    else:
        joined = "".join(texts)
        known = [joined[i : i + rng.randrange(2, 6)] for i in range(0, len(joined) - 6, 3)]
    made = _syllables(LATIN, rng)
    strange = rng.choice((0.0, 0.1, 0.3, 0.6))  # words that the guide has never seen

    def word() -> str:
        return made() if grammar.spaced and rng.random() < strange else rng.choice(known)

    return word


def _words_of_others(rng: Random) -> Callable[[], str]:
    kind = rng.random()
    if kind < 0.55:
        common, made = rng.choice(list(COMMON.values())).split(), _syllables(LATIN, rng)
        share = rng.choice((0.0, 0.3, 0.5, 0.8))
        return lambda: rng.choice(common) if rng.random() < share else made()
    if kind < 0.8:
        return _syllables(rng.choice(list(SCRIPTS.values())), rng)
    first, last = rng.choice(list(RANGES.values()))
    letters = [chr(rng.randrange(first, last)) for _ in range(rng.randrange(20, 200))]
    return lambda: "".join(rng.choices(letters, k=rng.randrange(1, 7)))


def _syllables(letters: tuple[str, str], rng: Random) -> Callable[[], str]:
    """Words of a language that was made up just now, the first of them the commonest."""
    heads, tails = (rng.sample(part, min(len(part), 9)) for part in letters)

    def syllable() -> str:
        return rng.choice(heads) + rng.choice(tails) + rng.choice(("", "", rng.choice(heads)))

    words = ["".join(syllable() for _ in range(rng.randrange(1, 4))) for _ in range(120)]
    return lambda: words[int(len(words) * rng.random() ** 2)]


def _code(grammar: Grammar, n_bytes: int, rng: Random) -> str:
    """Lines of code, of a log, of a table: of a few kinds in one text."""
    kinds = rng.sample(CODE, rng.randrange(1, 4))
    made, known = _syllables(("bcdfghklmnprstvx", "aeiou"), rng), grammar.sample(rng, "offtopic")
    names: Sequence[str] = [made() for _ in range(12)] + (known.split() if grammar.spaced else [])
    text = ""
    while len(text) < n_bytes:
        a, b, c = (rng.choice(names) for _ in range(3))
        text += rng.choice(kinds).format(a=a, b=b, c=c, n=rng.randrange(60))
    return text.strip()
