"""The workshop: from weights that people find to a file that fits this machine; a look inside."""
