"""Settings come from arguments and QA_… variables; a wrong one is named in one line."""

import os
from pathlib import Path

import pytest
from pydantic import ValidationError

from qa.errors import SettingsError
from qa.settings import Settings, load_settings

OUT_OF_RANGE = {
    "QA_PASSAGE_TOKENS": ("9", "input should be greater than or equal to 32"),
    "QA_CANDIDATES": ("many", "input should be a valid integer, unable to parse string as an integer"),
    "QA_LEXICAL_WEIGHT": ("inf", "input should be a finite number"),
    "QA_FUSION_K": ("0", "input should be greater than 0"),
    "QA_REFUSAL": ("never", "input should be 'careful', 'balanced' or 'eager'"),
    "QA_THREADS": ("100000", "input should be less than or equal to 64"),
    "QA_AUTO_SYNC": ("maybe", "input should be a valid boolean, unable to interpret input"),
    "QA_CORPUS_DIR": ("~nobody-at-all/docs", "there is no home folder ~nobody-at-all"),
    "QA_DATA_DIR": ("~nobody-at-all", "there is no home folder ~nobody-at-all"),
}


@pytest.mark.parametrize("variable", OUT_OF_RANGE)
def test_a_variable_out_of_its_range_is_named_with_its_reason(monkeypatch: pytest.MonkeyPatch, variable: str) -> None:
    value, reason = OUT_OF_RANGE[variable]
    monkeypatch.setenv(variable, value)
    with pytest.raises(SettingsError) as raised:
        load_settings()
    name = variable.removeprefix("QA_").lower()
    assert str(raised.value) == f"A setting cannot be used: {name} ({variable}): {reason}."


def test_every_problem_is_named_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QA_THREADS", "-1")
    with pytest.raises(SettingsError) as raised:
        load_settings(passages_read=0)
    assert str(raised.value) == (
        "A setting cannot be used: passages_read (QA_PASSAGES_READ): input should be greater than or equal to 1; "
        "threads (QA_THREADS): input should be greater than or equal to 0."
    )


def test_too_much_overlap_is_refused() -> None:
    with pytest.raises(SettingsError, match=r"overlap_tokens must be at most half of passage_tokens\.$"):
        load_settings(passage_tokens=64, overlap_tokens=33)


def test_an_unknown_argument_is_refused() -> None:
    with pytest.raises(SettingsError, match=r"colour \(QA_COLOUR\): extra inputs are not permitted"):
        load_settings(colour="red")


def test_arguments_win_over_the_environment_and_none_means_not_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QA_PASSAGES_READ", "5")
    chosen = [load_settings(passages_read=given).passages_read for given in (None, 3)]
    assert chosen == [5, 3]


def test_an_empty_variable_is_one_that_is_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    expected = Settings(data_dir=None).corpus_dir
    for variable in ("QA_CORPUS_DIR", "QA_THREADS", "QA_DATA_DIR"):
        monkeypatch.setenv(variable, "")
    settings = load_settings()
    assert (settings.corpus_dir, settings.threads, settings.data_dir) == (expected, 0, None)


def test_variables_of_other_programs_are_left_alone(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("QA_TEAM", "blue")
    assert load_settings() == Settings()
    assert caplog.messages == []


def test_a_misspelt_variable_is_named_once_with_what_was_meant(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("QA_REFUSEL", "careful")
    assert [load_settings() == Settings() for _ in range(2)] == [True, True]
    assert caplog.messages == ["The variable QA_REFUSEL sets nothing; did you mean QA_REFUSAL?"]


def test_a_prefix_too_many_is_named_too(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    monkeypatch.setenv("QA_OPENAI_BASE_URL", "http://127.0.0.1:1/v1")
    assert load_settings() == Settings()
    assert caplog.messages == ["The variable QA_OPENAI_BASE_URL sets nothing; did you mean OPENAI_BASE_URL?"]


def test_settings_cannot_be_changed_and_equal_ones_are_the_same_key() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        Settings().threads = 2
    assert len({Settings(threads=2), Settings(threads=2), Settings(threads=3)}) == 2


def test_every_setting_is_described() -> None:
    assert [name for name, field in Settings.model_fields.items() if not field.description] == []


def test_each_corpus_has_a_data_folder_of_its_own(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("QA_DATA_DIR")
    folders = {Settings(corpus_dir=tmp_path / name / "docs").resolved_data_dir() for name in "ab"}
    again = Settings(corpus_dir=tmp_path / "x" / ".." / "a" / "docs").resolved_data_dir()
    assert (len(folders), again in folders, {folder.name[:5] for folder in folders}) == (2, True, {"docs-"})


def test_a_relative_corpus_is_the_same_from_wherever_it_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("QA_DATA_DIR")
    monkeypatch.chdir(tmp_path)
    by_name = Settings(corpus_dir=Path("docs")).resolved_data_dir()
    assert by_name == Settings(corpus_dir=tmp_path / "docs").resolved_data_dir()


@pytest.mark.parametrize("odd", ["/", "loop", os.fsdecode(b"caf\xe9")])
def test_an_odd_corpus_still_has_a_data_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, odd: str) -> None:
    monkeypatch.delenv("QA_DATA_DIR")
    (tmp_path / "loop").symlink_to("loop")
    folder = Settings(corpus_dir=tmp_path / odd).resolved_data_dir()
    assert folder.name.encode().decode().rpartition("-")[0] in ("corpus", "loop", "caf")


def test_a_home_folder_is_filled_in(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    assert Settings(data_dir=Path("~/data")).resolved_data_dir() == tmp_path / "data"


def test_a_wrong_setting_does_not_show_the_key() -> None:
    for make in (Settings, load_settings):
        with pytest.raises((ValidationError, SettingsError)) as raised:
            make(passage_tokens=32, openai_api_key="sk-secret-0123456789")
        assert "sk-" not in str(raised.value)
        assert raised.value.__cause__ is None
