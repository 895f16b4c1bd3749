"""Hugging Face and its mirrors: what they have, and how it comes here."""
