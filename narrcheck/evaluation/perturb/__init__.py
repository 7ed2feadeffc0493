"""Faults planted into filings, and rewrites that must change nothing."""
