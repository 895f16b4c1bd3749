"""What a sequence remembers between passes."""

from engine.compute.cache.full import CACHE_TYPES, CacheLayout, CacheSequence, Heads, LayerPlace

__all__ = ["CACHE_TYPES", "CacheLayout", "CacheSequence", "Heads", "LayerPlace"]
