"""（六）出件: the certificate is made, and the result leaves."""
