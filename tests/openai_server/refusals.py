"""Steps that refuse a request before anything is answered.

The bodies are those of OpenAI's own service unless their function names another one.
"""

from __future__ import annotations

from typing import Any

from .steps import Canned


def error_body(message: str, type: str, *, param: str | None = None, code: str | None = None) -> dict[str, Any]:
    """An error as OpenAI writes it."""
    return {"error": {"message": message, "type": type, "param": param, "code": code}}


def bad_request(message: str = "Invalid request.", *, param: str | None = None, code: str | None = None) -> Canned:
    return Canned(status=400, body=error_body(message, "invalid_request_error", param=param, code=code))


def prompt_too_long(limit: int = 8192) -> Canned:
    message = f"This model's maximum context length is {limit} tokens. Please reduce the length of the messages."
    return bad_request(message, param="messages", code="context_length_exceeded")


def unauthorized(key: str = "sk-wrong") -> Canned:
    """A wrong key; the body names the key, as the real one does in part."""
    message = f"Incorrect API key provided: {key}. You can find your API key at https://platform.openai.com/api-keys."
    return Canned(status=401, body=error_body(message, "invalid_request_error", code="invalid_api_key"))


def forbidden() -> Canned:
    message = "Country, region, or territory not supported"
    error = error_body(message, "request_forbidden", code="unsupported_country_region_territory")
    return Canned(status=403, body=error)


def model_not_found(model: str = "gpt-none") -> Canned:
    message = f"The model `{model}` does not exist or you do not have access to it."
    return Canned(status=404, body=error_body(message, "invalid_request_error", code="model_not_found"))


def unknown_endpoint(method: str = "POST", path: str = "/v1/nothing") -> Canned:
    """What a wrong base URL gets, such as one without `/v1`; the server does this by itself on an unknown path."""
    return Canned(status=404, body=error_body(f"Invalid URL ({method} {path})", "invalid_request_error"))


def request_timed_out() -> Canned:
    return Canned(status=408, body=error_body("Request timed out.", "timeout"))


def conflict() -> Canned:
    return Canned(status=409, body=error_body("The resource is being changed by another request.", "conflict"))


def rate_limited(retry_after: float = 1) -> Canned:
    """Too many requests; `retry_after` in seconds goes into the header."""
    message = f"Rate limit reached on requests per min (RPM). Please try again in {retry_after:g}s."
    body = error_body(message, "requests", code="rate_limit_exceeded")
    return Canned(status=429, body=body, headers={"retry-after": f"{retry_after:g}"})


def quota_exhausted() -> Canned:
    """The money is gone: a 429 that no retry can help."""
    message = (
        "You exceeded your current quota, please check your plan and billing details. For more information on this "
        "error, read the docs: https://platform.openai.com/docs/guides/error-codes/api-errors."
    )
    return Canned(status=429, body=error_body(message, "insufficient_quota", code="insufficient_quota"))


def server_error() -> Canned:
    message = "The server had an error while processing your request. Sorry about that!"
    return Canned(status=500, body=error_body(message, "server_error"))


def bad_gateway() -> Canned:
    """A proxy's own page: not JSON."""
    page = "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>nginx</body>\r\n</html>\r\n"
    return Canned(status=502, body=page)


def unavailable() -> Canned:
    return Canned(status=503, body=error_body("The engine is currently overloaded.", "service_unavailable_error"))


def overloaded() -> Canned:
    """Anthropic's status for too much load, behind OpenAI-compatible gateways."""
    return Canned(status=529, body=error_body("Overloaded", "overloaded_error"))


def web_page() -> Canned:
    """Status 200 and a web page: a sign-in page in between, or a base URL that is a website's."""
    return Canned(status=200, body="<!doctype html><title>Sign in</title>")
