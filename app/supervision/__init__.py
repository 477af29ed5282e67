"""Supervision: what is late, what is wrong, what is kept safe."""
