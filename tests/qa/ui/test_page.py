import html
import json
import re
import threading
import uuid

import httpx
from gradio_client import Client
from page_samples import QUOTE, ScriptedBot, answer, citation

from qa.domain import Statement
from qa.ui.feedback import FEEDBACK_FILE


def client_of(url: str) -> Client:
    return Client(url, verbose=False)


def events_of(url: str, trigger: str, request: dict, session: str) -> list[dict]:
    """Do what the page does on a trigger, such as "submit"; give the events of the stream."""
    config = httpx.get(f"{url}/config").json()
    page_event = next(event for event in config["dependencies"] if event["targets"][0][1] == trigger)
    request = {**request, "fn_index": page_event["id"], "session_hash": session}
    httpx.post(f"{url}/gradio_api/queue/join", json=request).raise_for_status()
    with httpx.stream("GET", f"{url}/gradio_api/queue/data", params={"session_hash": session}) as stream:
        return [json.loads(line[5:]) for line in stream.iter_lines() if line.startswith("data:")]


def ask_on_page(url: str, question: str, session: str) -> list[dict]:
    """Send a question as the page does; give the events that change the page."""
    events = events_of(url, "submit", {"data": [question, None]}, session)
    return [event for event in events if event["msg"] in ("process_generating", "process_completed")]


def rate_on_page(url: str, index: object, liked: object, session: str) -> list[str]:
    """Press a thumb as the page does; give the notices that it shows."""
    rated = {"index": index, "value": "<div>…</div>", "liked": liked}
    events = events_of(url, "like", {"data": [None], "event_data": rated}, session)
    assert events[-2]["msg"] == "process_completed" and events[-2]["success"]
    return [html.unescape(event["log"]) for event in events if event["msg"] == "log"]


def feedback_in(bot: ScriptedBot) -> list[tuple[str, str]]:
    """Give verdict and question of each line that was kept."""
    path = bot.settings.data_dir / FEEDBACK_FILE
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    return [(kept["verdict"], kept["question"]) for kept in map(json.loads, lines)]


def test_a_question_gets_an_answer_with_a_verified_citation_and_its_quote(bot, corpus, serving):
    result = client_of(serving(bot)).predict("How much did SoftBank invest in WeWork?", api_name="/ask")
    assert result["status"] == "answered"
    cited = result["citations"][0]
    text = (corpus / cited["document_id"]).read_text()
    assert cited["verified"] and cited["document_id"] == "company/wework.txt"
    assert cited["quote"] == text[cited["start"] : cited["end"]] != ""
    assert "$4.4 billion" in cited["quote"]


def test_a_follow_up_is_understood_from_the_history(bot, serving):
    url = serving(bot)
    client = client_of(url)
    client.predict("How much did SoftBank invest in WeWork?", api_name="/ask")
    followed = client.predict("And when did it invest?", api_name="/ask")
    assert "SoftBank" in followed["standalone_question"]
    assert "2017" in followed["citations"][0]["quote"]
    alone = client_of(url).predict("And when did it invest?", api_name="/ask")
    assert alone["standalone_question"] == "And when did it invest?"


def test_an_empty_question_gets_a_clear_message(bot, serving):
    result = client_of(serving(bot)).predict("  ", api_name="/ask")
    assert result == {"error": "The question is empty; type what you want to know."}


def test_two_sessions_do_not_see_each_other(scripted_bot, serving):
    url = serving(scripted_bot)
    first, second = client_of(url), client_of(url)
    for client, question in [(first, "one"), (second, "two"), (first, "three"), (second, "four")]:
        client.predict(question, api_name="/ask")
    seen = {question: len(history) for question, history in scripted_bot.asked}
    assert seen == {"one": 0, "two": 0, "three": 1, "four": 1}


