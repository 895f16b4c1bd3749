"""Scenes of Discover and Activity: the list, a model and its types, downloads, no network."""

from collections.abc import Callable
from functools import partial
from typing import Any

CARD = """# Qwen3-4B-GGUF

## Highlights

Qwen3 is a generation of **dense** and mixture-of-experts models.

- Thinks before it answers, where that is wanted
- More than a hundred languages

```python
print("hello")
```
"""


def scenes(studio: Any) -> dict[str, Callable[[str], None]]:
    every = (discover, discover_start, discover_no_network, activity)
    return {scene.__name__.replace("_", "-"): partial(scene, studio) for scene in every}


def discover(studio: Any, name: str) -> None:
    """A search and a model's page: light, dark, narrow."""
    from gui.discover.shown import Answer

    view = _view(studio)
    view.list.search.setText("qwen3 4b")
    found = _found()
    view.list.show_answer(Answer(view.list.asked(), found), found[0].id)
    view.page.show_page(_page())
    view.page.show_downloads(_works())
    studio.wait(view.page._area.updatesEnabled)
    studio.shoot(name)
    studio.shell.theme.choose("dark")
    studio.shoot(f"{name}-dark")
    studio.shell.theme.choose("light")
    studio.window.resize(760, 600)
    studio.shoot(f"{name}-narrow")
    studio.window.resize(1280, 800)


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
    from gui.discover.shown import Answer, Wanted

    view = _view(studio)
    view.list.search.setText("qwen3 4b")
    words = "huggingface.co cannot be reached; look at the connection and try again"
    view.list.show_answer(Answer(Wanted("qwen3 4b"), problem=words))
    view.page.show_page(None)
    studio.shoot(name)


def activity(studio: Any, name: str) -> None:
    from gui.activity.activity_view import ActivityView

    studio.window.show_view("activity")
    view = studio.window.view("activity")
    assert isinstance(view, ActivityView)
    studio.shoot(f"{name}-empty")
    studio.shell.desk.works.all = _works()
    view.refresh()
    studio.shoot(name)
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
            "Writes about 31 tok/s here, a small loss; the usual choice",
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
