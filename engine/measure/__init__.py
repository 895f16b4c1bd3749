"""Measurements of a model: perplexity and KL divergence of texts, speed. Knows nothing of chats."""
