"""Breast cancer trials annotated by hand: which markers, drugs and procedures, and what a trial has to do with them."""
