"""`python -m tfworker`."""

import sys

from tfworker.cli import main

sys.exit(main())
