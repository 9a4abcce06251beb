"""Rows as CSV (RFC 4180) that a spreadsheet opens without harm."""
import csv
import io

MEDIA_TYPE = "text/csv; charset=utf-8"
# What a spreadsheet would take for a formula, in a script of wide characters too.
FORMULA_BEGINS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def _cell(value):
    if isinstance(value, str) and value.startswith(FORMULA_BEGINS):
        return f"'{value}"
    return value


def of_rows(columns, rows):
    """Dictionaries as lines below the names of their columns; None is an empty cell."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(columns)
    writer.writerows([_cell(row[column]) for column in columns] for row in rows)
    return text.getvalue()
