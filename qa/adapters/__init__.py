"""Third parties, one to a module: they stop here, and only our records travel past."""

import os

# onnxruntime 1.29 and later report each session to Microsoft from native code, unless this is set before it is
# imported (https://github.com/microsoft/onnxruntime/pull/27379). Nothing leaves the machine.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"
