"""`chaski chat` with a person: a real program behind a pseudo-terminal, with a tiny model."""

import json
import os
import re
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from helpers.patience import WAIT
from helpers.tiny_models import write_tiny_llama

from engine.base.conversation import Turn
from engine.base.errors import ChaskiError
from engine.base.events import TextDelta
from engine.base.paths import Paths
from engine.cli.talk import Growing
from engine.cli.telling import Teller
from engine.library.chats import ChatStore

pty = pytest.importorskip("pty", reason="there are no pseudo-terminals here")

PROGRAM = [sys.executable, "-c", "import sys; from engine.cli import main; sys.exit(main())"]
LOOKS = re.compile(r"\x1b\[[0-9;?]*[a-zA-Z]|\x1b[=>]")
READY, SENT = "\N{WHITE FLAG}", "\N{BLACK FLAG}"  # the editor turns pasting in brackets on and off
ENTER, ALT_ENTER, UP, CTRL_C, CTRL_D = "\r", "\x1b\r", "\x1b[A", "\x03", "\x04"


class Person:
    """At a terminal of 60 columns."""

    def __init__(self, arguments: list[str], home: Path) -> None:
        import fcntl
        import struct
        import termios

        self._ours, theirs = pty.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 60, 0, 0))
        surroundings = {
            **os.environ,
            "CHASKI_HOME": str(home),
            "TERM": "xterm-256color",
            "PROMPT_TOOLKIT_NO_CPR": "1",
        }
        surroundings.pop("NO_COLOR", None)
        self.child = subprocess.Popen(
            [*PROGRAM, *arguments],
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            env=surroundings,
            start_new_session=True,
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),
        )
        os.close(theirs)
        self._raw, self.seen = b"", ""
        self._from = 0

    def types(self, keys: str) -> None:
        os.write(self._ours, keys.encode())

    def says(self, text: str) -> str:
        """Types it and Enter; answers what stands there until one may write again."""
        self.types(text + ENTER)
        self.waits_for(SENT)
        return self.may_write()

    def may_write(self) -> str:
        return self.waits_for(READY)[: -len(READY)].strip()

    def waits_for(self, words: str, seconds: float = WAIT) -> str:
        """Answers what came since the last time, as a person sees it."""
        end = time.monotonic() + seconds
        while (at := self.seen.find(words, self._from)) < 0:
            assert time.monotonic() < end, f"no {words!r} in {self.seen[self._from :]!r}"
            self._read()
        began, self._from = self._from, at + len(words)
        return self.seen[began : self._from]

    def leaves(self) -> int:
        end = time.monotonic() + WAIT
        while self.child.poll() is None and time.monotonic() < end:
            self._read()
        return self.child.wait(WAIT)

    def _read(self) -> None:
        if not select.select([self._ours], [], [], 0.1)[0]:
            return
        try:
            came = os.read(self._ours, 1 << 16)
        except OSError:  # the other end is closed
            return
        self._raw += came
        text = self._raw.decode("utf-8", "replace").replace("\r", "")
        text = text.replace("\x1b[?2004h", READY).replace("\x1b[?2004l", SENT)
        self.seen = LOOKS.sub("", text)

    def close(self) -> None:
        if self.child.poll() is None:
            self.child.send_signal(signal.SIGKILL)
        self.child.wait()
        os.close(self._ours)


@pytest.fixture
def talk(tmp_path: Path) -> Iterator[Callable[..., Person]]:
    model = write_tiny_llama(tmp_path / "tiny.gguf", n_ctx=512)
    people = list[Person]()

    def begin(n: int = 30) -> Person:
        flags = ["-n", str(n), "--ignore-eos", "--seed", "1", "--backend", "reference", "-t", "1"]
        people.append(Person(["chat", str(model), *flags], tmp_path))
        people[-1].may_write()
        return people[-1]

    yield begin
    for person in people:
        person.close()


def test_a_conversation(talk: Callable[..., Person]) -> None:
    person = talk()
    first = person.says("hello")
    assert re.search(r"\n\[length limit, 30 tokens, [\d.,]+ tok/s, context \d+/512\]$", first)
    assert max(map(len, first.splitlines()[1:])) < 70
    assert "there is no command /agian" in person.says("/agian")
    assert "instructions: Be short" in person.says("/system Be short")
    assert "it is not known how this model" in person.says("/think 300")
    assert "thinking: off" in person.says("/think 0")
    assert "thinking: as the model usually does" in person.says("/think auto")
    again = person.says("/again")
    assert "30 tokens" in again
    assert "taken back" in person.says("/undo")
    person.types(CTRL_C)  # the question that came back
    assert "nothing was asked yet" in person.says("/again")
    person.types(CTRL_D)
    assert person.leaves() == 0


def test_several_lines_and_what_was_typed_before(
    talk: Callable[..., Person], tmp_path: Path
) -> None:
    person = talk(3)
    person.says(f"one\\{ENTER}two{ALT_ENTER}three")
    pasted = "\x1b[200~four\nfive\x1b[201~"
    person.says(pasted)
    typed = ["one\ntwo\nthree", "four\nfive"]
    kept = tmp_path / "data" / "typed.json"
    assert json.loads(kept.read_text()) == typed
    assert kept.stat().st_mode & 0o077 == 0, "nobody else's business, as the chats"
    person.types(CTRL_D)
    assert person.leaves() == 0
    later = talk(3)
    later.types(UP)
    later.waits_for("five")
    later.says(" and six")
    assert json.loads((tmp_path / "data" / "typed.json").read_text())[-1] == "four\nfive and six"


