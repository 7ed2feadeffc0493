"""Quantities as written: numerals, units, modifiers, and how two of them compare.

The vocabulary is in narrcheck/data.
"""
