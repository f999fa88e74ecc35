"""Biomarkers in eligibility text: names of genes and antigens with what is said of them, as statements and as logic.

`names` and `variants` know what names a marker and its variants, `tokens` tags the words of a criterion, `synonyms`
keeps one name each, `grammar` reads statements from the tags. `polarity` tells on which side a statement counts,
`exact` says each thing once, `alternatives` joins what holds together, `requirements` does all of it for a text.
`wording` and `states` say what a biomarker is called and which concept it is; `mentions` gives states to the mentions
of the graph.
"""
