"""Words of a text, merged rankings, evidence that fits a budget."""
