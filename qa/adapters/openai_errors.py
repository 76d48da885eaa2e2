"""What the OpenAI SDK and its transport raise → our own errors, with nothing secret in the message."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from qa.errors import ModelBusyError, ModelError, ModelRefusedError

_BUSY = frozenset({408, 409, 429})
_REASON_CHARS = 200
_QUOTA = ("insufficient_quota", "billing_hard_limit_reached", "billing_not_active")
Kind = Literal["chat", "embedding"]
_NAMED_BY: dict[Kind, str] = {"chat": "QA_MODEL", "embedding": "QA_EMBEDDING"}


def model_error(error: Exception, model: str, secret: str | None, kind: Kind = "chat") -> ModelError:
    """Give our error for whatever asking a model raised; one of ours is given back as it is."""
    if isinstance(error, ModelError):
        return error
    status = getattr(error, "status_code", None)
    if isinstance(status, int):
        return _of_status(error, status, model, secret, kind).using(0, 0)  # a refusal is not charged
    failure = _without_status(error, model, secret, kind)
    return failure.using(0, 0) if _is_unsent(error) else failure


def _without_status(error: Exception, model: str, secret: str | None, kind: Kind) -> ModelError:
    name = type(error).__name__
    if _is_transport(error):
        return ModelBusyError(
            f"The {kind} model {model} could not be reached, or the connection broke ({name}); "
            "check OPENAI_BASE_URL and the network."
        )
    return ModelError(f"The {kind} model {model} failed ({name}: {_reason(error, secret)}).")


def _of_status(error: Exception, status: int, model: str, secret: str | None, kind: Kind) -> ModelError:
    code = str(getattr(error, "code", None) or getattr(error, "type", None) or "")
    if code in _QUOTA:
        return ModelRefusedError(f"The account's quota for {model} is used up; check the plan, or set another key.")
    if status in _BUSY or status >= 500:
        return ModelBusyError(
            f"The {kind} model {model} is overloaded (HTTP {status}); ask again later.", _retry_after(error)
        )
    if status in (401, 403):  # the service's words repeat a part of the key
        return ModelRefusedError(f"The {kind} service refused {model} (HTTP {status}){_advice(status, kind)}.")
    return ModelRefusedError(
        f"The {kind} service refused {model} (HTTP {status}: {_reason(error, secret)}){_advice(status, kind)}."
    )


def _advice(status: int, kind: Kind) -> str:
    advice = {
        401: "; check OPENAI_API_KEY",
        403: "; check what OPENAI_API_KEY may use",
        404: f"; check {_NAMED_BY[kind]} and OPENAI_BASE_URL",
    }
    return advice.get(status, "")


def _is_transport(error: BaseException) -> bool:
    import httpx
    import openai

    return isinstance(error, openai.APIConnectionError | httpx.HTTPError | OSError)


def _is_unsent(error: BaseException) -> bool:
    """Tell whether there was no connection to send a request on."""
    import httpx

    no_connection = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol)
    return isinstance(error, no_connection) or isinstance(error.__cause__, no_connection)


def _reason(error: Exception, secret: str | None) -> str:
    body = getattr(error, "body", None)
    said = body.get("message") if isinstance(body, Mapping) else None
    words = " ".join(str(said or error).split())
    if secret:
        words = words.replace(secret, "…")
    return words[:_REASON_CHARS].rstrip(".")


def _retry_after(error: Any) -> float | None:
    """Give the seconds that the service asks for; None when it names none, or a date."""
    response = getattr(error, "response", None)
    said = response.headers.get("retry-after") if response is not None else None
    try:
        return max(0.0, float(said)) if said is not None else None
    except ValueError:
        return None
