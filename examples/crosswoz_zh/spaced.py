"""Reads CSV with a column "text" and writes it with one more, "spaced": the same characters with a space between them.

A network reads texts as words between spaces, and Chinese has none.
"""

import csv
import io
import sys

source = io.TextIOWrapper(sys.stdin.buffer, encoding="utf-8", newline="")
target = io.TextIOWrapper(sys.stdout.buffer, encoding="utf-8", newline="")
rows = csv.DictReader(source)
out = csv.DictWriter(target, [*rows.fieldnames, "spaced"], lineterminator="\n")
out.writeheader()
for row in rows:
    row["spaced"] = " ".join(row["text"].replace(" ", ""))
    out.writerow(row)
target.flush()
