"""Quantities stated in the free texts of a filing, with what they count and where they stand."""
