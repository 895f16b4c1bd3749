"""XTC ("exclude top choices"): at times, drop all of the likely tokens but the least likely."""

import numpy as np

from engine.sampling.candidates import Candidates
from engine.sampling.state import State
from engine.sampling.step import Step


def make_xtc(probability: float, threshold: float, min_keep: int) -> Step:
    """With the given probability, remove the tokens above the threshold save the last of them."""

    def xtc(candidates: Candidates, state: State) -> None:
        if len(candidates) < 2 or state.xtc.random() > probability:
            return
        likely = np.flatnonzero(candidates.probabilities() >= np.float32(threshold))
        n_dropped = len(likely) - 1
        if n_dropped < 1 or len(candidates) - n_dropped < min_keep:
            return
        # Least likely of them; the later one on a tie, as in a sorted list.
        last = likely[::-1][np.argmin(candidates.logits[likely][::-1])]
        kept = np.ones(len(candidates), dtype=np.bool_)
        kept[likely] = False
        kept[last] = True
        candidates.keep(np.flatnonzero(kept))

    return xtc
