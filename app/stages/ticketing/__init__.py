"""（二）取号: the queue, from the ticket machine to the end of the visit."""
