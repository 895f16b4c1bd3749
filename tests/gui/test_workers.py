"""From the engine's threads to the GUI's: joined, in order, never after the end."""

import threading

from pytestqt.qtbot import QtBot

from engine.api import Ticket
from engine.base.errors import CancelledError, FormatError
from engine.base.events import (
    Done,
    Event,
    Failed,
    Finished,
    Listener,
    Statistics,
    TextDelta,
    Timings,
)
from gui.app import Shell
from gui.workers import Background, Feed, sentence


def follow(feed: Feed, events: list[Event]) -> Ticket:
    """A job that told all this before anybody looked."""
    ticket = Ticket()

    def start(listener: Listener) -> Ticket:
        for event in events:
            listener(event)
        return ticket

    feed.follow(start)
    return ticket


def finished() -> Finished:
    return Finished("eos", Timings(), "")


def test_text_of_one_drain_is_one_signal(qtbot: QtBot) -> None:
    feed, told = Feed(), []
    feed.text.connect(lambda channel, text: told.append((channel, text)))
    thought = [TextDelta("thinking", c) for c in "hm"]
    answer = [TextDelta("answer", str(i)) for i in range(300)]
    with qtbot.waitSignal(feed.finished):
        follow(feed, [*thought, *answer, finished()])
    assert told == [("thinking", "hm"), ("answer", "".join(str(i) for i in range(300)))]


def test_only_the_latest_statistics(qtbot: QtBot) -> None:
    feed, told = Feed(), []
    feed.statistics.connect(lambda s: told.append(s.context_used))
    with qtbot.waitSignal(feed.ended):
        follow(feed, [*(Statistics(Timings(), n, 100) for n in range(9)), finished()])
    assert told == [8]


def test_text_comes_before_the_end(qtbot: QtBot) -> None:
    feed, order = Feed(), []
    feed.text.connect(lambda *_: order.append("text"))
    feed.finished.connect(lambda _: order.append("finished"))
    feed.ended.connect(lambda: order.append("ended"))
    with qtbot.waitSignal(feed.ended):
        follow(feed, [TextDelta("answer", "a"), finished()])
    assert order == ["text", "finished", "ended"]
    assert not feed.running


def test_failure_is_a_sentence(qtbot: QtBot) -> None:
    feed = Feed()
    with qtbot.waitSignal(feed.failed) as told:
        follow(feed, [Failed(FormatError("The file ends early; get it again."))])
    assert told.args == ["The file ends early; get it again."]


def test_a_stopped_job_is_no_failure(qtbot: QtBot) -> None:
    feed, failures = Feed(), []
    feed.failed.connect(failures.append)
    with qtbot.waitSignal(feed.ended):
        follow(feed, [Failed(CancelledError("stopped"))])
    assert failures == []


def test_a_job_that_ends_without_a_word(qtbot: QtBot) -> None:
    feed = Feed()
    with qtbot.waitSignal(feed.ended):
        follow(feed, []).finish(result=None)


def test_an_error_while_starting(qtbot: QtBot) -> None:
    feed = Feed()

    def start(listener: Listener) -> Ticket:
        raise FormatError("no")

    with qtbot.waitSignal(feed.failed):
        feed.follow(start)


def test_events_after_the_feed_is_gone(qtbot: QtBot) -> None:
    kept: list[Listener] = []
    feed = Feed()
    feed.follow(lambda listener: (kept.append(listener), Ticket())[1])
    del feed
    kept[0](Done())


def test_a_bug_says_that_it_is_one() -> None:
    assert "Please report" in sentence(KeyError("x"))


def test_a_refusal_of_the_system_is_no_bug() -> None:
    words = sentence(OSError(28, "No space left on device", "/home/x/win\ndow.json"))
    assert words == "The system refused: No space left on device (/home/x/win\ufffddow.json)."


def test_background_keeps_order_and_thread(qtbot: QtBot) -> None:
    background, told = Background(), []
    here = threading.get_ident()
    for i in range(5):
        background.run(lambda i=i: (i, threading.get_ident()), told.append)
    qtbot.waitUntil(lambda: len(told) == 5)
    assert [i for i, _ in told] == [0, 1, 2, 3, 4]
    assert all(thread != here for _, thread in told)
    background.close()


def test_background_finishes_what_was_asked(qtbot: QtBot) -> None:
    background, done = Background(), []
    for i in range(20):
        background.run(lambda i=i: done.append(i))
    background.close()
    assert done == list(range(20))
    background.run(lambda: done.append("late"))
    assert "late" not in done


def test_closing_does_not_wait_for_what_hangs(qtbot: QtBot) -> None:
    background, hung, done = Background(), threading.Event(), []
    background.run(hung.wait)
    assert not background.close(seconds=0.2)
    keeper = Background(name="keep")
    keeper.run(lambda: done.append("kept"))
    assert keeper.close()
    assert done == ["kept"]
    hung.set()
    assert background.close()


def test_a_librarys_panic_is_a_sentence_and_the_thread_goes_on(qtbot: QtBot) -> None:
    class PanicError(BaseException):
        """As Rust's, which is no Exception."""

    def panic() -> None:
        raise PanicError("x" * 10_000 + "\x1b[2J")

    background, told = Background(), []
    background.run(panic, failed=told.append)
    background.run(lambda: "next", told.append)
    qtbot.waitUntil(lambda: len(told) == 2)
    assert "PanicError" in told[0]
    assert len(told[0]) < 500
    assert told[1] == "next"
    background.close()


def test_a_look_that_hangs_keeps_no_chat_from_the_disk(shell: Shell, qtbot: QtBot) -> None:
    hung, done = threading.Event(), []
    shell.desk.background.run(hung.wait)
    shell.desk.keeper.run(lambda: "kept", done.append)
    qtbot.waitUntil(lambda: done == ["kept"])
    hung.set()
