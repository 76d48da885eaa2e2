"""The chat page; Gradio stays inside this package."""

import os

# Read when Gradio is imported, so set before any module here imports it: nothing leaves the machine.
os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
os.environ["HF_HUB_DISABLE_TELEMETRY"] = "1"
