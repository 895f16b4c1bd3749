"""Plain words for models: what a weight type means. No Qt."""

TYPES = {
    "F32": "The weights as they were trained, in full: the largest files",
    "F16": "The weights at half size: as good as the original",
    "BF16": "The original weights of most new models",
    "Q8": "About 8 bits a weight: nearly lossless",
    "Q6": "About 6 bits a weight: hardly a difference to the original",
    "Q5": "About 5 bits a weight: very close to the original",
    "Q4": "About 4 bits a weight: the usual balance of size and quality",
    "Q3": "About 3 bits a weight: small, with some loss",
    "Q2": "About 2 bits a weight: very small, with clear loss",
}


def type_sentence(name: str) -> str:
    """ "Q4_K_M" → a sentence; "" for a type nobody has described."""
    found = TYPES.get(name) or TYPES.get(name[:2]) or TYPES.get(f"Q{name[2:3]}")
    return f"{name}: {found}" if found else name
