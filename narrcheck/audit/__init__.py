"""A year's filings as one audit: a store, workers that fill it, rules across filings, summaries, decisions."""
