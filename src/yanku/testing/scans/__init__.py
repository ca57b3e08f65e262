"""Invented documents scanned, faxed and photographed badly, with the truth of what they say."""
