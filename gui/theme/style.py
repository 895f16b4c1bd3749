"""The one style sheet, written from the tokens. Widgets choose their look by dynamic properties.

Properties in use: `kind` (primary, plain, ghost, danger), `small`, `role` (of labels and frames).
"""

from collections.abc import Callable

from gui.theme.tokens import Tokens

Px = Callable[[float], int]


def stylesheet(t: Tokens, px: Px, mono: list[str]) -> str:
    """Every rule of the look; `px` turns a length of the look into one at the user's text size."""
    parts = (_base, _labels, _buttons, _inputs, _surfaces, _lists, _tables, _bars)
    return "\n".join(part(t, px) for part in parts) + _mono(t, px, mono)


def _base(t: Tokens, px: Px) -> str:
    return f"""
    QWidget {{ color: {t.text}; }}
    QMainWindow, QDialog, QStackedWidget {{ background: {t.surface}; }}
    QStackedWidget[role="bare"] {{ background: transparent; }}
    QToolTip {{ background: {t.raised}; color: {t.text}; border: 1px solid {t.line};
        border-radius: {px(8)}px; padding: {px(2)}px; font-size: {px(12.5)}px;
        font-weight: 400; text-align: left; }}
    QSplitter::handle {{ background: {t.line}; }}
    QMenu {{ background: {t.raised}; border: 1px solid {t.line}; border-radius: {px(8)}px;
        padding: {px(4)}px; }}
    QMenu::item {{ padding: {px(7)}px {px(24)}px {px(7)}px {px(12)}px;
        border-radius: {px(6)}px; }}
    QMenu::item:selected {{ background: {t.selection}; }}
    QMenu::item:disabled {{ color: {t.muted}; }}
    QMenu::separator {{ height: 1px; background: {t.line}; margin: {px(4)}px {px(8)}px; }}
    """


def _labels(t: Tokens, px: Px) -> str:
    return f"""
    QLabel {{ background: transparent; }}
    QLabel[role="title"] {{ font-size: {px(20)}px; font-weight: 600; }}
    QLabel[role="display"] {{ font-size: {px(26)}px; font-weight: 600; }}
    QLabel[role="greeting"] {{ font-size: {px(22)}px; font-weight: 600; }}
    QLabel[role="lead"] {{ font-size: {px(15)}px; color: {t.muted}; }}
    QLabel[role="section"] {{ font-size: {px(15)}px; font-weight: 600; }}
    QLabel[role="heading"] {{ font-size: {px(14.5)}px; font-weight: 600; }}
    QLabel[role="strong"] {{ font-weight: 500; }}
    QLabel[role="muted"] {{ color: {t.muted}; }}
    QLabel[role="small"] {{ color: {t.muted}; font-size: {px(12.5)}px; }}
    QLabel[role="smallWarn"] {{ color: {t.warn_ink}; font-size: {px(12.5)}px; }}
    QLabel[role="smallText"] {{ font-size: {px(13)}px; }}
    QLabel[role="tiny"] {{ color: {t.muted}; font-size: {px(12)}px; }}
    QLabel[role="group"] {{ color: {t.muted}; font-size: {px(12)}px; font-weight: 600; }}
    QLabel[role="error"] {{ color: {t.bad}; }}
    """


def _buttons(t: Tokens, px: Px) -> str:
    return f"""
    QPushButton {{ background: {t.raised}; border: 1px solid {t.line};
        border-radius: {px(8)}px; padding: 0 {px(14)}px; min-height: {px(34)}px;
        font-weight: 500; }}
    QPushButton:hover {{ background: {t.selection}; }}
    QPushButton:pressed {{ background: {t.line}; }}
    QPushButton:disabled {{ color: {t.faint}; }}
    QPushButton:focus {{ border: 1px solid {t.accent}; }}
    QPushButton[small="true"] {{ min-height: {px(26)}px; padding: 0 {px(10)}px;
        font-size: {px(13)}px; }}
    QPushButton[kind="primary"] {{ background: {t.accent}; border: 1px solid {t.accent};
        color: {t.on_accent}; }}
    QPushButton[kind="primary"]:hover {{ background: {t.accent_hover};
        border-color: {t.accent_hover}; }}
    QPushButton[kind="primary"]:focus {{ border: 2px solid {t.text}; }}
    QPushButton[kind="primary"]:disabled {{ background: {t.selection}; color: {t.faint};
        border-color: {t.selection}; }}
    QPushButton[kind="ghost"] {{ background: transparent; border: 1px solid transparent;
        color: {t.muted}; font-weight: 400; padding: 0 {px(8)}px; }}
    QPushButton[kind="ghost"]:hover {{ background: {t.selection}; color: {t.text}; }}
    QPushButton[kind="ghost"]:checked {{ background: {t.accent_soft}; color: {t.accent_ink}; }}
    QPushButton[kind="ghost"]:focus {{ border: 1px solid {t.accent}; }}
    QPushButton[kind="danger"] {{ color: {t.bad}; }}
    QPushButton[kind="tool"] {{ background: {t.raised if t.dark else t.bg}; font-weight: 400;
        padding: 0 {px(9)}px; }}
    QPushButton[kind="tool"]:hover {{ background: {t.selection}; }}
    QPushButton[kind="tool"]:checked {{ background: {t.selection}; color: {t.text};
        border-color: {t.faint}; }}
    QPushButton[kind="tool"]:focus {{ border-color: {t.accent}; }}
    QPushButton[kind="quiet"] {{ font-weight: 400; text-align: left; }}
    QPushButton[kind="chip"] {{ background: {t.accent_soft}; color: {t.accent_ink};
        border: 1px solid {t.accent_soft}; font-weight: 400; padding: 0 {px(8)}px; }}
    QPushButton[kind="chip"]:hover, QPushButton[kind="chip"]:focus {{
        border-color: {t.accent}; }}
    QPushButton:checked {{ background: {t.accent_soft}; color: {t.accent_ink};
        border-color: {t.accent_soft}; }}
    QPushButton[iconOnly="true"] {{ padding: 0; }}
    QPushButton[kind="pill"] {{ border-radius: {px(17)}px; padding: 0; }}
    """


