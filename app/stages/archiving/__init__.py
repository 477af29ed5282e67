"""（九）归档: two people file what is closed."""
