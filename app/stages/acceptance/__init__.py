"""（四）受理: the office accepts, or proposes not to."""
