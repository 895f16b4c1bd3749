"""XML told element by element: no tree in memory, no entities of its own, nothing from outside."""

from collections.abc import Callable, Mapping
from xml.parsers import expat

from engine.attachments.document import is_damaged

DEEPEST = 512


class Walker:
    """Calls `begin`, `text` and `end`; names are told without their namespaces."""

    def __init__(
        self,
        begin: Callable[[str, Mapping[str, str]], object],
        end: Callable[[str], object],
        text: Callable[[str], object] = lambda text: None,
    ) -> None:
        self._begin, self._end = begin, end
        self._deep = 0
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.buffer_text = True
        parser.StartElementHandler = self._on_begin
        parser.EndElementHandler = self._on_end
        parser.CharacterDataHandler = text
        parser.EntityDeclHandler = self._refuse
        parser.ExternalEntityRefHandler = self._refuse
        self._parser = parser

    def walk(self, raw: bytes) -> None:
        """Raises ChaskiError for what is no sound XML, or declares entities."""
        try:
            self._parser.Parse(raw, True)
        except (expat.ExpatError, ValueError):
            raise is_damaged() from None

    def _on_begin(self, name: str, values: dict[str, str]) -> None:
        self._deep += 1
        if self._deep > DEEPEST:
            raise is_damaged()
        self._begin(_bare(name), {_bare(key): value for key, value in values.items()})

    def _on_end(self, name: str) -> None:
        self._deep -= 1
        self._end(_bare(name))

    def _refuse(self, *_: object) -> int:
        raise is_damaged()


def _bare(name: str) -> str:
    return name.rpartition(" ")[2]
