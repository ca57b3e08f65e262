"""Whole documents in layouts of their own, printed with the truth of what they say."""
