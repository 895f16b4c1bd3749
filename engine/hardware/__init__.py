"""What this machine has, what the kernels use of it, and whether a model fits.

`report.make_report` gathers, `fits.fit` judges. Asks the system only: no kernels, no threads, and
nothing here may take longer than two seconds (the measurement of memory aside, which is asked for).
"""
