"""Biomarkers in eligibility text: names of genes and antigens with what is said of them, as statements and as logic.

`names` knows what names a marker, `tokens` tags the words of a criterion, `grammar` reads statements from the tags,
`wording` spells them, `requirements` joins those of a whole text into alternatives.
"""
