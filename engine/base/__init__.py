"""What every storey may use: errors, events, jobs, paths. Standard library only."""
