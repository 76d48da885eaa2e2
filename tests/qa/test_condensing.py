import pytest

from qa.condensing import standalone_question
from qa.domain import Turn

WEWORK = Turn(question="How much did SoftBank invest in WeWork in 2016?", answer="$4.4 billion.")
CEO = Turn(question="Who is the CEO of SoftBank?", answer="Masayoshi Son is the founder and CEO.")


@pytest.mark.parametrize(
    ("history", "question", "standalone"),
    [
        ([WEWORK], "And in 2017?", "How much did SoftBank invest in WeWork in 2017?"),
        ([WEWORK], "What about in January 2018?", "How much did SoftBank invest in WeWork in January 2018?"),
        ([WEWORK], "What about Ampere?", "How much did SoftBank invest in Ampere?"),
        ([CEO], "How old is he?", "How old is Masayoshi Son?"),
        ([CEO], "What is his plan?", "What is Masayoshi Son's plan?"),
        (
            [Turn(question="Which firm makes the robots?", answer="Agile Robots.")],
            "And who runs it?",
            "Who runs Agile Robots?",
        ),
        (
            [Turn(question="Who pays for water?", answer="The Landlord.")],
            "And for gas?",
            "Who pays for gas?",
        ),
        (
            [Turn(question="How fast must they respond to a critical fault in the service?", answer="30 minutes.")],
            "And to a high one?",
            "How fast must they respond to a high fault in the service?",
        ),
        (
            [Turn(question="What is the fee for a late payment?", answer="£80.")],
            "And for an early one?",
            "What is the fee for an early payment?",
        ),
        (
            [Turn(question="Does the policy apply to contractors?", answer="Yes.")],
            "And to interns?",
            "Does the policy apply to interns?",
        ),
        (
            [Turn(question="What is the fee for late payments?", answer="£80.")],
            "And for early ones?",
            "What is the fee for early payments?",
        ),
        (
            [Turn(question="What happens on day two of the course?", answer="A test.")],
            "And on day one?",
            "What happens on day one of the course?",
        ),
        (
            [Turn(question="How do I copy files to the folder C:\\Users?", answer="By hand.")],
            "And to another one?",
            "How do I copy files to another C:\\Users?",
        ),
        (
            [Turn(question="How long does it take to get a refund for a late order?", answer="A week.")],
            "And to France?",
            "How long does it take to get a refund for a late order to France?",
        ),
        (
            [Turn(question="How much does the Pro plan cost?", answer="$29.")],
            "And the Free plan?",
            "How much does the Free plan cost?",
        ),
        ([WEWORK], "Why?", "Why (SoftBank invest WeWork 2016)?"),
        ([WEWORK], "How much was that?", "How much was that (SoftBank invest WeWork 2016)?"),
    ],
)
def test_what_a_follow_up_leaves_out_is_filled_in(history, question, standalone):
    assert standalone_question(question, history) == standalone


@pytest.mark.parametrize(
    "question",
    [
        "Who is the CEO of OpenAI?",
        "Did Elon Musk say why he doubted it?",
        "What does Agile Robots make?",
        "When was the Stargate Project announced in public?",
        "SoftBank invested how much?",
        "Who was absent?",
        "Sony bought which film studio in 1989?",
        "Android phones cost how much?",
        "Butterfly farms in Costa Rica sell what?",
    ],
)
def test_a_question_that_names_its_subject_is_left_alone(question):
    assert standalone_question(question, [WEWORK, CEO]) == question


def test_without_history_a_question_is_left_alone():
    assert standalone_question("And in 2017?", []) == "And in 2017?"


def test_a_chain_of_follow_ups_goes_back_to_its_subject():
    middle = Turn(question="And in 2017?", answer="Not in the documents.")
    assert standalone_question("And in 2018?", [WEWORK, middle]) == "How much did SoftBank invest in WeWork in 2018?"


def test_where_a_phrase_ends_and_the_verb_begins_is_not_known():
    # A known limit: better would be "What does a parking space in the cellar cost?"
    history = [Turn(question="What does a parking space in the yard cost?", answer="£80.")]
    asked = standalone_question("And in the cellar?", history)
    assert asked == "What does a parking space in the yard cost in the cellar?"
