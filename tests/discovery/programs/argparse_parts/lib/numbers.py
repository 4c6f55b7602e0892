from . import defaults  # a circle, as it happens

BASE = 1e-3
