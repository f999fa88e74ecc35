"""How often trialkg is right, on annotated data."""
