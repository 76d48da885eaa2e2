import signal
import socket
import subprocess
import sys
import time

import httpx
import pytest

from qa.errors import InputError
from qa.ui.server import address, listen


def test_it_listens_on_loopback_only_and_says_where():
    with listen(0) as listener:
        host, port = listener.getsockname()
        assert host == "127.0.0.1" and port > 0
        assert address(listener) == f"http://127.0.0.1:{port}"


def test_a_port_in_use_is_said_in_one_line():
    with listen(0) as listener:
        port = listener.getsockname()[1]
        with pytest.raises(InputError, match=rf"^Port {port} is in use; choose another with --port") as caught:
            listen(port)
    assert "\n" not in str(caught.value)


def test_qa_chat_prints_its_address_and_ends_cleanly_on_ctrl_c(corpus, tmp_path):
    command = [
        sys.executable,
        "-m",
        "qa",
        "--corpus",
        str(corpus),
        "--data-dir",
        str(tmp_path / "d"),
        "chat",
        "--port",
        "0",
    ]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        line = process.stdout.readline()
        assert line.startswith("The chat page is at http://127.0.0.1:"), process.stderr.read()
        url = line.split()[5]
        with httpx.stream("GET", f"{url}/gradio_api/heartbeat/tab", timeout=30) as open_tab:
            assert open_tab.status_code == 200
            started = time.monotonic()
            process.send_signal(signal.SIGINT)
            rest, errors = process.communicate(timeout=30)
    assert (process.returncode, rest, errors) == (0, "", "")
    assert time.monotonic() - started < 5


def test_qa_chat_refuses_a_port_in_use_with_one_line(corpus, tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        command = [
            sys.executable,
            "-m",
            "qa",
            "--corpus",
            str(corpus),
            "--data-dir",
            str(tmp_path / "d"),
            "chat",
        ]
        done = subprocess.run([*command, "--port", port], capture_output=True, text=True, timeout=120)
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr == f"qa: Port {port} is in use; choose another with --port, or --port 0 for any free one.\n"
