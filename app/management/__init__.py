"""Chapters two and three of the rule: what a level cannot decide goes up (第十四条)."""