def test_ctrl_c_stops_an_answer_and_twice_leaves(talk: Callable[..., Person]) -> None:
    person = talk(400)
    person.types("tell me" + ENTER)
    person.waits_for(SENT)
    person.waits_for("/")  # the prompt is being read
    person.types(CTRL_C)
    stopped = person.may_write()
    assert "[stopped, " in stopped or "[length limit" in stopped
    person.types("half a word" + CTRL_C + CTRL_C)
    assert "Ctrl+C again" in person.may_write()
    person.types(CTRL_C)
    assert person.leaves() == 130


def test_a_file_goes_with_the_next_message(talk: Callable[..., Person], tmp_path: Path) -> None:
    (tmp_path / "my notes.txt").write_text("little girl\n" * 9)
    person = talk(3)
    assert "none.txt" in person.says(f"/file {tmp_path}/none.txt")
    told = person.says(f"/file '{tmp_path}/my notes.txt'")
    n_tokens = int(re.search(r"my notes.txt goes with your next message: (\d+) tokens", told)[1])
    assert n_tokens > 18
    first = int(re.search(r"context (\d+)/", person.says("what?"))[1])
    assert first > n_tokens
    person.says("/undo")
    person.types(CTRL_C)
    person.says("/new")
    assert int(re.search(r"context (\d+)/", person.says("what?"))[1]) < n_tokens


def test_another_model_goes_on(talk: Callable[..., Person], tmp_path: Path) -> None:
    other = write_tiny_llama(
        tmp_path / "other.gguf", n_ctx=256, extra_metadata={"general.name": "other"}
    )
    person = talk(3)
    person.says("hello")
    assert "tiny is the model at hand" in person.says("/model")
    assert "error: " in person.says("/model nothing-of-that-name")
    assert "other goes on from here" in person.says(f"/model {other}")
    assert "/256]" in person.says("/again")
    (tmp_path / "broken.gguf").write_bytes(b"GGUF, but not really" * 9)
    assert "error: " in person.says(f"/model {tmp_path / 'broken.gguf'}")
    assert "/256]" in person.says("and now")


def test_chats_are_kept_and_gone_on_with(talk: Callable[..., Person], tmp_path: Path) -> None:
    person = talk(3)
    assert "nothing to save" in person.says("/save")
    person.says("hello there")
    assert "kept as “hello there”" in person.says("/save")
    person.says("/again")
    person.says("and then")
    person.types(CTRL_D)
    assert person.leaves() == 0
    store = ChatStore(Paths.under(tmp_path))
    (head,) = store.list()
    first = store.read(head.id)
    store.close()
    path = first.tree.path()
    assert [turn.text for turn in path if turn.role == "user"] == ["hello there", "and then"]
    assert len(first.tree.variants(path[1])) == 2
    assert first.model == "tiny"
    later = talk(3)
    assert "hello there" in later.says("/load")
    assert "no chat has the words" in later.says("/load zebra")
    assert "no chat has the words" in later.says("/load " + "9" * 5000)
    told = later.says("/load HELLO")
    assert "> and then" in told
    assert "“hello there”, 4 messages" in told
    later.says("more")
    later.types(CTRL_D)
    assert later.leaves() == 0
    store = ChatStore(Paths.under(tmp_path))
    assert len(store.read(head.id).tree.path()) == 6
    assert [each.id for each in store.list()] == [head.id]
    store.close()


def test_what_was_shown_of_a_kept_chat_survives(
    talk: Callable[..., Person], tmp_path: Path
) -> None:
    person = talk(150)
    person.says("hello")
    person.says("/save")
    person.types("and then" + ENTER)
    person.waits_for(SENT)
    person.waits_for("/")  # it reads
    person.waits_for("\n")  # a line of the answer
    person.child.kill()
    person.child.wait()
    store = ChatStore(Paths.under(tmp_path))
    path = store.read(store.list()[0].id).tree.path()
    store.close()
    assert [turn.text for turn in path[::2]] == ["hello", "and then"]
    assert path[-1].role == "assistant"
    assert path[-1].text


def test_a_disk_that_is_full_ends_no_answer(capsys: pytest.CaptureFixture[str]) -> None:
    def refuse() -> None:
        raise ChaskiError("the disk is full")

    answer = Turn(2, "assistant", "")
    growing = Growing(answer, Teller(), refuse)
    for word in ("It ", "grows."):
        growing.due = 0
        growing(TextDelta("answer", word))
    assert answer.text == "It grows."
    assert capsys.readouterr().out == "It grows."


def test_only_a_person_pays_for_the_editor(tmp_path: Path) -> None:
    model = write_tiny_llama(tmp_path / "tiny.gguf", n_ctx=64)
    asks = (
        "import sys; from engine.cli import main; "
        f"code = main(['chat', {str(model)!r}, '-n', '2', '--backend', 'reference']); "
        "sys.exit(code or 9 * ('prompt_toolkit' in sys.modules))"
    )
    done = subprocess.run(
        [sys.executable, "-c", asks],
        input=b"hello\n",
        capture_output=True,
        env={**os.environ, "CHASKI_HOME": str(tmp_path)},
        timeout=WAIT,
    )
    assert done.returncode == 0
    assert not (tmp_path / "data" / "typed.json").exists()
