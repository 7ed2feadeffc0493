"""Settings: the order of the layers, origins, and what is refused with its line."""

import re
from dataclasses import fields
from decimal import Decimal
from pathlib import Path

import pytest

from narrcheck import catalogue
from narrcheck.data import load as load_data
from narrcheck.rules.limits import Limits
from narrcheck.settings import SETTINGS, Origin, Settings, SettingsError, check_codes, load, profiles

KNOWN = ("N01", "N02", "F01", "F02", "S09", "R06")


def write(folder: Path, text: str, name: str = "narrcheck.toml") -> Path:
    path = folder / name
    path.write_text(text, "utf-8")
    return path


def refused(folder: Path, text: str) -> SettingsError:
    path = write(folder, text)
    with pytest.raises(SettingsError) as caught:
        load(path, folder, {}, {})
    assert caught.value.file == str(path)
    return caught.value


def test_defaults_are_the_national_form(tmp_path: Path) -> None:
    settings = load(None, tmp_path, {}, {})
    assert settings.limits == Limits() == Settings().limits
    assert (settings.profile, settings.lang, settings.fail_on, settings.model_use) == ("national", "zh", "error", "off")
    assert settings.origin("lang") == Origin()
    assert settings.origin("limits.spending_gap") == Origin("profile", "national")


def test_layers_in_order(tmp_path: Path) -> None:
    write(
        tmp_path,
        'profile = "provincial-a"\nlang = "en"\nfail_on = "warning"\n'
        "[limits]\nover_achievement = 0.4\nspending_gap = 20\n",
    )
    environ = {"NARRCHECK_FAIL_ON": "info", "NARRCHECK_LIMITS_SPENDING_GAP": "25", "PATH": "/bin"}
    settings = load(None, tmp_path, environ, {"fail_on": "never", "select": None})
    assert settings.fail_on == "never" and settings.origin("fail_on").layer == "command-line"
    assert settings.limits.spending_gap == 25 and settings.origin("limits.spending_gap").layer == "environment"
    assert settings.limits.over_achievement == Decimal("0.4")
    assert settings.limits.grade_excellent == 80 and settings.limits.upper_bound_score == "linear"
    assert settings.origin("limits.grade_excellent") == Origin("profile", "provincial-a")
    assert settings.limits.budget_change == Limits().budget_change
    assert settings.origin("lang") == Origin("file", str(tmp_path.resolve() / "narrcheck.toml"), 2)


def test_file_is_found_upward_and_nearest_wins(tmp_path: Path) -> None:
    inner = tmp_path / "a" / "b"
    inner.mkdir(parents=True)
    write(tmp_path, 'lang = "en"\n')
    assert load(None, inner, {}, {}).lang == "en"
    write(inner.parent, '[project]\nname = "x"\n\n[tool.narrcheck]\nfail-on = "never"\n', "pyproject.toml")
    settings = load(None, inner, {}, {})
    assert (settings.lang, settings.fail_on) == ("zh", "never")
    assert settings.origin("fail_on").line == 5


def test_project_file_without_the_table_is_passed_over(tmp_path: Path) -> None:
    inner = tmp_path / "a"
    inner.mkdir()
    write(tmp_path, 'lang = "en"\n')
    write(inner, '[project]\nname = "x"\n', "pyproject.toml")
    assert load(None, inner, {}, {}).lang == "en"


def test_byte_order_mark_and_codes(tmp_path: Path) -> None:
    path = tmp_path / "narrcheck.toml"
    path.write_bytes(b'\xef\xbb\xbfselect = ["n01", "S"]\nignore = "F02,F01"\n')
    settings = load(path, tmp_path, {}, {"ignore": ["R06", "n02,N02"]})
    assert settings.select == ("N01", "S")
    assert settings.ignore == ("R06", "N02")


def test_own_profile(tmp_path: Path) -> None:
    write(tmp_path, 'profile = "我市"\n[profiles."我市"]\nover-achievement = 0.2\n[limits]\nspending_gap = 15\n')
    settings = load(None, tmp_path, {}, {})
    assert settings.limits.over_achievement == Decimal("0.2")
    assert settings.limits.spending_gap == 15
    assert settings.origin("limits.over_achievement") == Origin("profile", "我市")


