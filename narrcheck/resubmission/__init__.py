"""A filing handed in again: what became of the findings of the earlier report."""

from narrcheck.resubmission.compare import compared, masked
from narrcheck.resubmission.errors import SavedReportError
from narrcheck.resubmission.load import load

__all__ = ["SavedReportError", "compared", "load", "masked"]
