"""Parts that scroll and take the keyboard are told as panels; Qt alone tells them as fillers, which
screen readers pass over.

Only parts that stay as long as their window: each that is asked for costs a little memory for good.
"""

from PySide6.QtCore import QObject
from PySide6.QtGui import QAccessible, QAccessibleInterface
from PySide6.QtWidgets import QAccessibleWidget, QApplication, QScrollArea, QWidget

PANEL = "tellsPanel"  # the property of such a part
READY = "rolesReady"  # of the application


def tell_as_panel(area: QScrollArea) -> None:
    """Before it has a name: what Qt has told once, it keeps."""
    area.setProperty(PANEL, True)
    app = QApplication.instance()
    if app is not None and not app.property(READY):
        app.setProperty(READY, True)
        QAccessible.installFactory(_made)


def _made(kind: str, part: QObject) -> QAccessibleInterface | None:
    if kind != QScrollArea.__name__ or not part.property(PANEL):
        return None
    return QAccessibleWidget(part, QAccessible.Role.Pane) if isinstance(part, QWidget) else None
