"""Native kernels: one file per job. They see addresses and sizes, never Python objects."""
