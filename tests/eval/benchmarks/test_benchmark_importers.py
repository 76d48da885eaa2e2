"""NQ, ClapNQ, the chunking evaluation, MultiHop-RAG and Cranfield."""

import pytest

from eval.benchmarks import BENCHMARKS, BenchmarkError, load_benchmark
from eval.benchmarks.catalogue import GOLD_SET
from eval.benchmarks.corpus_files import write_documents
from eval.cases import Evidence, check_evidence
from eval.corpus_texts import CorpusTexts
from eval.scorers import scorers_for
from eval.scorers.descriptions import BENCHMARK_METRICS
from qa.domain import Passage, RankedPassage
from tests.eval.benchmarks.conftest import CHUNKED, PARAGRAPH, clapnq_row, news, write_json, write_lines


@pytest.mark.parametrize("name", [name for name in BENCHMARKS if name != GOLD_SET])
def test_every_benchmark_fits_its_corpus_and_our_scorers(name, bench, tmp_path):
    benchmark = load_benchmark(name, bench)
    write_documents(benchmark.documents, tmp_path / "corpus")
    texts = CorpusTexts(tmp_path / "corpus", max_file_bytes=10_000)
    check_evidence(benchmark.cases, texts)
    assert dict(texts) == dict(benchmark.documents)
    scorers = {*scorers_for(texts, benchmark.metrics), *benchmark.own_scorers}
    assert benchmark.own_scorers.keys() <= BENCHMARK_METRICS.keys()
    assert {metric for published in benchmark.published for metric in published.figures} <= scorers
    assert (benchmark.name, benchmark.notes != ()) == (name, True)


@pytest.mark.parametrize("name", [name for name in BENCHMARKS if name != GOLD_SET])
def test_a_folder_without_the_data_is_said_in_one_sentence(name, tmp_path):
    with pytest.raises(BenchmarkError, match=r"cannot be read .*; give the folder of the benchmark data with --bench"):
        load_benchmark(name, tmp_path)


def test_an_unknown_name_lists_those_that_there_are(bench):
    with pytest.raises(BenchmarkError, match=r"no benchmark 'squid'; choose one of: squad-1\.1, "):
        load_benchmark("squid", bench)


def test_a_passage_of_several_questions_of_nq_is_one_document(bench):
    pooled, gold = load_benchmark("nq", bench), load_benchmark("nq-gold", bench)
    assert pooled.documents == gold.documents
    assert pooled.documents["0000.txt"] == f"Otter\n\n{PARAGRAPH}" and len(pooled.documents) == 2
    assert [case.evidence[0].document for case in pooled.cases] == ["0000.txt", "0000.txt", "0001.txt"]
    assert [(case.documents, case.tags[1]) for case in gold.cases] == [
        (("0000.txt",), "unseen"),
        (("0000.txt",), "seen in training"),
        (("0001.txt",), "seen in training"),
    ]
    assert (pooled.cases[0].documents, pooled.cases[0].answers) == ((), ("fish",))


def test_clapnq_has_references_and_each_selected_sentence_once(bench):
    answered, unanswered = load_benchmark("clapnq", bench).cases
    assert (answered.references, answered.answers) == (("Fish and crabs.", "Fish."), ())
    assert [evidence.quote for evidence in answered.evidence] == ["Otters eat fish .", "They eat crabs too ."]
    assert (unanswered.answerable, unanswered.evidence, unanswered.documents) == (False, (), ("0001.txt",))
    assert load_benchmark("clapnq-pooled", bench).cases[0].documents == ()


def test_a_sentence_that_is_not_in_its_passage_is_an_error(bench):
    row = clapnq_row(1, "Otters eat fish .", [("Crabs.", ["They eat crabs ."])])
    write_lines(bench / "clapnq" / "clapnq_dev_answerable.public.jsonl", [row])
    with pytest.raises(BenchmarkError, match="a selected sentence of '1' is not in its passage"):
        load_benchmark("clapnq", bench)


def test_a_range_is_taken_where_it_says_though_its_words_stand_twice(bench):
    benchmark = load_benchmark("chunking", bench)
    start = CHUNKED.rindex("Otters swim.")
    assert benchmark.cases[0].evidence == (
        Evidence(document="bay.txt", quote="Otters swim.", start=start, end=start + 12),
    )
    assert benchmark.search_only


