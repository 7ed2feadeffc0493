"""The language model's part: it proposes claims, links and judgements by quoting; code decides what stands."""
