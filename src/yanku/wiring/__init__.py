"""Settings to adapters to flows: the one place that chooses."""

from yanku.wiring.joining import build
from yanku.wiring.models import manifests_folder, model_store
from yanku.wiring.opening import answers_of, open_house
from yanku.wiring.parts import House, Parts
from yanku.wiring.reading import limits_of, reader_for
from yanku.wiring.terms import TERMS, terms_of

__all__ = [
    "TERMS",
    "House",
    "Parts",
    "answers_of",
    "build",
    "limits_of",
    "manifests_folder",
    "model_store",
    "open_house",
    "reader_for",
    "terms_of",
]
