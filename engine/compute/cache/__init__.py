"""What a sequence remembers between passes."""

from engine.compute.cache.full import CACHE_TYPES, CacheLayout, CacheSequence, StatePlace

__all__ = ["CACHE_TYPES", "CacheLayout", "CacheSequence", "StatePlace"]
