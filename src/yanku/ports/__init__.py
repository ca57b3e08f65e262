"""The seams: small Protocols between the rooms and the world."""

from yanku.ports.finding import Embedder, Index
from yanku.ports.library import Library
from yanku.ports.meters import Look, Meters
from yanku.ports.models import Message, Model, Models, Sampling, Usage, Used
from yanku.ports.people import People
from yanku.ports.reading import Files, OnPages, Reader, Unpacked
from yanku.ports.record import Answers, FactBook, FactQuery, Ledger
from yanku.ports.releases import ReleaseBook
from yanku.ports.work import Clock, Handler, Queue

__all__ = [
    "Answers",
    "Clock",
    "Embedder",
    "FactBook",
    "FactQuery",
    "Files",
    "Handler",
    "Index",
    "Ledger",
    "Library",
    "Look",
    "Message",
    "Meters",
    "Model",
    "Models",
    "OnPages",
    "People",
    "Queue",
    "Reader",
    "ReleaseBook",
    "Sampling",
    "Unpacked",
    "Usage",
    "Used",
]
