"""A look at a token of an answer gives what the sampler really saw, and changes nothing."""

from collections.abc import Iterator
from dataclasses import replace
from math import exp

import numpy as np
import pytest
from helpers.brief_session import brief_session, model_with_turns
from helpers.open_tiny import drive

from engine.base.errors import UsageError
from engine.base.events import Event, Finished, TextDelta, TokenLogprob
from engine.base.looks import AnswerPlace, TokenLook
from engine.base.models import Message
from engine.base.settings import GenerationParams, SamplingParams
from engine.model import Model
from engine.sampling.chain import make_sampler
from engine.session import Session

LENGTH = 20


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Model]:
    model = model_with_turns(tmp_path_factory.mktemp("model"))
    yield model
    model.close()


def answered(model: Model, sampling: SamplingParams) -> tuple[Session, list[TokenLogprob]]:
    """A session with one answer, and the raw logarithms of its tokens' probabilities."""
    session = brief_session(model)
    session.sampling = replace(sampling, n_probs=1, seed=3)
    session.generation = GenerationParams(max_tokens=LENGTH, ignore_eos=True)
    session.messages.append(Message("user", "hello"))
    events: list[Event] = []
    drive(session.reply(), events)
    assert isinstance(events[-1], Finished)
    return session, [each for e in events if isinstance(e, TextDelta) for each in e.logprobs]


def look(session: Session, place: AnswerPlace, probe: Session | None = None) -> TokenLook:
    found = drive((probe or session).looking(session.kept, place))
    assert isinstance(found, TokenLook)
    return found


@pytest.mark.parametrize(
    "sampling",
    [
        SamplingParams(temperature=1.5),
        SamplingParams(temperature=0),
        SamplingParams(temperature=0, repeat_penalty=1.5),
        SamplingParams(top_k=3, min_p=0.0, repeat_penalty=1.3, presence_penalty=0.4),
        SamplingParams(temperature=2, xtc_probability=0.5, xtc_threshold=0.01, min_p=0.001),
        SamplingParams(temperature=2, mirostat=2, mirostat_tau=2.0),
        SamplingParams(temperature=2, mirostat=1, mirostat_tau=3.0),
        SamplingParams(temperature=1.5, adaptive_target=0.2),
        SamplingParams(temperature=1.5, dry_multiplier=0.8, samplers=("dry", "top_p", "min_p")),
    ],
)
def test_it_is_what_the_sampler_saw(model: Model, sampling: SamplingParams) -> None:
    session, logprobs = answered(model, sampling)
    text = session.messages[-1].content
    first = look(session, AnswerPlace(token=0))
    assert first.is_exact
    looks = [look(session, AnswerPlace(token=i)) for i in range(first.n_tokens)]
    shown = [each.token for each in logprobs][-len(looks) - 1 :]
    told = {each.token: each.logprob for each in logprobs}
    assert set(shown) >= {each.chosen for each in looks}
    for each in looks:
        rows = {row.token: row for row in each.alternatives}
        chosen = rows[each.chosen]
        assert chosen.cut_by == ""
        assert chosen.chance > 0
        assert sum(row.chance for row in rows.values()) > 0.999 or len(rows) >= 8
        assert all(row.chance == 0 for row in rows.values() if row.cut_by)
        likely = [row.probability for row in each.alternatives]
        assert likely == sorted(likely, reverse=True)
        assert chosen.text.strip("\ufffd ") in text[each.begin : each.end]
    assert any(
        abs(
            told[each.chosen]
            - np.log(next(row.probability for row in each.alternatives if row.token == each.chosen))
        )
        < 1e-4
        for each in looks
    )


def test_a_letter_leads_to_its_token(model: Model) -> None:
    session, _ = answered(model, SamplingParams())
    text = session.messages[-1].content
    n = look(session, AnswerPlace()).n_tokens
    for number in range(n):
        by_number = look(session, AnswerPlace(token=number))
        if by_number.end > by_number.begin:
            by_letter = look(session, AnswerPlace(letter=by_number.begin))
            assert (by_letter.begin, by_letter.end) == (by_number.begin, by_number.end)
    assert look(session, AnswerPlace(letter=10**6)).end == len(text)
    with pytest.raises(UsageError, match="no token"):
        look(session, AnswerPlace(token=n))


def test_the_conversation_goes_on_untouched(model: Model) -> None:
    session, _ = answered(model, SamplingParams())
    twin, _ = answered(model, SamplingParams())
    for number in (0, 5, 2):
        look(session, AnswerPlace(token=number))
    ends = []
    for each in (session, twin):
        each.messages.append(Message("user", "and then?"))
        events: list[Event] = []
        drive(each.reply(), events)
        ends.append(events[-1])
    assert ends[0].text == ends[1].text
    assert ends[0].timings.cached_n == ends[1].timings.cached_n


def test_a_chat_that_comes_back_shows_what_it_would_see_now(model: Model) -> None:
    session, _ = answered(model, SamplingParams(temperature=0))
    again = brief_session(model)
    again.messages[:] = session.messages
    again.sampling, again.generation = SamplingParams(top_k=2), GenerationParams()
    found = look(again, AnswerPlace())
    assert not found.is_exact
    assert {row.cut_by for row in found.alternatives[2:]} == {"top_k"}
    again.messages.pop()
    with pytest.raises(UsageError, match="no answer"):
        look(again, AnswerPlace())


def test_each_step_is_named_by_what_it_takes_out() -> None:
    logits = np.log(np.array([0.5, 0.2, 0.12, 0.08, 0.05, 0.03, 0.02], np.float32))
    values = SamplingParams(top_k=6, top_p=0.96, min_p=0.2, temperature=1.0, seed=1)
    sampler = make_sampler(values, n_vocab=7)
    rows = sampler.trace(logits, 7)
    assert [row.cut_by for row in rows] == ["", "", "", "min_p", "min_p", "top_p", "top_k"]
    assert [row.probability for row in rows] == pytest.approx(np.exp(logits).tolist(), rel=1e-5)
    assert [row.chance for row in rows[:3]] == pytest.approx(
        [exp(logits[i]) / 0.82 for i in range(3)], rel=1e-5
    )
    before = sampler.copy()
    sampler.trace(logits, 7)
    assert [sampler.sample(logits).token for _ in range(9)] == [
        before.sample(logits).token for _ in range(9)
    ]
    forbidden = make_sampler(replace(values, logit_bias=((0, -float("inf")),)), n_vocab=7)
    assert forbidden.trace(logits, 7)[0].cut_by == "logit_bias"
    greedy = make_sampler(replace(values, temperature=0), n_vocab=7).trace(logits, 3)
    assert [(row.chance, row.cut_by) for row in greedy] == [
        (1, ""),
        (0, "temperature"),
        (0, "temperature"),
    ]
    xtc = make_sampler(
        SamplingParams(xtc_probability=0.1, xtc_threshold=0.1, top_p=1, min_p=0), n_vocab=7
    )
    assert [row.cut_by for row in xtc.trace(logits, 4)][:4] == ["xtc", "xtc", "", ""]
