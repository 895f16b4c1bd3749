"""The one form all steps have: they change the candidates in place and may use the state."""

from collections.abc import Callable

from engine.sampling.candidates import Candidates
from engine.sampling.state import State

Step = Callable[[Candidates, State], None]
