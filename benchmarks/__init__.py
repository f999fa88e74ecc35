"""What trialkg costs, and how often it is right; run by hand."""
