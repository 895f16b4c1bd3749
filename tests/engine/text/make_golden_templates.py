"""Writes golden/templates.json.gz: what transformers makes of the chat templates of the field.

    PYTHONPATH=tests:. python tests/engine/text/make_golden_templates.py

needs transformers (5.24 was used) and the shared test data. A text is None where the template
refuses. Today is DATE in all of them.
"""

import datetime
import gzip
import json
import os
from pathlib import Path
from typing import Any

from helpers.conversations import CONVERSATIONS, ODD, Message
from transformers.utils import chat_template_utils as utils

ROOT = Path(__file__).resolve().parents[3]
DATA = Path(os.environ.get("CHASKI_TEST_DATA", ROOT.parent / "shared" / "data"))
OUT = Path(__file__).with_name("golden") / "templates.json.gz"
DATE = datetime.datetime(2031, 2, 4)
TOKENS = {"bos_token": "<s>", "eos_token": "</s>", "unk_token": "<unk>", "pad_token": ""}
# Switches of thinking that are not called enable_thinking.
OTHERS: dict[str, dict[str, dict[str, Any]]] = {
    "Cohere2MoE": {"silent": {"reasoning_effort": "none"}},
    "tencent-Hy3": {
        "thinking": {"reasoning_effort": "high"},
        "silent": {"reasoning_effort": "no_think"},
    },
}
# Those for which a word in the system message is one.
BY_WORD = ("NVIDIA-Nemotron-Nano-v2",)
WORDS = {"thinking": "/think", "silent": "/no_think"}


class Clock(datetime.datetime):
    @classmethod
    def now(cls, tz: Any = None) -> datetime.datetime:
        return DATE


def rendered(source: str, messages: list[Message], told: dict[str, Any]) -> str | None:
    told = {"add_generation_prompt": True, **TOKENS, "date_string": f"{DATE:%d %b %Y}", **told}
    if "enable_thinking" in told:
        told["thinking"] = told["enable_thinking"]
    try:
        texts, _ = utils.render_jinja_template([messages], chat_template=source, **told)
    except Exception:  # whatever a template raises
        return None
    return texts[0]


def case(name: str, source: str, which: str) -> str | None:
    messages, told = (CONVERSATIONS | ODD)[which]
    if name in BY_WORD and which in WORDS:
        first = messages[0]
        messages = [{**first, "content": f"{first['content']} {WORDS[which]}"}, *messages[1:]]
    return rendered(source, messages, told | OTHERS.get(name, {}).get(which, {}))


def main() -> None:
    utils.datetime = Clock
    found = {
        path.stem: {
            which: case(path.stem, path.read_text("utf-8"), which) for which in CONVERSATIONS | ODD
        }
        for path in sorted((DATA / "templates").glob("*.jinja"))
    }
    data = json.dumps(found, ensure_ascii=False, indent=0).encode()
    OUT.write_bytes(gzip.compress(data, mtime=0))
    print(len(found), "templates,", len(data), "bytes,", OUT.stat().st_size, "compressed")


if __name__ == "__main__":
    main()
