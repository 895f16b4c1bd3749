"""A model's text on a terminal as it comes: words are wrapped whole, and Markdown's headings,
lists, bold and code look like what they are.

A word is shown when it is whole, so a line that stands never moves. Nothing is left out but the
marks that became a look; what is no mark (2 * 3, snake_case) stays as it was written.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

WIDEST = 100  # columns; longer lines are hard to read
NARROWEST = 20  # below it the terminal wraps as it likes
BOLD, FAINT, ITALIC, CODE = "1", "2", "3", "36"
PUNCTUATION = set("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~")
MARKS = "*_`\\"
# Where text without spaces must not be parted: before what closes, behind what opens.
NO_START = set("、。，．・：；？！）］｝〉》」』】〕ー々,.!?:;)]}»%" + MARKS)
NO_END = set("（［｛〈《「『【〔([{«" + MARKS)


@dataclass
class Look:
    """What the letters at hand look like; `code` is the number of backticks that close it."""

    bold: bool = False
    italic: bool = False
    heading: bool = False
    code: int = 0

    def codes(self, base: str, code: str) -> str:
        """The numbers of a terminal's sequence, "" where there is nothing to say."""
        bold = BOLD if self.bold or self.heading else ""
        parts = (base, bold, ITALIC if self.italic else "", code if self.code else "")
        return ";".join(part for part in parts if part)


