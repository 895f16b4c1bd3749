"""The one question before a window closes: answers are still being written."""

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from gui.language import marked, tr
from gui.widgets.confirm import Question

KEPT = marked(
    "What they have written is kept, and can be continued later. The window can also wait in the "
    "background and close by itself when they are done."
)


def ask_to_close(
    window: QWidget, n: int, stop: Callable[[], object], wait: Callable[[], object]
) -> None:
    """Ask in front of this window, once; Esc goes back to it."""
    if window.findChild(Closing) is None:
        Closing(window, n, stop, wait).open()


class Closing(Question):
    """Stop and close, close when done, or go back."""

    def __init__(
        self, parent: QWidget, n: int, stop: Callable[[], object], wait: Callable[[], object]
    ) -> None:
        title = (
            tr("An answer is still being written")
            if n == 1
            else tr("{n} answers are being written", n=n)
        )
        super().__init__(
            parent, title, tr(KEPT), [(tr("Stop and close"), stop), (tr("Close when done"), wait)]
        )
        self.stop, self.wait = self.deeds
