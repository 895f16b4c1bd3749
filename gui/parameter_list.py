"""Every sampling value in plain words: a table, nothing else. Fields are SamplingParams' names.
And the words for what is chosen in more than one place."""

from dataclasses import dataclass

from engine.api import WhenFull

THINKING: tuple[tuple[bool | None, str], ...] = ((None, "Auto"), (True, "On"), (False, "Off"))
WHEN_FULL: tuple[tuple[WhenFull, str], ...] = (
    ("stop", "Stop and ask"),
    ("roll", "Leave the oldest messages out"),
    ("ends", "Keep the beginning and the end"),
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
        "Creativity",
        True,
        (
            P(
                "temperature",
                "Temperature",
                "Low keeps to the likeliest words, high brings more "
                "surprising ones. 0 always takes the likeliest.",
                0,
                2,
                0.05,
                2,
            ),
            P(
                "top_k",
                "Top K",
                "Only the K likeliest words may come next. 0 turns it off.",
                0,
                200,
                1,
                0,
            ),
            P(
                "top_p",
                "Top P",
                "Only the likeliest words that together reach this share may come "
                "next. 1 turns it off.",
                0,
                1,
                0.01,
                2,
            ),
            P(
                "min_p",
                "Min P",
                "Words less likely than this share of the likeliest one are left "
                "out. 0 turns it off.",
                0,
                1,
                0.01,
                2,
            ),
        ),
    ),
    Group(
        "Repetition",
        True,
        (
            P(
                "repeat_penalty",
                "Repeat penalty",
                "Makes words that were just used less likely. 1 turns it off.",
                1,
                2,
                0.01,
                2,
            ),
            P(
                "repeat_last_n",
                "Looks back",
                "How many of the last tokens count as just used. "
                "0 turns it off, −1 takes the whole conversation.",
                0,
                512,
                1,
                0,
            ),
            P(
                "presence_penalty",
                "Presence penalty",
                "The same small malus for every word that has appeared. 0 turns it off.",
                0,
                2,
                0.05,
                2,
            ),
            P(
                "frequency_penalty",
                "Frequency penalty",
                "A malus that grows each time a word appears. 0 turns it off.",
                0,
                2,
                0.05,
                2,
            ),
        ),
    ),
    Group(
        "Repeated phrases (DRY)",
        False,
        (
            P(
                "dry_multiplier",
                "Strength",
                "Works against repeating whole phrases. 0 turns it off.",
                0,
                4,
                0.05,
                2,
            ),
            P(
                "dry_base",
                "Growth",
                "How fast the malus grows with the length of the phrase.",
                1,
                4,
                0.05,
                2,
            ),
            P(
                "dry_allowed_length",
                "Allowed length",
                "Phrases up to this many tokens may repeat.",
                1,
                20,
                1,
                0,
            ),
            P(
                "dry_penalty_last_n",
                "Looks back",
                "How many of the last tokens are searched. −1 takes the whole conversation.",
                0,
                4096,
                16,
                0,
            ),
        ),
    ),
    Group(
        "Finer choices",
        False,
        (
            P(
                "typical_p",
                "Typical P",
                "Keeps words that are about as surprising as expected. 1 turns it off.",
                0,
                1,
                0.01,
                2,
            ),
            P(
                "top_n_sigma",
                "Top n sigma",
                "Keeps words within this many standard deviations of "
                "the best. Below 0 turns it off.",
                -1,
                5,
                0.1,
                1,
            ),
            P(
                "xtc_probability",
                "XTC chance",
                "How often the most obvious words are left out, "
                "for more lively text. 0 turns it off.",
                0,
                1,
                0.01,
                2,
            ),
            P(
                "xtc_threshold",
                "XTC threshold",
                "Only words at least this likely count as obvious.",
                0,
                0.5,
                0.01,
                2,
            ),
            P(
                "dynatemp_range",
                "Temperature range",
                "Lets the temperature move up and down by "
                "this much with the model's certainty. 0 turns it off.",
                0,
                2,
                0.05,
                2,
            ),
            P(
                "dynatemp_exponent",
                "Temperature exponent",
                "How the temperature follows the certainty.",
                0.1,
                4,
                0.1,
                1,
            ),
        ),
    ),
    Group(
        "Mirostat",
        False,
        (
            P(
                "mirostat",
                "Version",
                "Steers the text to an even degree of surprise instead of "
                "Top K, Top P and the like. 0 is off; 1 or 2.",
                0,
                2,
                1,
                0,
            ),
            P(
                "mirostat_tau",
                "Surprise aimed at",
                "Lower is more focused, higher more varied.",
                0,
                10,
                0.1,
                1,
            ),
            P("mirostat_eta", "Speed", "How fast it corrects itself.", 0, 1, 0.01, 2),
        ),
    ),
    Group(
        "Adaptive P",
        False,
        (
            P(
                "adaptive_target",
                "Likelihood aimed at",
                "Prefers words about this likely, over obvious and over odd ones. -1 turns it off.",
                -1,
                1,
                0.05,
                2,
            ),
            P(
                "adaptive_decay",
                "Memory",
                "How long it evens out what it took before. 0.9 is about ten words.",
                0,
                0.99,
                0.01,
                2,
            ),
        ),
    ),
)
