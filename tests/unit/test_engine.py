"""The networks that read pictures, as one process has them."""

from __future__ import annotations

import numpy as np
import pytest

from yanku.errors import NotLoaded
from yanku.parse.engine import Network


def test_a_network_that_may_not_be_loaded_says_so_instead() -> None:
    network = Network("det")
    network.as_it_is()
    with pytest.raises(NotLoaded), network.answer(np.zeros((1, 32, 32, 3), np.uint8)):
        raise AssertionError("it was loaded")
