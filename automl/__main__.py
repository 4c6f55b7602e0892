"""`python -m automl`: the same as the command `automl`."""

import sys

from automl.cli.main import main

if __name__ == "__main__":
    sys.exit(main())
