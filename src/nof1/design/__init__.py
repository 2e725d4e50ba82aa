"""Allocation sets, drawing, the schedule without arms, and the seal."""
