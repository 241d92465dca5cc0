"""The one family of errors: what is wrong, where, and what to do."""

from __future__ import annotations


class BlogError(Exception):
    """A failure that the user can mend; printed as it is, one line a fault, exit code 1.

    `where` is a file, `file:line` or `file: key`; `cure` is what to do, in the imperative.
    """

    def __init__(self, what: str, where: str = "", cure: str = "") -> None:
        self.what, self.where, self.cure = what, where, cure
        super().__init__(what, where, cure)

    def __str__(self) -> str:
        place = f"{self.where}: " if self.where else ""
        cure = f" ({self.cure})" if self.cure else ""
        lines = f"{place}{self.what}{cure}".splitlines()
        return "\n".join(" ".join(line.split()) for line in lines)
