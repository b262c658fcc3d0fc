"""The command line: bad input is one line on stderr and status 2, a finding is 1, help is 0."""

import json
import shutil

import click
import pytest
import yaml

from helpers.base import paths
from helpers.cli import new
from helpers.cli.app import app, main
from helpers.cli.ingest import COMMANDS
from helpers.run.run import default_params


def refused(capsys, *arguments):
    """Return the one line that a command says of its input."""
    assert main(arguments) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith("error: ") and said.err.count("\n") == 1
    return said.err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["reprot"], "No such command 'reprot'. Did you mean 'report'?"),
        (["report", "--prams", "x.yml"], "No such option"),
        (["report", "--jobs", "0"], "0 is not in the range x>=1"),
        (["report", "--jobs", "two"], "'two' is not a valid integer"),
        (["calibrate", "--workers", "0"], "0 is not in the range x>=1"),
        (["calibrate", "--only", "model2"], "'model2' is not one of 'tests', 'model', 'figures'"),
        (["bench", "--only", "speed"], "'speed' is not one of 'graph', 'statistics'"),
        (["new"], "Missing argument 'NAME'"),
        (["new", "Border closure"], "'Border closure' cannot be a name"),
        (["lab", "--take", "99-nothing"], "there is no work/99-nothing.ipynb"),
        (["audit", "all"], "unexpected extra argument"),
        (["ingest"], f"there are {next(iter(COMMANDS))}, "),
        (["ingest", "vdemm"], "ingest has no command 'vdemm'; did you mean 'vdem'?"),
        (["ingest", "vdem", "nowhere.csv"], "the publisher's file nowhere.csv does not exist"),
        (["ingest", "stamp", "nothing.csv"], "there is no table"),
        (["ingest", "vdem"], "the following arguments are required: sources"),
        (["ingest", "vdem", "x.csv", "--otu", "y"], "unrecognized arguments: --otu y"),
    ],
    ids=" ".join,
)
def test_bad_input_is_one_line_and_status_2(capsys, arguments, words):
    assert words in refused(capsys, *arguments)


@pytest.mark.parametrize("verb", ["report", "pdf", "verify", "bench"])
def test_a_missing_parameter_file_is_refused_by_every_verb_that_takes_one(capsys, verb, tmp_path):
    assert f"{tmp_path / 'none.yml'} does not exist" in refused(
        capsys, verb, "--params", str(tmp_path / "none.yml")
    )


def test_a_misspelt_parameter_names_the_nearest(capsys, tmp_path):
    content = yaml.safe_load(default_params().read_text(encoding="utf-8"))
    content["sed"] = content.pop("seed")
    file = tmp_path / "other.yml"
    file.write_text(yaml.safe_dump(content))
    said = refused(capsys, "pdf", "--params", str(file))
    assert "other.yml: unknown parameter 'sed'; did you mean 'seed'?" in said


def test_without_a_verb_the_verbs_are_shown(capsys):
    assert main([]) == 2
    shown = capsys.readouterr().out
    assert all(verb in shown for verb in app.commands)


@pytest.mark.parametrize("verb", sorted(set(app.commands) - {"ingest"}))
def test_help_is_status_0_and_ends_before_the_notes_for_programmers(capsys, verb):
    assert main([verb, "--help"]) == 0
    said = capsys.readouterr()
    assert said.out.startswith(f"Usage: python -m helpers.cli {verb}") and said.err == ""
    assert "----" not in said.out and "\f" not in said.out


def test_every_option_says_what_it_is_for():
    options = [
        option
        for command in app.commands.values()
        for option in command.params
        if isinstance(option, click.Option)
    ]
    assert len(options) > 8
    assert all(option.help for option in options)


@pytest.fixture
def notebook(tmp_path, monkeypatch):
    """A project of one notebook from the template; a function that adds a cell to it."""
    path = tmp_path / "01-one.ipynb"
    path.write_text(new.filled(new.TEMPLATE.read_text(encoding="utf-8"), "01-one", new.defaults()))
    window = '[window]\nfirst = "2018-01"\nlast = "2024-12"\n'
    stage = '[[stage]]\nname = "01-one"\nreads = []\nwrites = []\n'
    (tmp_path / "stages.toml").write_text(window + stage)
    shutil.copy(paths.BOOK / "allowed-digits.yml", tmp_path)
    for name in ("NOTEBOOKS", "BOOK", "RAW"):
        monkeypatch.setattr(paths, name, tmp_path)
    monkeypatch.setattr(paths, "STAGES", tmp_path / "stages.toml")

    def add(kind: str, source: str) -> None:
        content = json.loads(path.read_text(encoding="utf-8"))
        cell = {"cell_type": kind, "metadata": {}, "source": source}
        content["cells"].append(cell if kind == "markdown" else cell | {"outputs": []})
        path.write_text(json.dumps(content))

    return add


def test_habits_is_1_where_a_notebook_breaks_one(capsys, notebook):
    notebook("markdown", "word " * 500)  # the template alone is too short for a chapter
    assert main(["habits"]) == 0
    assert capsys.readouterr().out == ""
    notebook("code", "\n".join(["x = 1"] * 40))
    assert main(["habits"]) == 1
    said = capsys.readouterr()
    assert "01-one.ipynb: the longest run of code has 40 lines" in said.out and said.err == ""


def test_audit_is_1_where_a_digit_is_not_bound(capsys, notebook):
    assert main(["audit"]) == 0
    assert (
        capsys.readouterr().out
        == "0 unbound digits, 0 typed ends and 0 unbound words in 1 pages and notebooks\n"
    )
    notebook("markdown", "It was 37 percent.")
    assert main(["audit"]) == 1
    said = capsys.readouterr()
    assert (
        "'37'" in said.out
        and "\n1 unbound digits, 0 typed ends and 0 unbound words in 1" in said.out
    )
    assert said.err == ""


def test_audit_is_1_where_a_word_of_quantity_is_not_bound(capsys, notebook):
    notebook("markdown", "As told,\nmost of the dead were civilians.")
    assert main(["audit"]) == 1
    said = capsys.readouterr().out
    assert "line 2: 'most' is neither bound" in said and "As told, most of the dead were" in said
    assert said.endswith(
        "0 unbound digits, 0 typed ends and 1 unbound words in 1 pages and notebooks\n"
    )


def test_audit_is_1_where_the_end_of_a_table_is_typed(capsys, notebook):
    notebook("code", 'source = "UCDP events, 2018 to 2021"')
    assert main(["audit"]) == 1
    said = capsys.readouterr().out
    assert "'2018 to 2021' is typed where a table's reach is meant" in said
    assert "\n0 unbound digits, 1 typed ends and 0 unbound words in 1" in said


def test_audit_reads_the_plan_of_claims_beside_the_raw_tables(capsys, notebook):
    plan = "- {id: one, statement: Most died., limits: [Most of the dead were civilians.]}\n"
    (paths.RAW / "claims.yml").write_text(plan)
    assert main(["audit"]) == 1
    assert "claims.yml, claim 'one', line 1: 'Most' is neither bound" in capsys.readouterr().out
