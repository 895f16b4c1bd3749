"""What files and folders are, told from their headers: what can be made of a source, what stands in
a file, what running it will take.

Importing it costs nothing; what reads files is imported when a question is asked.
"""

from engine.inspect.records import (
    Contents,
    Histogram,
    KeyLine,
    SourceFacts,
    Target,
    TensorLine,
    contents,
    foretell,
    histogram,
    look,
)

__all__ = [
    "Contents",
    "KeyLine",
    "Histogram",
    "SourceFacts",
    "Target",
    "TensorLine",
    "contents",
    "foretell",
    "histogram",
    "look",
]
