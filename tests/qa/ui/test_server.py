import signal
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from qa.errors import InputError
from qa.ui.page import serve
from qa.ui.server import address, listen

SERVE_SCRIPTED = """
from pathlib import Path
from page_samples import ScriptedBot
from qa.settings import Settings
from qa.ui.page import serve

serve(ScriptedBot(settings=Settings(corpus_dir=Path("corpus"), data_dir=Path("data"))), port=0)
"""


def test_it_listens_on_loopback_only_and_says_where():
    with listen(0) as listener:
        host, port = listener.getsockname()
        assert host == "127.0.0.1" and port > 0
        assert address(listener) == f"http://127.0.0.1:{port}"


def test_a_port_in_use_is_said_in_one_line(scripted_bot):
    with listen(0) as listener:
        port = listener.getsockname()[1]
        with pytest.raises(InputError) as caught:
            serve(scripted_bot, port=port)
    assert str(caught.value) == (f"Port {port} is in use; choose another with --port, or --port 0 for any free one.")


def test_it_prints_its_address_and_ends_cleanly_on_ctrl_c_with_a_tab_open():
    with subprocess.Popen(
        [sys.executable, "-c", SERVE_SCRIPTED],
        cwd=Path(__file__).parent,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        line = process.stdout.readline()
        assert line.startswith("The chat page is at http://127.0.0.1:"), process.stderr.read()
        with httpx.stream("GET", f"{line.split()[5]}/gradio_api/heartbeat/tab", timeout=60) as open_tab:
            assert open_tab.status_code == 200
            process.send_signal(signal.SIGINT)
            rest, errors = process.communicate(timeout=60)
    assert (process.returncode, rest, errors) == (0, "", "")  # waiting in vain for the tab would be an error line
