"""Documents of companies that do not exist, made from a seed, with the truth about them.

Every document is generated: nothing in it comes from a third party, and the same seed gives the
same bytes.
"""

from yanku.testing.samples.evalset import make_evaluation_set
from yanku.testing.samples.make import Samples, make_samples
from yanku.testing.samples.paper import Printed

__all__ = ["Printed", "Samples", "make_evaluation_set", "make_samples"]