@dataclass
class Flow:
    """Lays out what is pushed. `columns` is asked for each word, as windows change their size;
    `base` is the look of everything, such as FAINT, `code` that of code: without one its backticks
    stay; `plain`: no looks, no wrapping."""

    write: Callable[[str], None]
    columns: Callable[[], int]
    width_of: Callable[[str], int] = len  # columns of a text
    base: str = ""
    code: str = CODE
    plain: bool = False

    _word: str = ""
    _gap: str = ""  # spaces before it
    _column: int = 0
    _long: bool = False  # the word at hand did not fit into a line: it goes on where it is
    _hang: str = ""  # what lines that go on begin with
    _begins: bool = True  # nothing of this line was shown
    _verbatim: str | None = None  # how the rest of the line looks, which is shown as it comes
    _fence: str = ""  # what closes the block of code at hand
    _fence_begins: str = ""  # the same, while the line that opens it is being shown
    _told: list[tuple[str, str]] = field(default_factory=list)  # pieces and their looks
    _look: Look = field(default_factory=Look)

    def push(self, text: str) -> None:
        """More text. It is fit to be shown already: nothing in it acts on a terminal."""
        if self.plain:
            self._tell(text)
            self._flush()
            return
        for letter in text:
            self._letter(letter)
        self._flush()

    def end(self) -> None:
        """Show what was held, and end the line."""
        if self._fence:
            self._tell(self._word, self._coded)
            self._word = ""
        self._end_word()
        if self._column:
            self._new_line()
        self._hang = self._gap = self._fence = self._fence_begins = ""
        self._begins, self._long, self._verbatim, self._look = True, False, None, Look()
        self._flush()

    # Letters

    def _letter(self, letter: str) -> None:
        if self._fence:
            self._of_code(letter)
        elif letter == "\n":
            self._end_line()
        elif self._verbatim is not None:
            self._tell(letter, self._verbatim)
        elif letter in " \t":
            self._end_word()
            self._gap += " " if letter == " " else "    "
        else:
            if self._word and self._may_part(self._word[-1], letter):
                self._end_word()
            self._word += letter
            if self._begins and self._word == "|":
                self._as_it_is(self.base)  # a row of a table: its columns are not ours to move
            elif len(self._word) >= self._room and self.width_of(self._word) >= self._room:
                self._show_word(long=True)

    def _may_part(self, last: str, letter: str) -> bool:
        """Whether a line may end between two letters without a space: beside wide ones."""
        wide = self.width_of(last) == 2 or self.width_of(letter) == 2
        return wide and letter not in NO_START and last not in NO_END

    def _of_code(self, letter: str) -> None:
        """In a block of code: lines as they are, until one closes it."""
        held = self._begins  # it may become the line that closes the block
        if letter == "\n":
            closes = held and self._word.strip().startswith(self._fence)
            self._tell(self._word, self._faint if closes else self._coded)
            if closes:
                self._fence = ""
            self._word = ""
            self._new_line()
            self._begins = True
            return
        self._word += letter
        if held and not _may_close(self._word, self._fence):
            self._begins = False
        if not self._begins:
            self._tell(self._word, self._coded)
            self._word = ""

    # Words

    def _end_word(self) -> None:
        if self._word:
            if self._begins and self._opens_line():
                self._word = ""
            else:
                self._show_word()
        self._long = False

    def _opens_line(self) -> bool:
        """Whether the word is a mark at the beginning of a line, which then needs no more."""
        word, indent = self._word, self._gap
        fence = word[:3]
        if fence in ("```", "~~~") and "`" not in word.lstrip(fence[0]):
            self._fence_begins = word[: len(word) - len(word.lstrip(fence[0]))]
            self._as_it_is(self._faint)
            return True
        if 0 < len(word) <= 6 and word == "#" * len(word):
            self._look, self._gap = Look(heading=True), ""
            return True
        if word in ("-", "*", "+"):
            self._mark_line(indent, "•")
            return True
        if word[:-1].isdecimal() and word[-1] in ".)" and len(word) <= 5:
            self._mark_line(indent, word)
            return True
        if word == ">":
            self._mark_line(indent, "│", self._faint)
            self._hang = indent + "│ "
            return True
        if not indent:
            self._hang = ""
        return False

    def _mark_line(self, indent: str, mark: str, look: str = "") -> None:
        indent = indent[: self._room // 2]
        self._tell(indent)
        self._tell(mark, look or self.base)
        self._hang = " " * (len(indent) + len(mark) + 1)
        self._gap, self._begins = "", False

    def _as_it_is(self, look: str) -> None:
        """The rest of the line is shown as it comes."""
        self._tell(self._gap + self._word, look)
        self._word = self._gap = ""
        self._verbatim, self._begins = look, False

    def _show_word(self, *, long: bool = False) -> None:
        pieces = self._pieces(self._word)
        width = sum(self.width_of(text) for text, _ in pieces)
        heads = self._look.heading and not self._column  # its mark is gone, and the space with it
        gap = "" if heads else " " * bool(self._gap) if self._hangs else self._gap
        if not self._long:
            if self._column and self._column + len(gap) + width > self._room:
                self._new_line()
                self._tell(self._hang, self._faint if "│" in self._hang else "")
            else:
                self._tell(gap[: self._room // 2])
        for text, look in pieces:
            self._tell(text, look)
        if long:
            self._column %= max(1, self.columns())
        self._word, self._gap, self._begins, self._long = "", "", False, long

    @property
    def _hangs(self) -> bool:
        """Whether the mark of a list or a quote was shown, and nothing behind it."""
        return not self._begins and self._column > 0 and self._column < len(self._hang)

    def _end_line(self) -> None:
        blank = self._begins and not self._word
        self._end_word()
        if self._fence_begins:
            self._fence, self._fence_begins = self._fence_begins, ""
        self._new_line()
        self._begins, self._verbatim, self._gap = True, None, ""
        if blank or self._look.heading or self._fence:
            self._look, self._hang = Look(), ""

    def _pieces(self, word: str) -> list[tuple[str, str]]:
        """The word without its marks, in pieces of one look each."""
        pieces = list[tuple[str, str]]()
        i = 0
        while i < len(word):
            letter, run = word[i], _run(word, i)
            marks = run if letter in "*_`" else 1
            if self._turns(word, i, run):
                i += marks
                continue
            if letter == "\\" and not self._look.code and word[i + 1 : i + 2] in PUNCTUATION:
                i += 1
                letter = word[i]
            text = word[i : i + marks] if marks > 1 else letter
            pieces.append((text, self._look.codes(self.base, self.code)))
            i += marks
        return _joined(pieces)

    def _turns(self, word: str, i: int, run: int) -> bool:
        """Whether so many marks change the look; it is changed then."""
        look, mark = self._look, word[i]
        if mark == "`":
            if look.code not in (0, run):
                return False
            look.code = 0 if look.code else run
            return bool(self.code)
        if mark not in "*_" or look.code or run > 3:
            return False
        before, after = word[i - 1 : i] if i else "", word[i + run : i + run + 1]
        bold, italic = run > 1, run != 2
        inner = before.isalnum() and after.isalnum() and (mark == "_" or run == 1)
        if inner:
            return False
        closes = bool(before) and (look.bold or not bold) and (look.italic or not italic)
        opens = bool(after) and not (look.bold and bold) and not (look.italic and italic)
        if not (closes or opens):
            return False
        look.bold = look.bold if not bold else not closes
        look.italic = look.italic if not italic else not closes
        return True

    # The terminal

    @property
    def _room(self) -> int:
        """Columns of a line. One less than there are: not every terminal waits with its turn."""
        columns = self.columns() - 1
        return min(columns, WIDEST) if columns >= NARROWEST else 1 << 30

    @property
    def _faint(self) -> str:
        return ";".join(part for part in (FAINT, self.base) if part and part != FAINT) or FAINT

    @property
    def _coded(self) -> str:
        return ";".join(part for part in (self.base, self.code) if part)

    def _tell(self, text: str, look: str = "") -> None:
        if text:
            self._told.append((text, look))
            self._column = 0 if text.endswith("\n") else self._column + self.width_of(text)

    def _new_line(self) -> None:
        self._tell("\n")

    def _flush(self) -> None:
        """Everything at once: a terminal draws what came together together."""
        told = _joined(self._told)
        self._told.clear()
        if told:
            self.write(
                "".join(f"\x1b[{look}m{text}\x1b[0m" if look else text for text, look in told)
            )


def _run(word: str, i: int) -> int:
    """How often its letter stands there in a row."""
    return len(word) - i - len(word[i:].lstrip(word[i]))


def _may_close(line: str, fence: str) -> bool:
    """Whether the beginning of a line may become the end of the block of code."""
    marks = line.strip()
    return not marks or (marks == fence[0] * len(marks) and len(line) < len(fence) + 40)


def _joined(pieces: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Neighbours of one look as one."""
    joined = list[tuple[str, str]]()
    for text, look in pieces:
        if joined and joined[-1][1] == look:
            joined[-1] = (joined[-1][0] + text, look)
        else:
            joined.append((text, look))
    return joined
