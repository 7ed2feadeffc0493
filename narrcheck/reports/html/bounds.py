"""How much one page shows at most. What goes beyond is counted in a sentence, never dropped in silence."""

FILINGS = 200
"""Filings with a section of their own; the rest stand in the list only."""
PAGE = 16_000_000
"""Characters of all sections together: a section that would begin beyond is left to the list."""
LISTED = 5_000
"""Lines of the list of filings."""
CARDS = 500
"""Findings of one filing."""
PIECES = 20
"""Pieces of evidence of one finding."""
MARKS = 3_000
"""Marked claims and pieces of evidence of one filing, the evidence first."""
TEXT = 100_000
"""Characters of a text that is shown whole, and of what is shown of a longer one."""
BEGINNING = 10_000
"""Characters from the beginning of a text that is not shown whole."""
CELL = 2_000
"""Characters of a cell that is shown whole."""
AROUND = 300
"""Characters on either side of a quote in a text that is not shown whole."""
CONTEXT = 24
"""Characters on either side of a quote in a finding."""
QUOTE = 300
"""Characters of a quote in a finding."""
ROWS = 2_000
"""Rows of a table of the form."""
CLAIMS = 3_000
"""Rows of the table of claims."""
LINES = 500
"""Lines of any other list."""
LINE = 1_000
"""Characters of a sentence."""
NAME = 200
"""Characters of a name."""
TOGETHER = 12
"""Findings and rows that one stretch of text names, where more of them overlap."""
SEARCHED = 50_000_000
"""Characters looked through in one filing for quotes that are not where they should be."""
