"""What stands around a sentence."""

from qa.answering.contexts import contexts_of
from tests.qa.answering.made_sentences import made_sentence, made_sentences


def around(text, line):
    """Give the stems around a line of a text."""
    sentence = made_sentence(line, text)
    return contexts_of([sentence])["p"].around(sentence)


def test_a_sentence_stands_between_its_neighbours():
    text = "It rained. The keeper slept. A ship came. It sank."
    assert around(text, "The keeper slept.") == {"it", "rain", "the", "keeper", "slept", "a", "ship", "came"}


def test_entries_that_follow_each_other_belong_together():
    text = "Date: 14 May 2025\nPlace: Room Four\nPresent: everybody\nChair: the director\n\nThe meeting began late."
    assert {"14", "2025", "room", "director", "began"} <= around(text, "Chair: the director")
    assert {"14", "2025"} <= around(text, "Present: everybody")
    assert "14" not in around(text, "The meeting began late.")


def test_entries_of_another_record_do_not():
    text = "Name: Ada\nPlace: the light\nRole: keeper\n\nName: Ben\nPlace: the mill\nRole: miller"
    assert {"ada", "light"} <= around(text, "Role: keeper")
    assert "mill" not in around(text, "Role: keeper")
    assert "light" not in around(text, "Role: miller")


def test_a_heading_parts_what_is_before_it():
    text = "It rained.\n\n## Pay\n\nIt is due in May.\n\n## Leave\n\nIt lapses."
    assert "rain" not in around(text, "## Pay")
    assert "leav" not in around(text, "It is due in May.")


def test_initials_of_a_name_are_among_the_words():
    assert "eu" in around("It does not leave the European Union. It rained.", "It rained.")


def test_other_rows_of_a_table_do_not_stand_around_one():
    text = "| Size | Price |\n| --- | --- |\n| small | £2 |\n| large | £9 |"
    small, large = [sentence for sentence in made_sentences(text) if sentence.header is not None]
    context = contexts_of([small, large])["p"]
    assert context.around(small) == {"size", "price", "small", "2"}
    assert context.row_keys[text.index("| large")] == {"larg", "9"}
