"""The eval suite: cases with known answers go in, numbers with intervals come out.

`eval` imports `qa`, never the reverse.
"""