def test_a_range_that_is_not_its_text_is_an_error_and_is_not_searched(bench):
    (bench / "chunking_evaluation" / "corpora" / "bay.md").write_text(f"\n{CHUNKED}", "utf-8")
    with pytest.raises(BenchmarkError, match=r"question 1: the characters 32–44 of bay\.md are not its reference"):
        load_benchmark("chunking", bench)


def test_ranges_move_with_invisible_characters(bench):
    path = bench / "chunking_evaluation" / "corpora" / "bay.md"
    path.write_text(CHUNKED.replace("# Bay", "# Ba\u00ad"), "utf-8")  # as long as before; one character is not shown
    evidence = load_benchmark("chunking", bench).cases[0].evidence[0]
    assert evidence.start == CHUNKED.rindex("Otters swim.") - 1


def test_evidence_of_multihop_stands_under_title_outlet_and_date(bench):
    benchmark = load_benchmark("multihop", bench)
    assert benchmark.documents["0000.txt"] == "Bay news\nTide, October 5, 2023\n\nOtters came back."
    assert len(benchmark.documents) == 2
    assert [(case.answerable, len(case.evidence), case.tags[1]) for case in benchmark.cases] == [
        (True, 2, "comparison query"),
        (True, 1, "inference query"),
        (False, 0, "null query"),
    ]


def test_multihop_without_a_date_is_an_error(bench):
    damaged = news()
    damaged[0]["evidence_list"][0]["published_at"] = "yesterday"
    write_json(bench / "multihop_rag_500" / "public.json", damaged)
    with pytest.raises(BenchmarkError, match=r"public\.json is not in the form of its data set .*fetch it again"):
        load_benchmark("multihop", bench)


def test_judgements_of_cranfield_name_questions_by_their_place(bench, make_answer):
    benchmark = load_benchmark("cranfield", bench)
    assert [(case.id, case.question) for case in benchmark.cases] == [
        ("cranfield-001", "how do wings lift ."),
        ("cranfield-002", "how does heat flow ."),
    ]
    assert benchmark.documents == {
        "0001.txt": "flow past a wing .\n\nlift was measured .",
        "0003.txt": "heat in slabs .\n\nheat flows .",
    }
    found = make_answer(passages=ranked("0001.txt", "0003.txt"))
    values = {name: [score(case, found).value for case in benchmark.cases] for name, score in scorers(benchmark)}
    # Of the second question, 1 is passed over: it is the paper that the question is from.
    assert values["graded_ndcg_at_10"] == values["graded_mrr_at_10"] == [1.0, 1.0]
    assert values["usual_ndcg_at_10"] == [1.0, pytest.approx(0.6309, abs=1e-4)]


@pytest.mark.parametrize(
    ("line", "problem"),
    [("3 1 2", "no question 3"), ("1 1 7", "the grade 7 is unknown"), ("1 1", "not three numbers"), ("1 x 2", "three")],
)
def test_a_judgement_that_cannot_be_is_an_error(bench, line, problem):
    (bench / "cranfield" / "cranqrel").write_text(f"1 1 2\n{line}\n", "utf-8")
    with pytest.raises(BenchmarkError, match=f"cranqrel, line 2: .*{problem}"):
        load_benchmark("cranfield", bench)


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("nq", "nq_open_oracle/nq-open-oracle.public.jsonl"),
        ("clapnq", "clapnq/clapnq_dev_unanswerable.public.jsonl"),
        ("chunking", "chunking_evaluation/questions_df.public.csv"),
        ("cranfield", "cranfield/cran.qry"),
        ("cranfield", "cranfield/cran.all.1400"),
    ],
)
def test_an_empty_file_holds_no_questions(bench, name, path):
    (bench / path).write_text("", "utf-8")
    with pytest.raises(BenchmarkError, match="holds no questions; fetch it again"):
        load_benchmark(name, bench)


def scorers(benchmark):
    return benchmark.own_scorers.items()


def ranked(*documents):
    return tuple(
        RankedPassage(
            passage=Passage(id=document, document_id=document, title="", source="", text="", start=0, end=1, page=None),
            score=1.0,
            lexical_rank=None,
            dense_rank=None,
            similarity=None,
        )
        for document in documents
    )
