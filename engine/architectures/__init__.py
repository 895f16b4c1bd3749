"""Model families. Every file here is one, named as GGUF names it: its keys, its graph, and where a
Hugging Face checkpoint's tensors go. No arithmetic; what they share is in `shared`.
"""

from engine.architectures.shared.find import build_graph, known_architectures

__all__ = ["build_graph", "known_architectures"]
