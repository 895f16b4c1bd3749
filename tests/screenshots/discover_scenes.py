"""Scenes of Discover and Activity: list, filters, a model and its types, its card with pictures,
downloads, nothing found, no network."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from scenes import in_both, in_dark, in_sizes, named

CARD = """# Qwen3-4B-GGUF

## Highlights

Qwen3 is a generation of **dense** and mixture-of-experts models.

- Thinks before it answers, where that is wanted
- More than a hundred languages

```python
print("hello")
```
"""


PICTURES = """# Qwen3-4B-GGUF

Speed on some machines:

![speed](figures/speed.png)

## Where it was trained

<p align="center"><img src="figures/map.png" alt="a map"></p>

[![badge](https://img.example/badge.svg)](https://example.org) The rest is text.

![gone](gone.png)
"""


def scenes(studio: Any) -> dict[str, Callable[[str], None]]:
    return named(
        studio,
        discover,
        discover_filters,
        discover_card,
        discover_link,
        discover_empty,
        discover_start,
        discover_no_network,
        discover_long,
        activity,
        activity_long,
    )


def discover(studio: Any, name: str) -> None:
    """A search and a model's page: light, dark, narrow."""
    from gui.discover.shown import Answer

    view = _view(studio)
    view.list.search.setText("qwen3 4b")
    found = _found()
    view.list.show_answer(Answer(view.list.asked(), found), found[0].id)
    view.page.show_page(_page())
    view.page.show_downloads(_works())
    view.list.show_busy(False)
    studio.wait(view.page._area.updatesEnabled)
    in_both(studio, name)
    studio.window.resize(760, 600)
    studio.shoot(f"{name}-narrow")
    studio.window.resize(900, 700)
    studio.shoot(f"{name}-900")
    studio.window.resize(1280, 800)


def discover_filters(studio: Any, name: str) -> None:
    """Open, with two chosen; closed, with a chip for each; closed in a narrow window."""
    from gui.discover.shown import Answer

    view = _view(studio)
    view.list.search.setText("qwen3 4b")
    view.list.filter_button.setChecked(True)
    view.list.panel.choices["size"].setCurrentIndex(2)
    view.list.panel.choices["language"].setCurrentIndex(9)
    view.list.show_answer(Answer(view.list.asked(), _found()))
    view.page.show_page(_page())
    view.list.show_busy(False)
    studio.wait(view.page._area.updatesEnabled)
    studio.shoot(f"{name}-open")
    in_dark(studio, name)
    view.list.filter_button.setChecked(False)
    studio.shoot(name)
    studio.window.resize(760, 600)
    studio.shoot(f"{name}-narrow")
    studio.window.resize(1280, 800)
    view.list.panel.clear()


def discover_card(studio: Any, name: str) -> None:
    """Pictures that are not fetched yet; then two that have come, of three."""
    from gui.discover.card import pieces
    from gui.discover.shown import Pictures

    view = _view(studio)
    view.page.show_downloads([])
    own = ("figures/speed.png", "figures/map.png", "gone.png")
    page = replace(
        _page(),
        card=pieces(PICTURES),
        pictures=Pictures(own, 2, "huggingface.co"),
        offers=_page().offers[:3],
    )
    view.page.show_page(page)
    view.list.show_busy(False)
    studio.wait(view.page._area.updatesEnabled)
    studio.shoot(name)
    view.page.card.wanted.disconnect()
    view.page.card.show_button.click()
    view.page.card.show_picture(own[0], _drawn(720, 300))
    view.page.card.show_picture(own[1], _drawn(240, 160))
    words = "huggingface.co has no file gone.png (any more)"
    view.page.card.pictures_came(1, words)
    view.page._area.verticalScrollBar().setValue(240)
    studio.shoot(f"{name}-shown")
    in_dark(studio, name)
    view.page._area.verticalScrollBar().setValue(0)


def discover_link(studio: Any, name: str) -> None:
    """A link has named a file; and one that is not there."""
    view = _view(studio)
    view.page.show_downloads([])
    view.page.show_page(replace(_page(), chosen="Q6_K"))
    view.list.show_busy(False)
    studio.wait(view.page._area.updatesEnabled)
    studio.shoot(name)
    note = "There is no file old-Q9.gguf here any more; these are the ones there are."
    view.page.show_page(replace(_page(), note=note))
    view.list.show_busy(False)
    studio.wait(view.page._area.updatesEnabled)
    studio.shoot(f"{name}-gone")


def discover_empty(studio: Any, name: str) -> None:
    """Nothing was found, and why that may be."""
    from gui.discover.shown import Answer

    view = _view(studio)
    view.list.search.setText("nothing like this")
    view.list.panel.choices["language"].setCurrentIndex(9)
    view.list.show_answer(Answer(view.list.asked()))
    view.list.show_busy(False)
    view.page.show_page(None)
    studio.shoot(name)
    view.list.panel.clear()


def _drawn(width: int, height: int) -> Any:
    """A picture as a card may have one."""
    from PySide6.QtCore import Qt
    from PySide6.QtGui import QColor, QImage, QPainter

    image = QImage(width, height, QImage.Format.Format_RGB32)
    image.fill(QColor("#dfe9f2"))
    painter = QPainter(image)
    for i in range(6):
        painter.fillRect(40 + i * 60, height - 20 - i * 18, 36, 20 + i * 18, QColor("#5b7ea3"))
    painter.drawText(image.rect(), Qt.AlignmentFlag.AlignTop, "tokens per second")
    painter.end()
    return image


def discover_start(studio: Any, name: str) -> None:
    """Nobody was asked yet: models to begin with."""
    from helpers.fake_engine import REPORT

    studio.shell.desk.set_hardware(REPORT)
    view = _view(studio)
    view.list.search.clear()
    view.finder.ask(view.list.asked())
    view.page.show_page(None)
    view.page.show_downloads([])
    studio.shoot(name)


def discover_no_network(studio: Any, name: str) -> None:
    from gui.discover.shown import Answer, Query

    view = _view(studio)
    view.list.search.setText("qwen3 4b")
    words = "huggingface.co cannot be reached; look at the connection and try again"
    view.list.show_answer(Answer(Query("qwen3 4b"), problem=words))
    view.page.show_page(None)
    studio.shoot(name)


LONG = "A-Very-Long-Name-Of-A-Model-Somebody-Merged-From-Five-Others-2511-Instruct-Abliterated"


def discover_long(studio: Any, name: str) -> None:
    """Long names, files instead of types, a licence that goes on and on, sentences."""
    from gui.discover.shown import Answer, Found

    view = _view(studio)
    view.page.show_downloads([])
    fit, never = _fit("well", 31, 3.8, 70), _fit("not", 0, 250)
    repo = f"somebody-with-a-long-name/{LONG}-GGUF"
    found = Found(repo, 12, 3, "a-licence-of-ones-own-that-goes-on-and-on", fit=fit)
    words = "Made with a type that Chaski does not know: it can neither be opened nor converted"
    offers = tuple(
        replace(each, name=f"{LONG}-{each.name}.gguf", fit=each.fit and fit)
        for each in _page().offers
    )
    offers = (*offers[:5], replace(offers[5], fit=never), replace(offers[6], problem=words))
    view.list.search.setText("long names of models that nobody could remember")
    view.list._later.stop()  # nobody is asked
    view.list.show_answer(Answer(view.list.asked(), (found, *_found()[3:])), repo)
    view.page.show_page(replace(_page(), found=found, offers=offers, note=f"There is no {LONG}"))
    view.list.show_busy(False)
    studio.wait(view.page._area.updatesEnabled)
    in_both(studio, name)
    in_sizes(studio, **{f"{name}-narrow": (760, 600), f"{name}-1000": (1000, 700)})


def activity_long(studio: Any, name: str) -> None:
    """Long names and a long reason; in a small window, too."""
    from gui.activity.activity_view import ActivityView

    studio.window.show_view("activity")
    view = studio.window.view("activity")
    assert isinstance(view, ActivityView)
    why = "huggingface.co does not answer; look at the connection, then go on. " * 3
    studio.shell.desk.works.all = [
        replace(work, title=f"{LONG} · {work.title}", words=work.words and why) for work in _works()
    ]
    view.refresh()
    in_both(studio, name)
    in_sizes(studio, **{f"{name}-narrow": (760, 600)})
    studio.shell.desk.works.all = []
    view.refresh()


def activity(studio: Any, name: str) -> None:
    from gui.activity.activity_view import ActivityView

    studio.window.show_view("activity")
    view = studio.window.view("activity")
    assert isinstance(view, ActivityView)
    studio.shoot(f"{name}-empty")
    studio.shell.desk.works.all = _works()
    studio.engine.is_busy = True
    view.refresh()
    studio.shoot(name)
    studio.engine.is_busy = False
    studio.shell.desk.works.all = []
    view.refresh()


def _view(studio: Any) -> Any:
    studio.window.show_view("discover")
    view = studio.window.view("discover")
    view.finder.close()
    return view


def _fit(verdict: str, speed: float, gigabytes: float, read_s: float = 0.0) -> Any:
    from engine.api import Fit, Verdict

    text = "2.50 GB weights + 1.21 GB context + 0.11 GB workspace = 3.82 GB of 21.4 GB free"
    return Fit(Verdict(verdict), speed, int(gigabytes * 1e9), text, int(21.4e9), read_s)


def _found() -> tuple[Any, ...]:
    from gui.discover.shown import Found

    well, slow, never = _fit("well", 31, 3.8), _fit("slowly", 5, 15), _fit("not", 0, 250)
    return (
        Found("Qwen/Qwen3-4B-GGUF", 1_200_000, 1900, "apache-2.0", fit=well),
        Found("bartowski/Llama-3.2-3B-Instruct-GGUF", 980_000, fit=well),
        Found("bartowski/gemma-2-2b-it-GGUF", 870_000, fit=well),
        Found("bartowski/Mistral-Small-24B-GGUF", 390_000, fit=slow),
        Found("acme/A-Very-Long-Model-Name-2511-GGUF", 3900, problem="an unknown family"),
        Found("big/Model-400B-GGUF", 41_000, fit=never),
    )


def _page() -> Any:
    from gui.discover.shown import Offer, Page

    offers = (
        Offer("F16", 8_050_000_000, _fit("slowly", 6, 9.1, 210), "Nothing is lost"),
        Offer(
            "Q8_0", 4_280_000_000, _fit("well", 18, 5.4, 74), "No loss that anybody would notice"
        ),
        Offer(
            "Q6_K", 3_310_000_000, _fit("well", 24, 4.4, 71), "No loss that anybody would notice"
        ),
        Offer(
            "Q4_K_M",
            2_500_000_000,
            _fit("well", 31, 3.6, 68),
            "Best here; measured: 2.4 % worse at predicting text",
            recommended=True,
        ),
        Offer("Q2_K", 1_670_000_000, _fit("well", 44, 2.9, 66), "A clear loss", path="/q2.gguf"),
        Offer("F32", 16_100_000_000, _fit("not", 0, 17.2), "Nothing is lost"),
        Offer("IQ9", 1_100_000_000, None, problem="Made with a type that Chaski does not know"),
    )
    sums = "Q4_K_M: 2.50 GB weights + 1.21 GB context + 0.11 GB workspace = 3.82 GB of 21.4 GB free"
    summary = "4.0B parameters · family qwen3 · 40,960 tokens of trained context · en, fr, ja"
    return Page(_found()[0], 8192, summary, offers, (CARD,), sums=sums)


def _works() -> list[Any]:
    from gui.widgets.work_card import Work

    going = "1.31 GB of 2.02 GB · 18.2 MB/s"
    lost = "huggingface.co does not answer; look at the connection, then go on."
    return [
        Work(1, "Llama 3.2 3B Q4_K_M", "running", 0.65, going, left="39 s left", can_pause=True),
        Work(2, "Qwen3 8B Q4_K_M", "paused", 0.1, "500 MB of 5.02 GB", can_resume=True),
        Work(3, "SmolLM2 1.7B Q8_0", "failed", 0.2, "500 MB of 1.80 GB", lost, can_resume=True),
        Work(4, "Gemma 2 2B Q6_K", "done", 1.0, "2.15 GB", "Checked and added", path="/g.gguf"),
    ]