def test_headings_are_relative_to_the_settings_file(tmp_path: Path) -> None:
    write(tmp_path, '[columns]\n"自评分数" = "score"\n', "headings.toml")
    path = write(tmp_path, 'headings = "headings.toml"\n')
    settings = load(path, Path.cwd(), {}, {})
    assert settings.extra_headings == {"columns": {"自评分数": "score"}}


def test_wrong_headings_file_is_refused(tmp_path: Path) -> None:
    write(tmp_path, '[colums]\n"自评分数" = "score"\n', "headings.toml")
    with pytest.raises(SettingsError) as caught:
        load(write(tmp_path, 'headings = "headings.toml"\n'), tmp_path, {}, {})
    assert "colums" in str(caught.value)


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ('lang = "zh"\n\nproflie = "national"\n', 3, ("proflie", "profile")),
        ("[limits]\n# gap\nspending_gab = 3\n", 3, ("spending_gab", "limits.spending_gap")),
        ("[limit]\nspending_gap = 3\n", 1, ("limit", "limits")),
        ('[limits]\nspending_gap = "many"\n', 2, ("spending_gap", "many")),
        ("[limits]\nspending_gap = -1\n", 2, ("-1",)),
        ("[limits]\nspending_gap = true\n", 2, ("spending_gap",)),
        ("limits.spending_gap = nan\n", 1, ("spending_gap",)),
        ('lang = "fr"\n', 1, ("lang", "fr", "zh, en")),
        ("select = [1]\n", 1, ("select",)),
        ("limits = 3\n", 1, ("limits",)),
        ('\nprofile = "nationl"\n', 2, ("nationl", "national")),
        ("[profiles.a]\nover_achievment = 1\n", 2, ("over_achievment", "over_achievement")),
        ("[profiles.a]\nover_achievement = 'x'\n", 2, ("over_achievement",)),
        ("profiles = 1\n", 1, ("profiles",)),
        ("[limits]\ngrade_good = 95\n", 2, ("grade_good",)),
        ("[limits]\nband_met = 0.5\n", 2, ("band_met",)),
        ("headings = ''\n", 1, ("headings",)),
        ("a = [\n", 1, ("TOML",)),
        ('[[waiver]]\nid = "a"\nwho = "张"\n', 1, ("why",)),
        ('[[waiver]]\nid = "a"\nwho = "张"\nwhy = "口径"\n\n[[waiver]]\nid = "b"\nwho = ""\nwhy = "c"\n', 8, ("who",)),
        ('[[waiver]]\nid = "a"\nwho = "张"\nwhy = "口径"\nuntil = "明年"\n', 5, ("until", "明年")),
        ('[[waiver]]\nrule = "N01"\nwho = "张"\nwhy = "口径"\n', 1, ("project",)),
        ('[[waiver]]\nwho = "张"\nwhy = "口径"\n', 1, ("id",)),
        ('[[waiver]]\nid = "a"\nwhoo = "张"\nwhy = "口径"\n', 3, ("whoo", "who")),
        ("waiver = 1\n", 1, ("waiver",)),
    ],
)
def test_wrong_settings_are_refused_with_their_line(
    tmp_path: Path, text: str, line: int, words: tuple[str, ...]
) -> None:
    error = refused(tmp_path, text)
    assert error.line == line
    for lang in catalogue.LANGUAGES:
        assert all(word in error.text(lang) for word in words), error.text(lang)
        assert str(line) in error.text(lang)


def test_line_of_a_key_in_a_project_file(tmp_path: Path) -> None:
    path = write(tmp_path, '[project]\nlang = "x"\n\n[tool.narrcheck.limits]\nspending_gap = "x"\n', "pyproject.toml")
    with pytest.raises(SettingsError) as caught:
        load(path, tmp_path, {}, {})
    assert caught.value.line == 5


@pytest.mark.parametrize(
    ("environ", "words"),
    [
        ({"NARRCHECK_LAMG": "en"}, ("NARRCHECK_LAMG", "NARRCHECK_LANG")),
        ({"NARRCHECK_LANG": "fr"}, ("NARRCHECK_LANG", "fr")),
        ({"NARRCHECK_PROFILE": "x"}, ("NARRCHECK_PROFILE",)),
    ],
)
def test_wrong_variables_are_refused(tmp_path: Path, environ: dict[str, str], words: tuple[str, ...]) -> None:
    with pytest.raises(SettingsError) as caught:
        load(None, tmp_path, environ, {})
    assert all(word in str(caught.value) for word in words)


