"""The colour tokens of the look: the one place where a colour is written down.

Text pairs keep a contrast of at least 4.5:1, shapes that tell something one of 3:1;
tests/gui/test_theme.py walks `TEXT_PAIRS` and `SHAPE_PAIRS`.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Tokens:
    """One theme's colours by role; `faint` is for ornaments and hints, never for needed text.

    `accent`, `good` and `warn` fill shapes; their `_ink` twins are for words, which need 4.5:1
    also on the soft ground of a pill.
    """

    name: str
    dark: bool
    bg: str
    surface: str
    raised: str
    line: str
    text: str
    muted: str
    faint: str
    accent: str
    accent_hover: str
    accent_ink: str
    accent_soft: str
    on_accent: str
    good: str
    good_ink: str
    good_soft: str
    warn: str
    warn_ink: str
    warn_soft: str
    bad: str
    bad_soft: str
    code: str
    selection: str
    selected: str  # under words of a text: 22 % of the accent over the surface
    inset: str  # code on the ground of a selection, as in a question


LIGHT = Tokens(
    name="light",
    dark=False,
    bg="#F7F5F2",
    surface="#FFFFFF",
    raised="#FFFFFF",
    line="#E5E0D8",
    text="#211D18",
    muted="#6E665B",
    faint="#9A9186",
    accent="#B84A22",
    accent_ink="#A9421D",
    accent_hover="#A5401B",
    accent_soft="#F6E7DF",
    on_accent="#FFFFFF",
    good="#3F7A48",
    good_ink="#376D3F",
    good_soft="#E4F0E5",
    warn="#9A6700",
    warn_ink="#845800",
    warn_soft="#FAF0D7",
    bad="#B3372F",
    bad_soft="#F9E3E1",
    code="#F3F0EB",
    selection="#EFEBE4",
    selected="#EFD7CE",
    inset="#E5E0D8",
)

DARK = Tokens(
    name="dark",
    dark=True,
    bg="#161412",
    surface="#1D1A18",
    raised="#24211E",
    line="#34302B",
    text="#ECE7E0",
    muted="#A89F93",
    faint="#7C7469",
    accent="#D9774E",
    accent_ink="#E58A63",
    accent_hover="#E58A63",
    accent_soft="#3A2A22",
    on_accent="#1B1512",
    good="#7DB986",
    good_ink="#7DB986",
    good_soft="#22301F",
    warn="#D9A441",
    warn_ink="#D9A441",
    warn_soft="#382D17",
    bad="#E5837B",
    bad_soft="#3B2220",
    code="#191614",
    selection="#2B2723",
    selected="#462E24",
    inset="#3A3631",
)

CONTRAST_LIGHT = Tokens(
    name="contrast-light",
    dark=False,
    bg="#FFFFFF",
    surface="#FFFFFF",
    raised="#FFFFFF",
    line="#3A3A3A",
    text="#000000",
    muted="#2E2A26",
    faint="#4A4540",
    accent="#8A2C08",
    accent_ink="#8A2C08",
    accent_hover="#6E2306",
    accent_soft="#FFE9DF",
    on_accent="#FFFFFF",
    good="#14531F",
    good_ink="#14531F",
    good_soft="#E7F6E9",
    warn="#6A4500",
    warn_ink="#6A4500",
    warn_soft="#FFF4D6",
    bad="#8C1A13",
    bad_soft="#FFE6E4",
    code="#F4F4F4",
    selection="#E4E4E4",
    selected="#E5D1C9",
    inset="#FFFFFF",
)

CONTRAST_DARK = Tokens(
    name="contrast-dark",
    dark=True,
    bg="#000000",
    surface="#000000",
    raised="#0C0C0C",
    line="#C8C8C8",
    text="#FFFFFF",
    muted="#E2DED8",
    faint="#BDB8B0",
    accent="#FFB08C",
    accent_ink="#FFB08C",
    accent_hover="#FFC6AB",
    accent_soft="#3A2418",
    on_accent="#000000",
    good="#A6E8AE",
    good_ink="#A6E8AE",
    good_soft="#10240F",
    warn="#FFD27A",
    warn_ink="#FFD27A",
    warn_soft="#2C2208",
    bad="#FFB3AC",
    bad_soft="#34110E",
    code="#101010",
    selection="#2E2E2E",
    selected="#38271F",
    inset="#000000",
)

THEMES = {t.name: t for t in (LIGHT, DARK, CONTRAST_LIGHT, CONTRAST_DARK)}

# Foreground and background roles that meet on screen as text that must be read.
TEXT_PAIRS = (
    *(
        ("text", b)
        for b in ("bg", "surface", "raised", "code", "selection", "accent_soft", "inset")
    ),
    *(("muted", b) for b in ("bg", "surface", "raised", "code", "selection")),
    *(("accent_ink", b) for b in ("bg", "surface", "raised", "code", "accent_soft")),
    *(("good_ink", b) for b in ("good_soft", "surface", "code")),
    *(("warn_ink", b) for b in ("warn_soft", "surface", "code")),
    *(("bad", b) for b in ("bad_soft", "surface", "raised")),
    ("on_accent", "accent"),
    ("on_accent", "accent_hover"),
)

# Shapes that tell something, and the ring of the keyboard, on what they stand on: 3:1.
SHAPE_PAIRS = (
    *(
        ("accent", b)
        for b in ("bg", "surface", "raised", "code", "selection", "accent_soft", "inset")
    ),
    *(("muted", b) for b in ("bg", "surface", "raised", "selection", "inset")),
    *(("faint", b) for b in ("surface", "raised")),
    *((a, b) for a in ("good", "warn", "bad") for b in ("bg", "surface", "raised")),
)


def contrast(first: str, second: str) -> float:
    """The WCAG contrast ratio of two colours, 1 to 21."""
    bright, dim = sorted((luminance(first), luminance(second)), reverse=True)
    return (bright + 0.05) / (dim + 0.05)


def luminance(colour: str) -> float:
    """WCAG relative luminance of "#RRGGBB"."""
    channels = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
