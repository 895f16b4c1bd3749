"""What a model's thinking may take, in words and as a menu: whether it thinks, and up to when."""

from collections.abc import Callable
from functools import partial

from PySide6.QtGui import QActionGroup
from PySide6.QtWidgets import QMenu

from engine.api import GenerationParams
from gui.language import figures, tr
from gui.parameter_list import THINKING

LIMITS = (-1, 256, 1024, 4096)  # tokens; -1: none


def told(values: GenerationParams, can_switch: bool, can_end: bool, *, brief: bool = False) -> str:
    """What is chosen, in a few words; `brief`: of a limit its number alone."""
    words = [tr(dict(THINKING)[values.thinks]).lower()] if can_switch else []
    if can_end and values.thinks is not False and (values.thinking_tokens > 0 or not can_switch):
        limit = values.thinking_tokens
        if brief and limit >= 0:
            return figures(f"{limit:,}")
        words.append(tr("up to {n:,}", n=limit) if limit >= 0 else tr("no limit"))
    return ", ".join(words or [tr("off")])


def fill(
    menu: QMenu,
    values: GenerationParams,
    can_switch: bool,
    can_end: bool,
    choose: Callable[[bool | None], object],
    limit: Callable[[int], object],
    ask: Callable[[], object],
) -> None:
    """Rows for what the model can be told; `ask`: for a number of one's own."""
    if can_switch:
        group = QActionGroup(menu)
        for wanted, words in THINKING:
            action = menu.addAction(tr(words))
            action.setCheckable(True)
            action.setActionGroup(group)
            action.setChecked(wanted is values.thinks)
            action.triggered.connect(partial(choose, wanted))
    if can_switch and can_end:
        menu.addSeparator()
    if not can_end:
        return
    now = values.thinking_tokens
    group = QActionGroup(menu)
    for tokens in LIMITS:
        action = menu.addAction(
            tr("Up to {n:,} tokens", n=tokens) if tokens > 0 else tr("No limit")
        )
        action.setCheckable(True)
        action.setActionGroup(group)
        action.setChecked(tokens == now)
        action.setEnabled(values.enable_thinking is not False)
        action.triggered.connect(partial(limit, tokens))
    own = now > 0 and now not in LIMITS
    action = menu.addAction(
        tr("Up to {n:,} tokens; change…", n=now) if own else tr("Another limit…")
    )
    action.setCheckable(own)
    action.setChecked(own)
    action.setEnabled(values.enable_thinking is not False)
    action.triggered.connect(lambda: ask())
