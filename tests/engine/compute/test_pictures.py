"""The pictures at the top of kernels' files: parts lie one behind the other, and there is room."""

import itertools

import pytest

from engine.compute.kernels import activations as a
from engine.compute.kernels import attention, driver, roof, tiles
from engine.compute.kernels.abi import COUNTER_BYTES, WORD
from engine.compute.kernels.panels import scratch_bytes
from engine.compute.simd.memory import FLOAT
from engine.compute.simd.vectors import LANES, VECTOR

pytestmark = pytest.mark.anywhere

BYTES, WORDS = a.GROUP * a.COLUMNS, 2 * a.GROUP * a.COLUMNS
ONE, TWO = FLOAT * a.GROUP, 2 * FLOAT * a.GROUP
BLOCKS = {  # of a group, by form: where a part begins and what it takes
    "q8": [(0, BYTES), (a.Q8_SCALE, ONE), (a.Q8_SUM, ONE), (a.Q8_HALVES, TWO)],
    "q8f": [
        *((0, BYTES), (a.Q8_SCALE, ONE), (a.Q8_SUM, ONE), (a.Q8_HALVES, TWO)),
        (a.Q8F_SCALES, TWO),
    ],
    "q16": [(0, WORDS), (a.Q16_SCALE, ONE), (a.Q16_SUM, ONE), (a.Q16_HALVES, TWO)],
    "q8x2": [
        *((0, BYTES), (a.Q8X2_LOW, BYTES)),
        *((a.Q16_SCALE, ONE), (a.Q16_SUM, ONE), (a.Q16_HALVES, TWO)),
    ],
}


@pytest.mark.parametrize("form", a.BLOCK_BYTES)
def test_parts_of_a_block_of_activations(form: str) -> None:
    end = 0
    for start, size in BLOCKS[form]:
        assert start == end
        end += size
    assert end == a.BLOCK_BYTES[form]


def test_attention_has_room_for_what_it_draws() -> None:
    for queries, dim, v_row in itertools.product((1, 4, 7, 32), (16, 40, 64, 128, 256), (16, 128)):
        state = (attention.STATE_BYTES * queries + 63) // 64 * 64
        drawn = FLOAT * queries * (dim + v_row) + attention.SCORES_BYTES * queries + state
        part = queries * max(attention.PART_BYTES, VECTOR)
        assert drawn + part <= attention.scratch_bytes(queries, dim, v_row)


def test_words_that_the_team_writes_have_lines_of_their_own() -> None:
    written = (driver.ARRIVED, driver.TURN, driver.PASS)
    read = (driver.SIZE, driver.ROWS, driver.N_ROWS, driver.BATCH, driver.YIELD)
    read += (driver.STOP, driver.SLEEP, driver.SHORTLY)
    assert driver.LINE == COUNTER_BYTES
    assert len({at // driver.LINE for at in written}) == len(written)
    assert not {at // driver.LINE for at in written} & {at // driver.LINE for at in read}
    assert len({*written, *read}) == len(written) + len(read)
    assert max(*written, *read) + WORD <= driver.TEAM_BYTES


def test_a_tile_is_told_nine_things() -> None:
    named = (tiles.PANEL, tiles.BLOCKS, tiles.LANE, tiles.X, tiles.X_STRIDE)
    told = [*named, *range(tiles.N_TILE_ARGS)[tiles.OUTPUTS]]
    assert told == [*range(tiles.N_TILE_ARGS)]


def test_the_roof_has_room_for_a_panel_and_its_sums() -> None:
    assert scratch_bytes(roof.COLUMNS) >= roof.PANEL_BYTES
    assert tiles.TILE_TOKENS * VECTOR <= roof.SINK_BYTES
    assert VECTOR == LANES * FLOAT
