"""File formats that weights come in. Files are untrusted: every number is checked before use."""
