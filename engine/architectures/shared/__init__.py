"""What the families are written with: keys of a file, a pen for graphs, rules for checkpoints."""