def test_questions_of_many_sessions_are_answered_at_once(scripted_bot, serving):
    scripted_bot.pause = 0.2
    url = serving(scripted_bot)
    results: list[str] = []
    threads = [
        threading.Thread(target=lambda: results.append(client_of(url).predict("q", api_name="/ask")["status"]))
        for _ in range(6)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == ["answered"] * 6


def test_the_page_shows_each_statement_as_it_comes(scripted_bot, serving):
    statements = tuple(Statement(text=f"Statement {word}.", citations=(1,), verified=True) for word in ("one", "two"))
    scripted_bot.reply = answer(statements=statements, citations=(citation(),))
    scripted_bot.pause = 0.2
    *generating, completed = ask_on_page(serving(scripted_bot), "How much?", uuid.uuid4().hex)
    news = [json.dumps(event["output"]["data"]) for event in generating]
    first = next(index for index, new in enumerate(news) if "Statement one" in new)
    second = next(index for index, new in enumerate(news) if "Statement two" in new)
    assert "Searching" in news[0] and 0 < first < second
    assert completed["msg"] == "process_completed" and completed["success"]


def test_the_page_empties_the_input_and_shows_question_answer_and_quote(scripted_bot, serving):
    first, *_ = ask_on_page(serving(scripted_bot), "How much?", uuid.uuid4().hex)
    left_in_input, chat, _state = first["output"]["data"]
    assert left_in_input == ""
    assert [message["role"] for message in chat["value"]] == ["user", "assistant"]


def test_the_one_public_endpoint_is_ask(scripted_bot, serving):
    endpoints = client_of(serving(scripted_bot)).view_api(return_format="dict", print_info=False)
    assert list(endpoints["named_endpoints"]) == ["/ask"]
    assert endpoints["unnamed_endpoints"] == {}


def test_the_page_loads_nothing_from_another_host(scripted_bot, serving):
    url = serving(scripted_bot)
    page = httpx.get(f"{url}/").text
    css = httpx.get(f"{url}/theme.css").text
    loading = re.findall(r'<(?:script|link|img|iframe)\b[^>]*?(?:src|href)="([^"]+)"', page)
    assert loading and all(address.startswith(("./", "/")) for address in loading)
    assert not re.search(r"@import|url\(['\"]?(?:https?:)?//", css)
    for setting in (
        '"analytics_enabled":false',
        '"run_history":false',
        '"footer_links":[]',
        '"stylesheets":[]',
    ):
        assert setting in page.replace(" ", ""), setting


def test_a_document_that_is_hostile_stays_text_on_the_way_to_the_page(scripted_bot, serving):
    payload = '<img src="http://evil.test/a.png">![x](http://evil.test/b.png)'
    scripted_bot.reply = answer(citations=(citation(quote=payload, title=payload, document_id=payload),))
    *_, completed = ask_on_page(serving(scripted_bot), payload, uuid.uuid4().hex)
    shown = json.dumps(completed["output"]["data"])
    assert "evil" in shown
    assert "<img" not in shown and "](" not in shown and "http:" not in shown


def test_the_quote_is_on_the_page(scripted_bot, serving):
    *_, completed = ask_on_page(serving(scripted_bot), "How much?", uuid.uuid4().hex)
    shown = json.dumps(completed["output"]["data"])
    assert "<mark>&#36;4&#46;4 billion</mark>" in shown and QUOTE.split("$")[0] in shown


def test_a_thumb_is_kept_in_the_data_folder_and_its_mark_stays_on_the_page(scripted_bot, serving):
    url, session = serving(scripted_bot), uuid.uuid4().hex
    ask_on_page(url, "How much?", session)
    assert [rate_on_page(url, 1, liked, session) for liked in (True, None, False)] == [[], [], []]
    expected = [("liked", "How much?"), ("withdrawn", "How much?"), ("disliked", "How much?")]
    assert feedback_in(scripted_bot) == expected
    first, *_ = ask_on_page(url, "And when?", session)
    assert first["output"]["data"][1]["feedback_value"] == ["Dislike", None]


def test_only_whole_answers_of_the_own_session_can_be_rated(scripted_bot, serving):
    url, session = serving(scripted_bot), uuid.uuid4().hex
    ask_on_page(url, "How much?", session)
    only = ["Only whole answers can be rated."]
    assert [rate_on_page(url, index, True, session) for index in (0, 7, [1, 0])] == [only] * 3
    assert rate_on_page(url, 1, True, uuid.uuid4().hex) == only
    assert feedback_in(scripted_bot) == []


def test_a_rating_that_cannot_be_kept_is_a_notice_and_no_mark(scripted_bot, serving):
    (scripted_bot.settings.data_dir / FEEDBACK_FILE).mkdir(parents=True)
    url, session = serving(scripted_bot), uuid.uuid4().hex
    ask_on_page(url, "How much?", session)
    (notice,) = rate_on_page(url, 1, True, session)
    assert notice.startswith("The rating was not kept: ") and notice.endswith("Mend that, and rate again.")
    first, *_ = ask_on_page(url, "And when?", session)
    assert first["output"]["data"][1]["feedback_value"] == [None, None]