def _inputs(t: Tokens, px: Px) -> str:
    box = f"""background: {t.raised}; border: 1px solid {t.line}; border-radius: {px(8)}px;
        selection-background-color: {t.selected};
        selection-color: {t.text};"""
    return f"""
    QLineEdit {{ {box} padding: 0 {px(10)}px; min-height: {px(34)}px; }}
    QLineEdit:focus, QComboBox:focus, QAbstractSpinBox:focus {{ border-color: {t.accent}; }}
    QComboBox {{ {box} padding: 0 {px(10)}px; min-height: {px(34)}px; combobox-popup: 0; }}
    QComboBox::drop-down {{ border: none; width: {px(24)}px; }}
    QComboBox::down-arrow {{ image: none; }}
    QComboBox QAbstractItemView {{ background: {t.raised}; border: 1px solid {t.line};
        selection-background-color: {t.selection}; selection-color: {t.text};
        border-radius: {px(8)}px; padding: {px(4)}px; outline: none; }}
    QComboBox QAbstractItemView::item {{ min-height: {px(30)}px; padding: 0 {px(8)}px;
        border-radius: {px(6)}px; color: {t.text}; }}
    QComboBox QAbstractItemView::item:selected {{ background: {t.selection}; }}
    QAbstractSpinBox {{ {box} padding: 0 {px(6)}px; min-height: {px(26)}px; }}
    QAbstractSpinBox::up-button, QAbstractSpinBox::down-button {{ width: 0; }}
    QComboBox[small="true"], QLineEdit[small="true"] {{ min-height: {px(26)}px; }}
    QTextEdit, QPlainTextEdit {{ {box} padding: {px(6)}px; }}
    QTextEdit:focus, QPlainTextEdit:focus {{ border-color: {t.accent}; }}
    QTextEdit[role="bare"], QTextBrowser[role="bare"], QPlainTextEdit[role="bare"] {{
        background: transparent; border: none; padding: 0; border-radius: 0; }}
    QCheckBox {{ spacing: {px(8)}px; }}
    """


def _surfaces(t: Tokens, px: Px) -> str:
    return f"""
    QFrame[role="side"] {{ background: {t.bg}; border: none;
        border-right: 1px solid {t.line}; }}
    QFrame[role="panel"] {{ background: {t.bg}; border: none; border-left: 1px solid {t.line}; }}
    QFrame[role="header"] {{ background: {t.surface}; border: none;
        border-bottom: 1px solid {t.line}; }}
    QFrame[role="page"] {{ background: {t.surface}; border: none; }}
    QFrame[role="compareSide"] {{ background: {t.surface}; border: none; }}
    QFrame[role="compareSide"][second="true"] {{ border-left: 1px solid {t.line}; }}
    QFrame[role="card"] {{ background: {t.raised}; border: 1px solid {t.line};
        border-radius: {px(12)}px; }}
    QFrame[role="cardAccent"] {{ background: {t.raised}; border: 1px solid {t.accent};
        border-radius: {px(12)}px; }}
    QFrame[role="cardBad"] {{ background: {t.bad_soft}; border: 1px solid {t.bad_soft};
        border-radius: {px(12)}px; }}
    QFrame[role="cardBad"] QLabel {{ color: {t.bad}; }}
    QFrame[role="cardWarn"] {{ background: {t.warn_soft}; border: 1px solid {t.warn_soft};
        border-radius: {px(12)}px; }}
    QFrame[role="cardWarn"] QLabel {{ color: {t.warn_ink}; }}
    QFrame[role="popup"] {{ background: {t.raised}; border: 1px solid {t.line};
        border-radius: {px(12)}px; }}
    QFrame[role="popup"]:focus {{ border-color: {t.accent}; }}
    QFrame[role="toast"] {{ background: {t.text}; border: none; border-radius: {px(10)}px; }}
    QFrame[role="toast"] QLabel {{ color: {t.surface}; }}
    QFrame[role="toast"] QPushButton {{ background: transparent; border: none;
        color: {t.surface}; font-weight: 600; text-decoration: underline; }}
    QFrame[role="composer"] {{ background: {t.raised}; border: 1px solid {t.line};
        border-radius: {px(16)}px; }}
    QFrame[role="composer"][lit="true"] {{ border-color: {t.faint}; }}
    QFrame[role="fileChip"] {{ background: {t.raised if t.dark else t.bg};
        border: 1px solid {t.line}; border-radius: {px(8)}px; }}
    QFrame[role="fileChip"]:hover {{ border-color: {t.faint}; }}
    QFrame[role="fileChip"] QPushButton {{ color: {t.text}; }}
    QFrame[role="code"] {{ background: {t.code}; border: 1px solid {t.line};
        border-radius: {px(8)}px; }}
    QFrame[role="code"]:focus {{ border-color: {t.accent}; }}
    QFrame[role="codeHead"] {{ background: transparent; border: none;
        border-bottom: 1px solid {t.line}; }}
    QFrame[role="bubble"] {{ background: {t.selection}; border: none;
        border-radius: {px(12)}px; }}
    QFrame[role="bubbleWaiting"] {{ background: transparent; border: 1px dashed {t.faint};
        border-radius: {px(12)}px; }}
    QFrame[role="thought"] {{ background: transparent; border: none;
        border-left: 2px solid {t.line}; }}
    QFrame[role="rule"] {{ background: {t.line}; border: none; max-height: 1px;
        min-height: 1px; }}
    """


