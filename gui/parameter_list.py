"""Every sampling value in plain words: a table, nothing else. Fields are SamplingParams' names.
And the words for what is chosen in more than one place."""

from dataclasses import dataclass

from engine.api import WhenFull
from gui.language import marked

THINKING: tuple[tuple[bool | None, str], ...] = (
    (None, marked("Auto")),
    (True, marked("On")),
    (False, marked("Off")),
)
WHEN_FULL: tuple[tuple[WhenFull, str], ...] = (
    ("stop", marked("Stop and ask")),
    ("roll", marked("Leave the oldest messages out")),
    ("ends", marked("Keep the beginning and the end")),
)


@dataclass(frozen=True)
class Parameter:
    """One value: how it is called, what it does, and the range its slider spans."""

    field: str
    name: str
    help: str
    low: float
    high: float
    step: float
    decimals: int


@dataclass(frozen=True)
class Group:
    """Values that belong together; `open` groups are unfolded at first sight."""

    name: str
    open: bool
    parameters: tuple[Parameter, ...]


P = Parameter
GROUPS = (
    Group(
        marked("Creativity"),
        True,
        (
            P(
                "temperature",
                marked("Temperature"),
                marked(
                    "Low keeps to the likeliest words, high brings more "
                    "surprising ones. 0 always takes the likeliest."
                ),
                0,
                2,
                0.05,
                2,
            ),
            P(
                "top_k",
                marked("Top K"),
                marked("Only the K likeliest words may come next. 0 turns it off."),
                0,
                200,
                1,
                0,
            ),
            P(
                "top_p",
                marked("Top P"),
                marked(
                    "Only the likeliest words that together reach this share may come "
                    "next. 1 turns it off."
                ),
                0,
                1,
                0.01,
                2,
            ),
            P(
                "min_p",
                marked("Min P"),
                marked(
                    "Words less likely than this share of the likeliest one are left "
                    "out. 0 turns it off."
                ),
                0,
                1,
                0.01,
                2,
            ),
        ),
    ),
    Group(
        marked("Repetition"),
        True,
        (
            P(
                "repeat_penalty",
                marked("Repeat penalty"),
                marked("Makes words that were just used less likely. 1 turns it off."),
                1,
                2,
                0.01,
                2,
            ),
            P(
                "repeat_last_n",
                marked("Looks back"),
                marked(
                    "How many of the last tokens count as just used. "
                    "0 turns it off, −1 takes the whole conversation."
                ),
                0,
                512,
                1,
                0,
            ),
            P(
                "presence_penalty",
                marked("Presence penalty"),
                marked("The same small malus for every word that has appeared. 0 turns it off."),
                0,
                2,
                0.05,
                2,
            ),
            P(
                "frequency_penalty",
                marked("Frequency penalty"),
                marked("A malus that grows each time a word appears. 0 turns it off."),
                0,
                2,
                0.05,
                2,
            ),
        ),
    ),
    Group(
        marked("Repeated phrases (DRY)"),
        False,
        (
            P(
                "dry_multiplier",
                marked("Strength"),
                marked("Works against repeating whole phrases. 0 turns it off."),
                0,
                4,
                0.05,
                2,
            ),
            P(
                "dry_base",
                marked("Growth"),
                marked("How fast the malus grows with the length of the phrase."),
                1,
                4,
                0.05,
                2,
            ),
            P(
                "dry_allowed_length",
                marked("Allowed length"),
                marked("Phrases up to this many tokens may repeat."),
                1,
                20,
                1,
                0,
            ),
            P(
                "dry_penalty_last_n",
                marked("Looks back"),
                marked(
                    "How many of the last tokens are searched. −1 takes the whole conversation."
                ),
                0,
                4096,
                16,
                0,
            ),
        ),
    ),
    Group(
        marked("Finer choices"),
        False,
        (
            P(
                "typical_p",
                marked("Typical P"),
                marked("Keeps words that are about as surprising as expected. 1 turns it off."),
                0,
                1,
                0.01,
                2,
            ),
            P(
                "top_n_sigma",
                marked("Top n sigma"),
                marked(
                    "Keeps words within this many standard deviations of "
                    "the best. Below 0 turns it off."
                ),
                -1,
                5,
                0.1,
                1,
            ),
            P(
                "xtc_probability",
                marked("XTC chance"),
                marked(
                    "How often the most obvious words are left out, "
                    "for more lively text. 0 turns it off."
                ),
                0,
                1,
                0.01,
                2,
            ),
            P(
                "xtc_threshold",
                marked("XTC threshold"),
                marked("Only words at least this likely count as obvious."),
                0,
                0.5,
                0.01,
                2,
            ),
            P(
                "dynatemp_range",
                marked("Temperature range"),
                marked(
                    "Lets the temperature move up and down by "
                    "this much with the model's certainty. 0 turns it off."
                ),
                0,
                2,
                0.05,
                2,
            ),
            P(
                "dynatemp_exponent",
                marked("Temperature exponent"),
                marked("How the temperature follows the certainty."),
                0.1,
                4,
                0.1,
                1,
            ),
        ),
    ),
    Group(
        marked("Mirostat"),
        False,
        (
            P(
                "mirostat",
                marked("Version"),
                marked(
                    "Steers the text to an even degree of surprise instead of "
                    "Top K, Top P and the like. 0 is off; 1 or 2."
                ),
                0,
                2,
                1,
                0,
            ),
            P(
                "mirostat_tau",
                marked("Surprise aimed at"),
                marked("Lower is more focused, higher more varied."),
                0,
                10,
                0.1,
                1,
            ),
            P(
                "mirostat_eta",
                marked("Speed"),
                marked("How fast it corrects itself."),
                0,
                1,
                0.01,
                2,
            ),
        ),
    ),
    Group(
        marked("Adaptive P"),
        False,
        (
            P(
                "adaptive_target",
                marked("Likelihood aimed at"),
                marked(
                    "Prefers words about this likely, over obvious and over odd ones. -1 turns it "
                    "off."
                ),
                -1,
                1,
                0.05,
                2,
            ),
            P(
                "adaptive_decay",
                marked("Memory"),
                marked("How long it evens out what it took before. 0.9 is about ten words."),
                0,
                0.99,
                0.01,
                2,
            ),
        ),
    ),
)
