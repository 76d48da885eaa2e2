"""The eval suite's command line, thin: turn words into a call, and what comes back into a display."""
