"""What a sequence remembers between passes."""

from engine.compute.cache.full import CacheLayout, CacheSequence, Heads, LayerPlace

__all__ = ["CacheLayout", "CacheSequence", "Heads", "LayerPlace"]
