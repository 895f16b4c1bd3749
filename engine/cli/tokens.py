"""`chaski tokenize`, `detokenize` and `render`: text and tokens, without opening the weights."""

import argparse
import json
from typing import TYPE_CHECKING, Any

from engine.base.errors import ChaskiError
from engine.cli.console import Console
from engine.cli.flags import Subparsers, add_verb, check_ids, read_text, token_ids
from engine.cli.opening import opened_words

if TYPE_CHECKING:
    from engine.text.tokenizer import Tokenizer


def add(subparsers: Subparsers) -> None:
    _add_tokenize(subparsers)
    parser = add_verb(subparsers, "detokenize", "the text of token ids", detokenize)
    parser.add_argument("ids", type=token_ids, metavar="1,2,3")
    parser = add_verb(subparsers, "render", "what the chat template makes of messages", render)
    parser.add_argument("--messages", required=True, metavar="F.json", help="a list of messages")
    parser.add_argument("--tools", metavar="F.json", help="a list of tools")
    parser.add_argument("--no-generation-prompt", action="store_true")
    thinking = parser.add_mutually_exclusive_group()
    thinking.add_argument("--thinking", action="store_true", default=None)
    thinking.add_argument("--no-thinking", action="store_false", dest="thinking")


def _add_tokenize(subparsers: Subparsers) -> None:
    parser = add_verb(subparsers, "tokenize", "the tokens of a text", tokenize)
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument("text", nargs="?", metavar="TEXT")
    source.add_argument("-f", "--file", metavar="F", help="a UTF-8 text file, - for stdin")
    parser.add_argument("--no-special", action="store_true", help="no BOS or EOS")
    parser.add_argument(
        "--parse-special", action="store_true", help="text that spells a special token is one"
    )


def tokenize(args: argparse.Namespace, console: Console) -> int:
    text = args.text if args.file is None else read_text(args.file)
    with opened_words(args) as file:
        tokenizer = _tokenizer(file.metadata, console)
        ids = tokenizer.encode(
            text, add_special=not args.no_special, parse_special=args.parse_special
        )
        pieces = [tokenizer.text_of(token) for token in ids]
    table = "\n".join(f"{token:8d}  {piece!r}" for token, piece in zip(ids, pieces, strict=True))
    console.result({"ids": ids, "pieces": pieces}, table)
    return 0


def detokenize(args: argparse.Namespace, console: Console) -> int:
    with opened_words(args) as file:
        tokenizer = _tokenizer(file.metadata, console)
        check_ids(args.ids, tokenizer.n_vocab)
        text = tokenizer.decode(args.ids)
    console.result({"text": text}, text)
    return 0


def render(args: argparse.Namespace, console: Console) -> int:
    from engine.architectures.shared.find import usual_template
    from engine.text.template import make_template

    messages = _list_of_objects(args.messages)
    tools = _list_of_objects(args.tools) if args.tools else None
    with opened_words(args) as file:
        tokenizer = _tokenizer(file.metadata, console)
        usual = usual_template(file.get_str("general.architecture", ""))
        template = make_template(file.metadata, tokenizer.vocabulary, usual)
        prompt = template.render(
            messages,
            tools=tools,
            add_generation_prompt=not args.no_generation_prompt,
            enable_thinking=args.thinking,
        )
        ids = tokenizer.encode_prompt(prompt)
    if template.notice:
        console.note(template.notice)
    console.result({"text": prompt.text, "ids": ids}, prompt.text)
    return 0


def _tokenizer(metadata: Any, console: Console) -> "Tokenizer":
    from engine.text.tokenizer import make_tokenizer

    found = make_tokenizer(metadata)
    if found.notice:
        console.note(found.notice)
    return found


def _list_of_objects(path: str) -> list[dict[str, Any]]:
    """A JSON file that must hold a list of objects."""
    try:
        value = json.loads(read_text(path).removeprefix("\ufeff"))
    except (ValueError, RecursionError) as error:
        raise ChaskiError("{file} is not JSON: {error}", file=path, error=error) from None
    if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
        raise ChaskiError("{file} must hold a JSON list of objects", file=path)
    return value
