from . import elsewhere, models  # all mapped classes are known
