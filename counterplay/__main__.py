"""``python -m counterplay``, which is what ``torchrun -m counterplay`` starts."""

import sys

from counterplay.cli import main

sys.exit(main())
