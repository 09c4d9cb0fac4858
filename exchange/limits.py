"""How much of a stranger's file is read, so that a small upload cannot fill the memory or the day of a server."""

MIB = 1024 * 1024

# Markdown is written by hand: a thousand pages of the UK Core log.
LARGEST_MARKDOWN = 2 * MIB
# A log of 5,000 hazards with long texts takes about 2 MiB; the caller refuses earlier, while the upload still runs.
LARGEST_FILE = 25 * MIB
# The largest log that was found in public has a few hundred hazards; a national supplier may have thousands.
MOST_ROWS = 50_000
# What Excel itself allows in one cell.
LONGEST_CELL = 32_767
# The official layout has 28; people add some of their own.
MOST_COLUMNS = 200
# Titles, versions and names of a log stand above its headings.
ROWS_BEFORE_DATA = 30
# The official headings take four rows.
HEADING_ROWS = 4
# As many as fit in `models.hazards.hazards.Hazard.name`.
LONGEST_NAME = 300
# Someone with more than this has the wrong file, not 10,000 mistakes to mend.
MOST_PROBLEMS = 10_000
# 28 cells as long as Excel allows; a longer line is no table.
LONGEST_LINE = 1_000_000

# The official template has 34 parts and 5 sheets.
MOST_PARTS = 2_000
MOST_SHEETS = 100
# The list of parts at the end of a zip: 2,000 entries with names of up to 210 bytes.
LARGEST_PART_LIST = MIB // 2
# 50,000 hazards of 2.5 KiB; a text of it all may take four times as much memory.
LARGEST_UNPACKED = 128 * MIB
# Excel's parts shrink 5 to 100 times, deflate can reach 1,032; below 10 MiB a high ratio does no harm.
HIGHEST_RATIO = 200
RATIO_MATTERS_FROM = 10 * MIB
# 50,000 rows of 28 cells: a cell, its value and its text in the table take ten.
MOST_TAGS = 16_000_000
# What Excel itself allows.
MOST_STYLES = 65_490
# Excel itself nests a dozen.
DEEPEST_ELEMENT = 64
# One tag with its attributes, or the text of one cell; more than the longest cell in the longest encoding.
LONGEST_TOKEN = MIB
# Excel's own last row.
LAST_ROW = 1_048_576
