"""How good narrcheck is: labelled fixtures, scores against them, comparisons, planted faults, ablations."""
