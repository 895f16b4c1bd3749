"""Well-known sizes of models, what they take and what a token costs: foretold by the backend.

The figures are data, so that a page with them needs no compiler; a test asks the backend again for
the same shapes, those of real models.
"""

from dataclasses import dataclass, replace
from math import log

from engine.base.models import CacheWork, Forecast, ModelMemory, TokenWork, TypeWork

CONTEXT = 4096
BYTES_PER_WEIGHT = 4.85 / 8  # at Q4_K_M, all tensors of a model taken together


@dataclass(frozen=True)
class Typical:
    """A real model's shape at Q4_K_M, with its figures at a context of CONTEXT tokens."""

    billions: int
    name: str
    n_layer: int
    n_embd: int
    n_ff: int
    n_head: int
    n_head_kv: int
    head_dim: int
    n_vocab: int
    is_tied: bool
    memory: tuple[int, int, int, int]  # bytes: weights, cache, workspace, vocabulary
    q4_k: tuple[int, int, int, int]  # bytes, products, products and steps in a prompt
    q6_k: tuple[int, int, int, int]
    steps: int


TYPICAL = (
    Typical(
        1,
        "Llama-3.2-1B",
        16,
        2048,
        8192,
        32,
        8,
        64,
        128256,
        True,
        memory=(812_841_024, 134_217_728, 58_148_672, 84_648_960),
        q4_k=(480_116_736, 830_472_192, 792_723_456, 792_723_456),
        q6_k=(332_451_840, 405_274_624, 125_829_120, 125_829_120),
        steps=245,
    ),
    Typical(
        2,
        "Qwen3-1.7B",
        28,
        2048,
        6144,
        16,
        8,
        128,
        151936,
        True,
        memory=(1_120_241_216, 469_762_048, 49_473_344, 100_277_760),
        q4_k=(695_926_784, 1_203_765_248, 1_174_405_120, 1_174_405_120),
        q6_k=(423_843_840, 516_685_824, 192_937_984, 192_937_984),
        steps=425,
    ),
    Typical(
        4,
        "Qwen3-4B",
        36,
        2560,
        9728,
        32,
        8,
        128,
        151936,
        True,
        memory=(2_540_320_832, 603_979_776, 69_633_856, 100_277_760),
        q4_k=(1_814_077_440, 3_137_863_680, 3_077_570_560, 3_077_570_560),
        q6_k=(725_491_200, 884_408_320, 470_548_480, 470_548_480),
        steps=545,
    ),
    Typical(
        8,
        "Qwen3-8B",
        36,
        4096,
        12288,
        32,
        8,
        128,
        151936,
        False,
        memory=(5_114_987_072, 603_979_776, 88_827_712, 100_277_760),
        q4_k=(3_448_111_104, 5_964_300_288, 5_846_859_776, 5_846_859_776),
        q6_k=(1_315_614_720, 1_603_796_992, 931_135_488, 931_135_488),
        steps=545,
    ),
    Typical(
        14,
        "Qwen3-14B",
        40,
        5120,
        17408,
        40,
        8,
        128,
        151936,
        False,
        memory=(9_172_705_344, 671_088_640, 118_826_816, 100_277_760),
        q4_k=(6_547_046_400, 11_324_620_800, 11_120_148_480, 11_120_148_480),
        q6_k=(2_186_419_200, 2_665_349_120, 1_798_307_840, 1_798_307_840),
        steps=605,
    ),
    Typical(
        32,
        "Qwen3-32B",
        64,
        5120,
        25600,
        64,
        8,
        128,
        151936,
        False,
        memory=(20_175_547_456, 1_073_741_824, 160_114_496, 100_277_760),
        q4_k=(15_518_924_800, 26_843_545_600, 26_539_458_560, 26_539_458_560),
        q6_k=(4_216_396_800, 5_139_988_480, 4_231_004_160, 4_231_004_160),
        steps=965,
    ),
    Typical(
        70,
        "Llama-3.3-70B",
        80,
        8192,
        28672,
        64,
        8,
        128,
        128256,
        False,
        memory=(43_388_102_720, 1_342_177_280, 186_664_768, 84_648_960),
        q4_k=(33_947_648_000, 58_720_256_000, 58_183_385_088, 58_183_385_088),
        q6_k=(8_844_165_120, 10_781_458_432, 9_495_904_256, 9_495_904_256),
        steps=1205,
    ),
)


def typical_forecast(model: Typical) -> Forecast:
    """As the backend told it."""
    item = 2  # bytes of a half float
    of_position = model.n_layer * model.n_head_kv * 2 * model.head_dim * item
    with_position = model.n_layer * model.n_head * 2 * model.head_dim
    types = (TypeWork("Q4_K", *model.q4_k), TypeWork("Q6_K", *model.q6_k))
    work = TokenWork(types, (CacheWork(0, of_position, with_position),), model.steps)
    return Forecast(CONTEXT, ModelMemory(*model.memory), work)


def rough_forecast(n_bytes: int, n_parameters: int, n_ctx: int = CONTEXT) -> Forecast:
    """Of a model of which nothing but its sizes is known: as the well-known one next to it in size
    has it, at the same number of weights and bytes."""
    weights = max(1, n_parameters or round(n_bytes / BYTES_PER_WEIGHT))
    near = min(TYPICAL, key=lambda each: abs(log(each.billions * 1e9 / weights)))
    like = typical_forecast(near)
    of_weights = weights / sum(each.products for each in like.work.types)
    of_bytes = max(1, n_bytes) / like.work.bytes
    types = (_sized(each, of_bytes, of_weights) for each in like.work.types)
    memory = replace(like.memory, weights=n_bytes, cache=like.memory.cache * n_ctx // CONTEXT)
    return Forecast(n_ctx, memory, replace(like.work, types=tuple(types)))


def _sized(work: TypeWork, of_bytes: float, of_weights: float) -> TypeWork:
    return TypeWork(
        work.type,
        round(work.bytes * of_bytes),
        round(work.products * of_weights),
        round(work.prompt_products * of_weights),
    )
