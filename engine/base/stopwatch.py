"""What a long piece of work spent its time on: seconds by the name of the part."""

from collections.abc import Iterator
from contextlib import contextmanager
from time import perf_counter


class Stopwatch:
    """Parts may lie within parts: each second counts for the innermost alone."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self._within = 0.0  # seconds that inner parts of the present one took

    @contextmanager
    def part(self, name: str) -> Iterator[None]:
        """What is done inside belongs to `name`, also where it fails."""
        before, self._within = self._within, 0.0
        begun = perf_counter()
        try:
            yield
        finally:
            took = perf_counter() - begun
            self.seconds[name] = self.seconds.get(name, 0.0) + took - self._within
            self._within = before + took
