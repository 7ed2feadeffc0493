"""The N rules: text against the table, and against itself."""

from narrcheck.rules import goals, internal, table, whole, years

__all__ = ["goals", "internal", "table", "whole", "years"]
