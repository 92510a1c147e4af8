from sim.settings.problem import ConfigError, Problem, Source, Span, dotted

FILE = Source("regimes/ics.yaml", ("schema: x", "referral:", "  home_bais_share: 0.35"), 1)
OTHER = Source("base.yaml", ("id: 3",), 0)
TYPO = Problem(Span(FILE, 3, 3, 15), ("referral", "home_bais_share"), "unknown key", "did you mean `home_bias_share`?")


def test_a_problem_shows_place_line_carets_and_hint() -> None:
    assert TYPO.as_text().splitlines() == [
        "  regimes/ics.yaml:3:3  referral.home_bais_share: unknown key",
        "    3 |   home_bais_share: 0.35",
        "      |   ^^^^^^^^^^^^^^^",
        "      = did you mean `home_bias_share`?",
    ]


def test_problems_stand_in_the_order_of_files_and_lines_and_only_once() -> None:
    late = Problem(Span(FILE, 2, 1, 8), ("referral",), "late")
    first = Problem(Span(OTHER, 1, 1, 2), ("id",), "first")

    error = ConfigError([TYPO, late, first, TYPO])

    assert [problem.message for problem in error.problems] == ["first", "late", "unknown key"]


def test_the_report_counts_problems_names_files_and_the_next_command() -> None:
    used = Problem(TYPO.span, TYPO.location, "unknown key", used_by="studies/a.yaml:3")

    text = str(ConfigError([used], "sim check studies/a.yaml"))

    assert text.startswith("error[config]: 1 problem in regimes/ics.yaml (used by studies/a.yaml:3)\n")
    assert text.endswith("Nothing was run. Check again with:  sim check studies/a.yaml")


def test_json_carries_pointer_and_position() -> None:
    problem = Problem(Span(FILE, 3, 3, 1), ("a/b", 0, "c~d"), "wrong").as_json()

    assert problem["pointer"] == "/a~1b/0/c~0d"
    assert (problem["path"], problem["line"], problem["column"]) == ("regimes/ics.yaml", 3, 3)


def test_list_positions_stand_in_brackets() -> None:
    assert dotted(("compare", 1, "id")) == "compare[1].id"
