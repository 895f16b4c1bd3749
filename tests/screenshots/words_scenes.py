"""Scenes of a close look at words: the token microscope."""

from collections.abc import Callable
from typing import Any

from scenes import named

RIVER = (
    "Every morning the **river** wakes before the birds. It carries leaves like little boats, and "
    "it never asks where they come from. In the evening it hums the same song, only slower."
)
ALTERNATIVES = (
    (" river", 0.62, 0.71, ""),
    (" stream", 0.21, 0.21, ""),
    (" water", 0.09, 0.08, ""),
    (" lake", 0.04, 0.0, "min_p"),
    (" sea", 0.02, 0.0, "top_p"),
    (" road", 0.01, 0.0, "top_k"),
)

VIEWS = (
    ("light", (1280, 800)),
    ("dark", (1280, 800)),
    ("contrast", (1280, 800)),
    ("light", (900, 600)),
)


def scenes(studio: Any) -> dict[str, Callable[[str], None]]:
    return named(studio, microscope, compare)


def microscope(studio: Any, name: str) -> None:
    studio.ready()
    studio.reopen("Three sentences about a river", ["Three sentences, for a child.", RIVER])
    chat = studio.window.chat
    scope = chat.microscope
    for theme, size in VIEWS:
        studio.shell.theme.choose(theme)
        studio.window.resize(*size)
        studio.app.processEvents()
        show_look(scope, chat.transcript.row_of(chat.talk.record.tree.path()[-1]))
        end = "-narrow" if size[0] < 1000 else "" if theme == "light" else f"-{theme}"
        studio.shoot(name + end)
    scope.close()
    studio.window.resize(1280, 800)


def show_look(scope: Any, row: Any) -> None:
    """At the river's first word, as if the engine had looked."""
    from engine.base.looks import Alternative, TokenLook

    begin = RIVER.index("river")
    alternatives = tuple(Alternative(i, *each) for i, each in enumerate(ALTERNATIVES))
    look = TokenLook(3, 40, begin, begin + 5, 0, alternatives, is_exact=True)
    scope._row, scope._look = row, look
    scope.card.show_look(look)
    scope.card.show()
    scope._place()


OTHER = (
    "The river is a long road made of water. Fish are its travellers, and stones are its houses. "
    "If you whisper a secret to it, the sea will know by tomorrow."
)


def compare(studio: Any, name: str) -> None:
    """Before anything is asked, and with both answers."""
    studio.ready()
    studio.reopen("Three sentences about a river", [RIVER])
    chat = studio.window.chat
    chat.comparing.begin()
    page = chat.comparing.page
    studio.shoot(f"{name}-begins")
    for side, column, text in zip(page.sides, page.columns, (RIVER, OTHER), strict=True):
        side.turn.text, side.turn.statistics = text, "19 tok/s · 42 tokens"
        column.begin()
        column._row.finish()
        column._on_ended()
    page._show_state()
    for theme, size in VIEWS:
        studio.shell.theme.choose(theme)
        studio.window.resize(*size)
        if size[0] < 1000:
            page.sides[1].name = "stories260K (function-equivalent, widened to 256)"
            page._show_state()
        end = "-narrow" if size[0] < 1000 else "" if theme == "light" else f"-{theme}"
        studio.shoot(name + end)
        studio.app.processEvents()
        show_look(page.columns[0].microscope, page.columns[0]._row)
        studio.shoot(f"{name}-microscope{end}")
        page.columns[0].microscope.close()
    page.leave()
    studio.window.toast.hide()
    studio.window.resize(1280, 800)
