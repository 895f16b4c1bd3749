"""Text that is written to be read: Markdown, code and formulas as widgets. Knows no engine."""
