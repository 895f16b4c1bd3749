"""One program per home: a second start hands its files to the first and ends.

A local socket (a named pipe on Windows), reachable by the same user alone. Nothing that comes
through it is believed: at most a few names of files, opened as if they had been dropped, and links,
which are taken apart anew.
"""

import getpass
import hashlib
import json
import os
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QDir, QObject, Signal

from engine.base.links import is_link

if TYPE_CHECKING:
    from PySide6.QtNetwork import QLocalSocket

ANSWER_MS = 1000
LARGEST = 1 << 16  # bytes of a message
MOST_FILES = 50


def name_of(home: Path) -> str:
    """The socket's name: of this user and this home."""
    user = ""
    with suppress(Exception):  # no name for this user: the home is enough
        user = getpass.getuser()
    return "chaski-" + hashlib.sha256(f"{user}\0{home}".encode()).hexdigest()[:24]


def hand_over(home: Path, files: Sequence[str]) -> bool:
    """Give files, and links to models, to the program that runs already; False where there is
    none."""
    name = name_of(home)
    if os.name == "posix" and not Path(QDir.tempPath(), name).exists():
        return False  # known without Qt's network, which comes once the window is up
    from PySide6.QtNetwork import QLocalSocket

    socket = QLocalSocket()
    socket.connectToServer(name)
    if not socket.waitForConnected(ANSWER_MS):
        return False
    named = [file if is_link(file) else str(Path(file).absolute()) for file in files]
    socket.write(json.dumps(named).encode() + b"\n")
    answered = socket.waitForReadyRead(ANSWER_MS) and bytes(socket.readAll().data()) == b"ok\n"
    socket.disconnectFromServer()
    return answered


class Instance(QObject):
    """The first program of a home: hears of later starts."""

    started = Signal(list)  # the files that a later start was given

    def __init__(self, home: Path, parent: QObject | None = None) -> None:
        from PySide6.QtNetwork import QLocalServer, QLocalSocket

        super().__init__(parent)
        self._gone = QLocalSocket.LocalSocketState.UnconnectedState
        self._callers: list[QLocalSocket] = []
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._welcome)
        name = name_of(home)
        if not self._server.listen(name):
            QLocalServer.removeServer(name)  # left by one that was killed: nobody answered there
            self._server.listen(name)

    def _welcome(self) -> None:
        socket = self._server.nextPendingConnection()
        if socket is not None:
            self._callers.append(socket)
            socket.readyRead.connect(self._read)
            socket.disconnected.connect(self._forget)
            self._read()  # it may have spoken already

    def _read(self) -> None:
        for socket in self._callers:
            if socket.bytesAvailable() > LARGEST:
                socket.abort()
            elif socket.canReadLine():
                self._take(socket, files_of(bytes(socket.readLine().data())))

    def _take(self, socket: "QLocalSocket", files: list[str] | None) -> None:
        if files is None:
            socket.abort()
            return
        socket.write(b"ok\n")
        socket.flush()
        self.started.emit(files)

    def _forget(self) -> None:
        """Let go of callers that have gone; their sockets are the server's children."""
        self._callers = [socket for socket in self._callers if socket.state() != self._gone]

    def close(self) -> None:
        self._server.close()


def files_of(line: bytes) -> list[str] | None:
    """The names in a message; None if it is none of ours."""
    try:
        found = json.loads(line)
    except (ValueError, RecursionError):
        return None
    sound = isinstance(found, list) and all(isinstance(name, str) for name in found)
    return found[:MOST_FILES] if sound else None