def test_missing_and_unreadable_files(tmp_path: Path) -> None:
    for path in (tmp_path / "none.toml", tmp_path):
        with pytest.raises(SettingsError) as caught:
            load(path, tmp_path, {}, {})
        assert caught.value.file == str(path)
    binary = tmp_path / "narrcheck.toml"
    binary.write_bytes(b"\xff\xfe\x00lang")
    with pytest.raises(SettingsError):
        load(None, tmp_path, {}, {})


def test_unknown_rule_codes_are_refused_with_the_nearest(tmp_path: Path) -> None:
    check_codes(("N", "F0", "S09"), KNOWN)
    with pytest.raises(SettingsError) as caught:
        check_codes(("S90",), KNOWN)
    assert "S90" in str(caught.value) and "S09" in str(caught.value)
    path = write(tmp_path, '\nselect = ["N"]\nignore = ["F1"]\n')
    with pytest.raises(SettingsError) as caught:
        load(path, tmp_path, {}, {}).check_codes(KNOWN)
    assert caught.value.line == 3 and "F01" in str(caught.value)
    path = write(tmp_path, '[[waiver]]\nrule = "N99"\nproject = "桥梁"\nwho = "张"\nwhy = "口径"\n')
    with pytest.raises(SettingsError):
        load(path, tmp_path, {}, {}).check_codes(KNOWN)


def test_waivers_are_read(tmp_path: Path) -> None:
    named = '[[waiver]]\nrule = "n01"\nproject = "桥梁养护"\nrow = "巡查次数"\n'
    text = named + 'who = "张"\nwhy = "口径"\nuntil = 2027-06-30\n'
    (waiver,) = load(write(tmp_path, text), tmp_path, {}, {}).waivers
    assert (waiver.rule, waiver.row, waiver.until) == ("N01", "巡查次数", "2027-06-30")


def test_every_setting_is_in_the_list_and_has_a_meaning() -> None:
    names = {setting.name for setting in SETTINGS}
    assert {f"limits.{limit.name}" for limit in fields(Limits)} <= names
    settings = Settings()
    for setting in SETTINGS:
        assert settings.value(setting.name) == setting.default
        assert catalogue.message(setting.meaning, "zh") and catalogue.message(setting.meaning, "en")


def test_profiles_are_complete_and_well_formed() -> None:
    assert set(profiles()) >= {"national", "provincial-a"}
    assert set(load_data("profiles.toml")["national"]) == {limit.name for limit in fields(Limits)}
    standard = Limits()
    for name, value in profiles()["national"].items():
        assert value == getattr(standard, name.removeprefix("limits."))


def test_sentences_have_equal_placeholders() -> None:
    import string

    for key, entry in catalogue.entries().items():
        if key.startswith(("settings.", "setting.", "origin.")):
            zh, en = ({n for _, n, _, _ in string.Formatter().parse(entry[lang]) if n} for lang in catalogue.LANGUAGES)
            assert zh == en, key


@pytest.mark.parametrize("value", ["1234567890123", '["sk-abcdef"]', '"sk-钥匙"', '"sk-ab cd"'])
def test_a_key_that_cannot_be_one_is_refused_without_showing_it(tmp_path: Path, value: str) -> None:
    error = refused(tmp_path, f"[llm]\napi_key = {value}\n")
    assert (error.key, error.line) == ("llm.api_key", 2)
    assert not {"1234567890123", "sk-"} & set(re.findall(r"\d{5,}|sk-", str(error)))


def test_the_table_of_the_model_and_its_plain_setting(tmp_path: Path) -> None:
    write(tmp_path, '[llm]\nuse = "full"\nmodel = "m"\nbase-url = "http://localhost:1/v1"\nreasks = 0\ncache = "off"\n')
    settings = load(None, tmp_path, {}, {})
    assert (settings.model_use, settings.model.model, settings.model.reasks) == ("full", "m", 0)
    assert settings.model.cache_file() is None and settings.origin("llm").line == 2
    write(tmp_path, 'llm = "auto"\n')
    assert load(None, tmp_path, {}, {}).model_use == "off"
    assert refused(tmp_path, "[llm]\ntemperature = 1\n").key == "llm.temperature"
    assert refused(tmp_path, "[llm]\nreasks = -1\n").key == "llm.reasks"
