"""Discover: models on Hugging Face, what each would be here, and getting one."""
