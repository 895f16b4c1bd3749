"""Whether products of cases are tried whole: CHASKI_THOROUGH in the environment.

Every run tries each value on each axis; the rest of a product takes the same ways again.
"""

import os

THOROUGH = bool(os.environ.get("CHASKI_THOROUGH"))
