"""（五）审查与决定: the office examines and decides."""
