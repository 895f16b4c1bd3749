"""Sizes, speeds, times and counts in words, the same everywhere: 1 GB is 10^9 bytes, of files and
of memory alike.

A page that told memory in 2^30 beside files in 10^9 bytes would be wrong by 7 % just where
"it fits" tips over.
"""

RATE, RATE_BYTES = "GB/s", 1e9  # of memory and disks, also along the axis of a chart
_UNITS = (("TB", 1e12), ("GB", 1e9), ("MB", 1e6), ("kB", 1e3))


def memory(n_bytes: float) -> str:
    """ "2.5 GB", "640 MB": what is foretold or free, so a digit behind the point is enough."""
    unit, factor = _unit(n_bytes, 1)
    if not unit:
        return _bytes(n_bytes)
    return f"{n_bytes / factor:,.{1 if factor >= 1e9 else 0}f} {unit}"


def file(n_bytes: float) -> str:
    """ "2.57 GB", "640 MB": what is on the disk, with three figures."""
    unit, factor = _unit(n_bytes, 2)
    if not unit:
        return _bytes(n_bytes)
    value = n_bytes / factor
    return f"{value:.3g} {unit}" if value < 999.5 else f"{value:,.0f} {unit}"


def column(n_bytes: float) -> str:
    """A file's size for a column of sizes: always three figures, also where they are zeros."""
    number, space, unit = file(n_bytes).partition(" ")
    missing = 3 - sum(c.isdigit() for c in number)
    if not unit.startswith("byte") and missing > 0:
        number += ("" if "." in number else ".") + "0" * missing
    return number + space + unit


def cache(n_bytes: int) -> str:
    """ "48 kB", "32 MB", not 33.6: a processor's caches are powers of two, and everybody knows them
    by these figures. The one size that is not told in 10^3."""
    for unit, factor in (("MB", 1 << 20), ("kB", 1 << 10)):
        if n_bytes >= factor:
            return f"{n_bytes / factor:.4g} {unit}"
    return _bytes(n_bytes)


def scale(n_bytes: float) -> tuple[str, float]:
    """The unit for an axis that ends there, and how many bytes it has."""
    unit, factor = _unit(n_bytes, 2)
    return unit or "bytes", factor


def rate(bytes_per_second: float) -> str:
    """ "52.6 GB/s"."""
    return f"{bytes_per_second / RATE_BYTES:,.1f} {RATE}"


def speed(tokens_per_second: float, *, is_measured: bool = False) -> str:
    """ "2.4 tok/s", "31 tok/s", "16,872 tok/s": slow ones and measured ones with a digit more."""
    digits = 1 if is_measured or tokens_per_second < 3 else 0
    return f"{tokens_per_second:,.{digits}f} tok/s"


def products(per_second: float) -> str:
    """Billions of products (multiply-adds) a second: "4.2", "85", "1,240"."""
    billions = per_second / 1e9
    return f"{billions:,.{1 if billions < 9.95 else 0}f}"


def parameters(n: int) -> str:
    """A model's weights: "4.0B", "235B", "596M", "260k"; "" where their number is not known."""
    if n >= 1e9:
        return f"{n / 1e9:.{1 if n < 1e11 else 0}f}B"
    if n >= 1e6:
        return f"{n / 1e6:.0f}M"
    return f"{n / 1e3:.0f}k" if n else ""


def count(n: int) -> str:
    """Of what nobody counts one by one, such as downloads: "1.2M", "980k", "1.9k", "512"."""
    if n >= 999_500:
        return f"{n / 1e6:.1f}M"
    if n >= 9950:
        return f"{n / 1e3:.0f}k"
    return f"{n / 1e3:.1f}k" if n >= 1000 else str(n)


def duration(seconds: float) -> str:
    """ "0.4 s", "39 s", "2 min", "1 h 5 min", "3 days": as much as is worth telling."""
    if seconds < 59.5:
        whole = seconds >= 9.95 or seconds == round(seconds)
        return f"{seconds:.{0 if whole else 1}f} s"
    minutes = round(seconds / 60)
    if minutes < 60:
        return f"{minutes} min"
    if minutes < 48 * 60:
        return f"{minutes // 60} h {minutes % 60} min"
    return f"{round(minutes / (24 * 60))} days"


def _unit(n_bytes: float, digits: int) -> tuple[str, float]:
    """The largest unit of which there is one, once rounded: never 1000 MB."""
    for unit, factor in _UNITS:
        least = 0.99995 if digits == 1 and factor > 1e9 else 0.9995
        if n_bytes >= least * factor:
            return unit, factor
    return "", 1.0


def _bytes(n_bytes: float) -> str:
    return "1 byte" if round(n_bytes) == 1 else f"{n_bytes:,.0f} bytes"
