"""`qa eval compare-chunking`: which passage size, overlap, fusion weights and embedder suit one's own documents.

`settings_grid` makes the rows, `compare_chunking` measures them, `show_sweep` and `sweep_markdown` show them.
"""

from eval.sweeping.comparing import compare_chunking
from eval.sweeping.display import show_sweep, sweep_markdown
from eval.sweeping.grid import SWEPT, Setup, settings_grid
from eval.sweeping.standing import Sweep, SweepRow, check_sort

__all__ = [
    "SWEPT",
    "Setup",
    "Sweep",
    "SweepRow",
    "check_sort",
    "compare_chunking",
    "settings_grid",
    "show_sweep",
    "sweep_markdown",
]
