"""The summary of everything a store holds: figures by SQL, shown as a page, a workbook, JSON or a short text."""
