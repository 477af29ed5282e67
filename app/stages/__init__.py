"""The ten stages of the regulation (第十五条); each room holds the acts of one stage."""
