"""`python -m narrcheck`."""

import sys

from narrcheck.cli import main

sys.exit(main())
