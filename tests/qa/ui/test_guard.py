import httpx
import pytest
from page_samples import ScriptedBot
from served_page import served

from qa.settings import Settings

FILE = {"path": "http://127.0.0.1:9/secret", "meta": {"_type": "gradio.FileData"}}


@pytest.fixture(scope="module")
def http(tmp_path_factory):
    bot = ScriptedBot(settings=Settings(corpus_dir=tmp_path_factory.mktemp("corpus")))
    with served(bot) as url, httpx.Client(base_url=url) as client:
        yield client


@pytest.mark.parametrize("path", ["/", "/config", "/theme.css", "/gradio_api/info", "/favicon.ico"])
def test_what_the_page_needs_is_served_with_security_headers(http, path):
    response = http.get(path)
    assert response.status_code == 200
    policy = response.headers["content-security-policy"]
    assert "default-src 'self'" in policy and "connect-src 'self'" in policy and "unsafe-eval" not in policy
    assert response.headers["referrer-policy"] == "no-referrer"
    assert "server" not in response.headers


@pytest.mark.parametrize(
    "path",
    [
        "/gradio_api/file=/etc/passwd",
        "/gradio_api/file=http://127.0.0.1:9/",
        "/gradio_api/file=http%3A%2F%2F127.0.0.1%3A9%2F",
        "/gradio_api/file/etc/passwd",
        "/gradio_api/proxy=http://127.0.0.1:9/",
        "/gradio_api/deep_link",
        "/gradio_api/runs",
        "/gradio_api/openapi.json",
        "/gradio_api/call/clear",
        "/monitoring",
        "/monitoring/summary",
        "/login",
        "/docs",
        "/openapi.json",
        "/assets/../../etc/passwd",
        "/assets/%2e%2e/%2e%2e/%2e%2e/%2e%2e/__init__.py",
    ],
)
def test_what_the_page_does_not_need_is_not_found(http, path):
    assert http.get(path).status_code in (403, 404)


@pytest.mark.parametrize("path", ["/gradio_api/upload", "/gradio_api/run/ask", "/gradio_api/api/ask"])
def test_uploads_and_calls_beside_the_queue_are_not_found(http, path):
    assert http.post(path, json={"data": ["q"]}).status_code == 404


@pytest.mark.parametrize("data", [[FILE, None], [[FILE]], FILE, "text", [1]])
@pytest.mark.parametrize("path", ["/gradio_api/queue/join", "/gradio_api/call/ask"])
def test_a_request_that_brings_more_than_texts_is_refused(http, path, data):
    response = http.post(path, json={"data": data, "fn_index": 0, "session_hash": "s"})
    assert (response.status_code, response.text) == (400, "The request's data must be a list of texts.")


def test_a_request_that_is_no_json_is_refused(http):
    assert http.post("/gradio_api/queue/join", content=b"{").status_code == 400
    assert http.post("/gradio_api/queue/join", content=b"[" * 100_000).status_code == 400


def test_a_request_that_is_too_large_is_refused(http):
    response = http.post("/gradio_api/queue/join", json={"data": ["q" * 300_000]})
    assert response.status_code == 413


@pytest.mark.parametrize("headers", [{"Host": "["}, {"Origin": "http://["}])
def test_an_address_that_is_none_is_refused(http, headers):
    assert http.post("/gradio_api/queue/join", json={"data": ["q"]}, headers=headers).status_code in (400, 403)


def test_a_foreign_host_name_is_refused(http):
    assert http.get("/", headers={"Host": "evil.test:7860"}).status_code == 400
    assert http.get("/", headers={"Host": "localhost:7860"}).status_code == 200


@pytest.mark.parametrize("origin", ["http://evil.test", "http://127.0.0.1:1", "null"])
def test_another_page_cannot_send_questions(http, origin):
    response = http.post("/gradio_api/queue/join", json={"data": ["q"]}, headers={"Origin": origin})
    assert response.status_code == 403
