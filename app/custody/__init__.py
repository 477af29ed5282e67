"""Custody: papers change hands on slips, file to the office, result to the window."""
