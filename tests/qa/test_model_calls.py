"""One more try where it may help, within the time there is; none while the service is down."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import pytest

from qa.errors import ModelBusyError, ModelError, ModelRefusedError
from qa.interfaces import ReplyEnd
from qa.model_calls import CircuitBreaker, SteadyModel

END = ReplyEnd(finish="stop", input_tokens=1, output_tokens=1)


@dataclass
class Clock:
    now: float = 0.0

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


@dataclass
class Failing:
    """Gives what it was told to, one entry a call: an error, or pieces and then perhaps an error."""

    script: list[Sequence[str | ReplyEnd | Exception]]
    name: str = "failing"
    given: list[float | None] = field(default_factory=list)

    def stream(self, messages: object, *, schema: object = None, seconds: float | None = None) -> Iterator[object]:
        self.given.append(seconds)
        for item in self.script.pop(0):
            if isinstance(item, Exception):
                raise item
            yield item

    def close(self) -> None:
        self.name = "closed"


def steady(*script: Sequence[object], seconds: float = 60.0) -> tuple[SteadyModel, Failing, Clock]:
    clock, model = Clock(), Failing(list(script))
    wrapped = SteadyModel(
        model=model, seconds=seconds, breaker=CircuitBreaker(clock=clock), clock=clock, sleep=clock.sleep
    )
    return wrapped, model, clock


def test_a_busy_service_is_asked_once_more_after_the_pause_it_names() -> None:
    model, inner, clock = steady([ModelBusyError("busy", 2.0).using(0, 0)], ["ok", END])
    assert (list(model.stream([])), clock.now, inner.given) == (["ok", END], 2.0, [60.0, 58.0])


@pytest.mark.parametrize(
    ("first", "seconds"),
    [
        ([ModelBusyError("busy", 120.0)], 60.0),
        ([ModelBusyError("busy", 2.0)], 1.0),
        (["begun", ModelBusyError("cut")], 60.0),
        ([ModelRefusedError("quota")], 60.0),
        ([ModelError("bad")], 60.0),
    ],
)
def test_what_would_not_help_or_not_fit_is_not_tried(first: Sequence[object], seconds: float) -> None:
    model, inner, _ = steady(first, ["ok", END], seconds=seconds)
    with pytest.raises(ModelError):
        list(model.stream([]))
    assert len(inner.given) == 1


def test_no_time_at_all_is_not_the_whole_time() -> None:
    model, inner, _ = steady(["ok", END])
    list(model.stream([], seconds=0.0))
    assert inner.given == [0.0]


def test_five_failures_within_thirty_seconds_open_the_breaker_for_thirty() -> None:
    clock = Clock()
    breaker = CircuitBreaker(clock=clock)
    for _ in range(5):
        breaker.check()
        breaker.failed()
    with pytest.raises(ModelBusyError, match="asked again in 30 s"):
        breaker.check()
    clock.now = 30.0
    breaker.check()


def test_five_seconds_waited_in_vain_open_it_too() -> None:
    breaker = CircuitBreaker(clock=Clock(), service="The embedding model m")
    breaker.failed(waited=3.0)
    breaker.check()
    breaker.failed(waited=2.0)
    with pytest.raises(ModelBusyError, match=r"^The embedding model m did not answer in time; it is asked again in 30"):
        breaker.check()


def test_failures_far_apart_or_with_a_success_between_do_not_open_it() -> None:
    clock = Clock()
    breaker = CircuitBreaker(clock=clock)
    for _ in range(9):
        breaker.failed()
        clock.now += 8.0
    breaker.succeeded()
    for _ in range(4):
        breaker.failed()
    breaker.check()


def test_a_reply_tells_the_tokens_of_both_tries() -> None:
    known, _, _ = steady([ModelBusyError("cut").using(3, 1)], ["ok", END])
    unknown, _, _ = steady([ModelBusyError("cut")], ["ok", END])
    ends = [list(model.stream([]))[-1] for model in (known, unknown)]
    assert ends == [
        ReplyEnd(finish="stop", input_tokens=4, output_tokens=2),
        ReplyEnd(finish="stop", input_tokens=None, output_tokens=None),
    ]


def test_an_error_tells_the_tokens_of_both_tries() -> None:
    model, _, _ = steady([ModelBusyError("cut").using(3, 1)], ["begun", ModelBusyError("cut").using(2, 5)])
    with pytest.raises(ModelBusyError) as raised:
        list(model.stream([]))
    assert (raised.value.input_tokens, raised.value.output_tokens) == (5, 6)


def test_what_the_breaker_lets_not_through_uses_nothing() -> None:
    breaker = CircuitBreaker(clock=Clock())
    breaker.failed(waited=9.0)
    with pytest.raises(ModelBusyError) as raised:
        breaker.check()
    assert (raised.value.input_tokens, raised.value.output_tokens) == (0, 0)


def test_a_refusal_says_nothing_of_the_service_being_down() -> None:
    model, _, _ = steady(*[[ModelRefusedError("key")]] * 6, ["ok", END])
    for _ in range(6):
        with pytest.raises(ModelRefusedError):
            list(model.stream([]))
    assert list(model.stream([])) == ["ok", END]


def test_closing_closes_the_model() -> None:
    model, inner, _ = steady()
    model.close()
    assert inner.name == "closed"
