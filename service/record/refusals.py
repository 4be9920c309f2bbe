"""Why a record is not opened; what befalls an open one is `service.problems.RecordUnavailable`."""

from models.errors import BadInput


class RecordRefused(BadInput):
    """The decision record cannot be used as it is; the message says what to do about it."""
