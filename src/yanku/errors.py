"""Every error we raise on purpose; the docstring of an error says when it happens.

YankuError
├── SettingsError              a setting is missing, contradictory or unsafe
├── SourceError                one file cannot be read; the document fails, nothing else does
│   ├── EmptySource            no bytes
│   ├── UnsupportedSource      no reader for this kind of file
│   ├── MismatchedSource       the bytes are not what the name says
│   ├── EncryptedSource        a password is needed
│   ├── WrongPassword          the password given does not open the file
│   ├── BrokenSource           the format's own rules are violated
│   ├── SourceTooLarge         over a limit (bytes, pages, pixels, cells, unpacked size)
│   └── ReaderDied             the parser ran out of memory or time, or crashed
├── NotFound                   no such thing, or not yours: the two look the same
├── NotAllowed                 you are known, and your role does not permit this action
├── NotSignedIn                no valid session or token
├── InvalidRequest             the request itself is wrong
├── Conflict                   the thing changed or exists already
├── ModelError
│   ├── ModelMissing           not in the store; pull it
│   ├── ModelCorrupt           a file does not match its digest; it is never loaded
│   ├── ModelUntrusted         nobody trusted signed its manifest; it is never fetched
│   ├── ModelUnavailable       the engine or endpoint does not answer
│   │   ├── ModelRefused       it answers that the request is wrong
│   │   └── AnswerBrokeOff     it does not, after the beginning of its answer
│   ├── ModelWithdrawn         the version was rolled back while it answered
│   └── PromptTooLong          the prompt does not fit the model's window
├── StoreError
│   ├── DatabaseUnavailable    PostgreSQL does not answer
│   ├── MigrationError         the schema is newer than this program, or was altered
│   ├── IndexUnavailable       the search index cannot be opened
│   └── HomeBusy               another process serves this home
├── NotLoaded                  a picture must be read by a process that has the networks
├── ClientGone                 whoever asked went away; nobody is told
├── DeadlinePassed             the answer took longer than its asker waits
└── Overloaded                 too much at once; try again after the time given
    └── BudgetSpent            this person or key has used up what it may use for now
"""

from __future__ import annotations


class YankuError(Exception):
    """Root of everything raised on purpose.

    ``code`` is stable, for programs; the message is for people: what happened, to what, what to do.
    """

    @property
    def code(self) -> str:
        """Return the stable name of this kind of error, such as ``broken_source``."""
        name = type(self).__name__
        return "".join("_" + c.lower() if c.isupper() else c for c in name).lstrip("_")


class SettingsError(YankuError):
    """A setting is missing, contradictory or unsafe; the program refuses to start."""


class SourceError(YankuError):
    """One file cannot be read; its document fails with this message, nothing else does."""


class EmptySource(SourceError):
    """The file has no bytes."""


class UnsupportedSource(SourceError):
    """There is no reader for this kind of file."""


class MismatchedSource(SourceError):
    """The bytes are not what the file name says."""


class EncryptedSource(SourceError):
    """The file is encrypted and needs a password."""


class WrongPassword(SourceError):
    """The password given does not open the file; nothing was changed."""


class BrokenSource(SourceError):
    """The file violates the rules of its own format."""


class SourceTooLarge(SourceError):
    """The file is over a limit: bytes, pages, pixels, cells or unpacked size."""


class ReaderDied(SourceError):
    """The parser ran out of memory or time, or crashed; it was alone in its process."""


class NotFound(YankuError):
    """There is no such thing, or it is not yours: the two look the same."""


class NotAllowed(YankuError):
    """You are known, and your role does not permit this action."""


class NotSignedIn(YankuError):
    """There is no valid session or token."""


class InvalidRequest(YankuError):
    """The request itself is wrong."""


class Conflict(YankuError):
    """The thing changed meanwhile or exists already."""


class ModelError(YankuError):
    """Something about a language or embedding model."""


class ModelMissing(ModelError):
    """The model is not in the store; pull it first."""


class ModelCorrupt(ModelError):
    """A model file does not match its digest; it is never loaded."""


class ModelUntrusted(ModelError):
    """The manifest is unsigned, or signed by nobody trusted, or altered since; it is not used."""


class ModelUnavailable(ModelError):
    """The engine or endpoint does not answer."""


class ModelRefused(ModelUnavailable):
    """The engine or endpoint says that the request is wrong; another of its kind may say so too."""


class AnswerBrokeOff(ModelUnavailable):
    """The engine or endpoint went in the middle of its answer; ask again."""


class ModelWithdrawn(ModelError):
    """The model version was rolled back while it answered; ask again."""


class PromptTooLong(ModelError):
    """The prompt does not fit the model's window."""


class StoreError(YankuError):
    """Something about where things are kept."""


class DatabaseUnavailable(StoreError):
    """PostgreSQL does not answer."""


class MigrationError(StoreError):
    """The schema is newer than this program, or was altered by hand."""


class IndexUnavailable(StoreError):
    """The search index cannot be opened."""


class HomeBusy(StoreError):
    """Another process serves this home."""


class NotLoaded(YankuError):
    """The networks that read pictures are not loaded here; a process that has them must read it."""


class ClientGone(YankuError):
    """Whoever asked went away; nobody is told anything."""


class DeadlinePassed(YankuError):
    """The answer took longer than its asker waits; nothing was given."""


class Overloaded(YankuError):
    """Too much at once; try again after ``retry_after_s`` seconds."""

    def __init__(self, message: str, retry_after_s: float = 1.0) -> None:
        super().__init__(message)
        self.retry_after_s = retry_after_s


class BudgetSpent(Overloaded):
    """The person or key has used up what it may use for now."""