def _lists(t: Tokens, px: Px) -> str:
    return f"""
    QListView {{ background: transparent; border: none; outline: none; }}
    QListView[role="names"]::item {{ min-height: {px(32)}px; padding: 0 {px(8)}px;
        border-radius: {px(6)}px; color: {t.text}; }}
    QListView[role="names"]::item:selected {{ background: {t.selection}; }}
    QListView[role="names"]::item:selected:focus {{ border: 1px solid {t.accent}; }}
    QScrollArea, QScrollArea > QWidget > QWidget[role="canvas"] {{ background: transparent;
        border: none; }}
    QScrollArea[role="transcript"] {{ border: 1px solid transparent; }}
    QScrollArea[role="transcript"]:focus {{ border-color: {t.accent}; }}
    QScrollBar:vertical {{ background: transparent; width: {px(10)}px; margin: 0; }}
    QScrollBar:horizontal {{ background: transparent; height: {px(10)}px; margin: 0; }}
    QScrollBar::handle {{ background: {t.line}; border-radius: {px(3)}px;
        margin: {px(2)}px; }}
    QScrollBar::handle:vertical {{ min-height: {px(32)}px; }}
    QScrollBar::handle:horizontal {{ min-width: {px(32)}px; }}
    QScrollBar::handle:hover {{ background: {t.faint}; }}
    QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; }}
    QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent; }}
    """


def _tables(t: Tokens, px: Px) -> str:
    return f"""
    QTableView {{ background: {t.raised}; border: 1px solid {t.line};
        border-radius: {px(8)}px; outline: none; font-size: {px(13)}px;
        selection-background-color: {t.accent_soft}; selection-color: {t.text}; }}
    QTableView:focus {{ border-color: {t.accent}; }}
    QTableView::item {{ padding: 0 {px(10)}px; border: none; }}
    QTableView::item:hover {{ background: {t.selection}; }}
    QTableView::item:selected {{ background: {t.accent_soft}; color: {t.text}; }}
    QHeaderView {{ background: transparent; border: none; }}
    QHeaderView::section {{ background: transparent; color: {t.muted}; border: none;
        border-bottom: 1px solid {t.line}; padding: {px(7)}px {px(10) + 3}px;
        font-size: {px(12)}px; }}
    QTableCornerButton::section {{ background: {t.raised}; border: none; }}
    """


def _bars(t: Tokens, px: Px) -> str:
    return f"""
    QSlider {{ min-height: {px(24)}px; background: transparent; }}
    QSlider::groove:horizontal {{ height: {px(4)}px; border-radius: {px(2)}px;
        background: {t.line}; }}
    QSlider::sub-page:horizontal {{ background: {t.accent}; border-radius: {px(2)}px; }}
    QSlider::handle:horizontal {{ width: {px(14)}px; height: {px(14)}px;
        margin: -{px(5)}px 0; border-radius: {px(7)}px; background: {t.raised};
        border: 1px solid {t.faint}; }}
    QSlider::handle:horizontal:hover, QSlider::handle:horizontal:focus {{
        border: 2px solid {t.accent}; }}
    """


def _mono(t: Tokens, px: Px, mono: list[str]) -> str:
    families = ", ".join(f'"{family}"' for family in mono)
    return f"""
    QTextEdit[role="codeText"] {{ background: transparent; border: none; padding: 0;
        font-family: {families}; font-size: {px(13)}px; color: {t.text}; }}
    """
