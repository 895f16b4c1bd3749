"""The guide's tokenizer: byte-level BPE over its own questions and answers, and its chat template.

Cuts text as Qwen2 does, an expression that the converter knows by name. No normalization.
"""

import argparse
import json
from collections.abc import Iterator
from pathlib import Path
from random import Random

from dialogues import FACTS, Message, Writer
from tokenizers import Regex, Tokenizer, decoders, models, pre_tokenizers, trainers

VOCABULARY = 4096
LONGEST = 12  # bytes; a longer token would be a whole Japanese phrase
END_OF_TEXT, START, END = SPECIAL = ("<|endoftext|>", "<|im_start|>", "<|im_end|>")
WORDS = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*"
    r"|\s*[\r\n]+|\s+(?!\S)|\s+"
)
TEMPLATE = (
    "{% for message in messages %}"
    "{{ '<|im_start|>' + message['role'] + '\\n' + message['content'] + '<|im_end|>\\n' }}"
    "{% endfor %}"
    "{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}"
)


def rendered(messages: list[Message]) -> str:
    """What the chat template makes of a conversation."""
    return "".join(f"{START}{m.role}\n{m.content}{END}\n" for m in messages)


def untrained(model: models.BPE) -> Tokenizer:
    """A tokenizer of this kind around a model of tokens and merges."""
    tokenizer = Tokenizer(model)
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(WORDS), "isolated"),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
        ]
    )
    tokenizer.decoder = decoders.ByteLevel()
    return tokenizer


def train_tokenizer(texts: Iterator[str]) -> Tokenizer:
    tokenizer = untrained(models.BPE())
    trainer = trainers.BpeTrainer(
        vocab_size=VOCABULARY,
        special_tokens=list(SPECIAL),
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        max_token_length=LONGEST,
        show_progress=False,
    )
    tokenizer.train_from_iterator(texts, trainer)
    if tokenizer.get_vocab_size() != VOCABULARY:
        raise ValueError(f"the texts give only {tokenizer.get_vocab_size()} tokens")
    return tokenizer


def sample_texts(writer: Writer, characters: int, seed: int) -> Iterator[str]:
    """As much of each language; every answer three times, since answers are what is written."""
    yield from ("user", "assistant", "system") * 1000  # they stand in every turn: a token each
    for code, grammar in writer.grammars.items():
        rng = Random(f"{seed} {code}")
        subjects = [*grammar.topics.values(), *grammar.groups.values()]
        answers = {text for topic in subjects for text in (*topic.answers, *topic.more)}
        stories = {grammar.tell_story(rng) for _ in range(60)}
        # A Japanese character says more than a letter and takes three bytes.
        left = characters // (1 if grammar.spaced else 2)
        for text in sorted(answers) * 3 + sorted(stories):
            left -= len(text)
            yield text
        names, seen, least = list(grammar.topics) + ["offtopic"] * 6, set(), left - characters // 3
        tries = 0
        while left > min(0, least) and tries < 20_000:
            text = writer.noise[code].question(grammar.sample(rng, rng.choice(names)), rng)
            tries += 1
            if text not in seen:
                seen.add(text)
                left -= len(text)
                yield text


def tokenizer_config() -> dict[str, object]:
    """tokenizer_config.json: what ends a turn, and the template."""
    return {
        "tokenizer_class": "PreTrainedTokenizerFast",
        "bos_token": None,
        "eos_token": END,
        "pad_token": END_OF_TEXT,
        "add_bos_token": False,
        "add_eos_token": False,
        "chat_template": TEMPLATE,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path, help="the model folder")
    parser.add_argument("--facts", type=Path, default=FACTS)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--characters", type=int, default=400_000, help="of each language")
    args = parser.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    writer = Writer.load(args.facts, args.seed)
    tokenizer = train_tokenizer(sample_texts(writer, args.characters, args.seed))
    tokenizer.save(str(args.out / "tokenizer.json"))
    config = json.dumps(tokenizer_config(), indent=2, ensure_ascii=False)
    (args.out / "tokenizer_config.json").write_text(config + "\n", encoding="utf-8")
    print(f"{tokenizer.get_vocab_size()} tokens in {args.out / 'tokenizer.json'}")


if __name__ == "__main__":
    main()
