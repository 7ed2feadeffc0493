"""Measures narrcheck's speed and memory as ratios within one run: `make bench`."""
