"""Every macro of ours: what it writes, that it escapes what it is given, and what a form shows after a refusal."""

import re
from datetime import UTC, date, datetime
from types import SimpleNamespace as Record
from typing import Any

import pytest

from endpoints import _pages
from endpoints._forms import Form
from endpoints._merge import Change, Differing
from errors import FieldProblem
from models.enumerations import Likelihood, Severity

ATTACK = "<script>alert(1)</script>"
WHEN = datetime(2026, 11, 20, 20, 51, tzinfo=UTC)
MOMENT = "2026-11-20T20:51:00+00:00"
FILES = ("_macros.html", "_charts.html", "_merge.html")
MACROS = {name: vars(_pages.environment.get_template(name).module) for name in FILES}
IMPORTED_FROM_NHS = {
    "breadcrumb", "dateInput", "errorSummary", "fileUpload", "input", "numberedPages", "passwordInput", "radios",
    "select", "textarea",
}  # fmt: skip
OF_FILE = {file: {name for name in found if name[0] != "_"} - IMPORTED_FROM_NHS for file, found in MACROS.items()}
for further in FILES[1:]:
    OF_FILE[further] -= OF_FILE["_macros.html"]
OURS = set().union(*OF_FILE.values())

REFUSED = Form(
    {"name": ATTACK, "level": "2"},
    (FieldProblem("name", f"Name {ATTACK}"), FieldProblem("", f"General {ATTACK}")),
    "Not stored",
    422,
)


def assessed(level: int) -> Record:
    return Record(level=level)


def rated(**changes: Any) -> Record:
    plain = Record(
        severity="major",
        likelihood="low",
        level=3,
        recorded_level=None,
        severity_justification=ATTACK,
        likelihood_justification=ATTACK,
        justification=ATTACK,
        assessed_by=ATTACK,
        assessed_date=MOMENT,
    )
    return Record(**vars(plain) | changes)


def hazard(**changes: Any) -> Record:
    plain = Record(
        reference="HAZ-001",
        name=f"Hazard {ATTACK}",
        url="/projects/1/hazards/1/",
        initial=assessed(4),
        residual=None,
        residual_evidenced=None,
        status="open",
        owner="",
        owned_by=ATTACK,
        updated_date=MOMENT,
        id="1",
        unread_comments=2,
    )
    return Record(**vars(plain) | changes)


def control(**changes: Any) -> Record:
    plain = Record(id="1", description=ATTACK, evidence=ATTACK, kind=None, state="proposed", responsible=None)
    return Record(**vars(plain) | {"evidence_count": 2} | changes)


def piece(kind: str, **changes: Any) -> Record:
    """A piece of evidence that is about a hazard or a control."""
    about = Record(kind=kind, id=ATTACK, url=ATTACK, name=ATTACK, reference=ATTACK, stage="initial", purpose="support")
    plain = Record(about=about, url=ATTACK, title=ATTACK, created_by=ATTACK, created_date=MOMENT, host=ATTACK)
    return Record(**vars(plain) | {"file_name": None, "size": 1} | changes)


def rows(count: int) -> list[list[Record]]:
    return [[Record(severity=s, likelihood=k, level=3, count=count) for s in Severity] for k in reversed(Likelihood)]


def page(number: int, total: int = 157) -> Record:
    pages = -(-total // 20)
    return Record(
        total=total,
        page=number,
        page_size=20,
        total_pages=pages,
        has_next=number < pages,
        has_prev=number > 1,
    )


def query(**changes: object) -> str:
    return "?" + "&".join(f"{name}={value}" for name, value in changes.items() if value is not None)


def show(source: str, **context: Any) -> str:
    imported = "".join(f"{{% from '{file}' import {', '.join(sorted(names))} %}}" for file, names in OF_FILE.items())
    given = {"attack": ATTACK, "form": None, "query": query, "link": lambda path: "/turva" + path}
    return _pages.environment.from_string(imported + source).render(given | context).strip()


# One use of each macro with hostile text wherever it takes text.
HOSTILE = {
    "trail": "{{ trail(link, hazard, [(attack, attack)]) }}",
    "error_summary": "{{ error_summary(form) }}",
    "new_password_field": "{{ new_password_field(form, 'name', attack, {'shortest_password': attack}) }}",
    "text_field": "{{ text_field(form, 'name', attack, hint=attack) }}{{ text_field(None, 'b', attack, value=attack, "
    "rows=3) }}{{ text_field(None, 'c', attack, value=attack, "
    "suggestions=[attack]) }}{{ text_field(form, 'd', attack, type='password') }}",
    "code_field": "{{ code_field(form, 'name', attack, hint=attack) }}{{ code_field(None, 'b', attack, digits=true) }}",
    "proof_summary": "{{ proof_summary(form) }}{{ proof_summary(form, password=true) }}{{ attack }}",
    "proof_fields": "{{ proof_fields(form, true, true) }}{{ attack }}",
    "passkey_form": "{% call passkey_form(attack, attack, next=attack) %}{{ attack }}{% endcall %}",
    "list_field": "{{ list_field(late, 'name', attack, attack, [], hint=attack) }}{{ list_field(None, 'b', attack, "
    "attack, [attack, attack], hint=attack) }}{{ list_field(None, 'c', attack, attack, [], hint=attack) }}",
    "merge_fields": "{{ merge_fields({'same': {'a': attack, 'b': [attack]}, 'differing': differing}, "
    "{'name': attack}, {}) }}",
    "version_field": "{{ version_field(None, attack) }}{{ version_field(form, attack) }}{{ attack }}",
    "side": "{{ side(attack, '', {}) }}{{ side([attack], [], {}) }}{{ side('', attack, {}) }}",
    "marked_piece": "{% for piece in 'a'|compared(attack) %}{{ marked_piece(piece) }}{% endfor %}",
    "marked": "{{ marked(attack|beside('')) }}",
    "merge_form": "{{ merge_form({'same': {}, 'differing': differing, 'version': 2}, attack, {'name': attack}, {}, "
    "attack) }}",
    "merge_problems": "{{ merge_problems({'differing': differing}, attack, {'name': attack}) }}",
    "search_form": "{{ search_form(attack, attack, attack, attack) }}",
    "select_field": "{{ select_field(form, 'name', attack, [(attack, attack), attack], hint=attack, blank=attack) }}",
    "radios_field": "{{ radios_field(form, 'name', attack, [(attack, attack, attack), attack], hint=attack) }}",
    "checkboxes_field": "{{ checkboxes_field(form, 'name', attack, [attack], {attack: attack}, hint=attack) }}",
    "fold": "{% call fold(attack) %}{{ attack }}{% endcall %}",
    "ticks_field": "{{ ticks_field(attack, [(attack, attack, attack, true)]) }}",
    "day_field": "{{ day_field(form, 'name', attack, hint=attack) }}",
    "file_field": "{{ file_field(form, 'name', attack, hint=attack, accept=attack) }}",
    "filter_panel": "{% call filter_panel('/a/?b=' ~ attack, '#' ~ attack, attack) %}{{ attack }}{% endcall %}",
    "risk": "{{ risk(5) }}{{ attack }}",
    "assessment": "{{ assessment(None, attack) }}",
    "residual_risk": "{{ residual_risk(hazard) }}{{ attack }}",
    "status_tag": "{{ status_tag('open') }}{{ attack }}",
    "gravity": "{{ gravity('error') }}{{ attack }}",
    "device": "{{ device(attack) }}{{ device(attack, 'token', attack) }}",
    "rating": "{{ rating(rated) }}{{ rating(None) }}{{ attack }}",
    "control_table": "{{ control_table(attack, [control], attack, '/c/', attack, {'1': ['2']}, [cause]) }}"
    "{{ control_table(attack, [], attack, '', '', {}, []) }}",
    "when": "{{ when('2026-11-20T20:51:00+00:00') }}{{ attack }}",
    "text_list": "{{ text_list([attack, attack]) }}{{ text_list([], attack) }}",
    "summary": "{% call summary() %}{{ attack }}{% endcall %}",
    "row": "{{ row(attack, attack, attack, attack) }}{% call row(attack) %}{{ attack }}{% endcall %}",
    "table": "{% call table(attack, [attack, {'text': attack}, {'text': attack, 'href': attack, 'sort': 'none'}]) %}"
    "{{ attack }}{% endcall %}",
    "cell": "{% call cell(attack, attack) %}{{ attack }}{% endcall %}",
    "showing": "{{ showing(page, attack, attack) }}",
    "pages": "{{ pages(page, hostile) }}",
    "matrix": "{{ matrix(rows, attack) }}",
    "level_key": "{{ level_key('nhs-2018') }}{{ attack }}",
    "definitions": "{{ definitions('nhs-2018') }}{{ attack }}",
    "level_grid": "{{ level_grid({'low': {'major': 3}}, {attack: rated}) }}",
    "findings": "{{ findings(attack, [finding]) }}",
    "changes": "{{ changes([change]) }}{{ changes([change], first=true) }}",
    "live": "{% call live(attack, attack, attack, attack, attack) %}{{ attack }}{% endcall %}",
    "timeline": "{% call timeline() %}{{ attack }}{% endcall %}",
    "event": "{% call event(attack, attack, '2026-11-20T20:51:00+00:00') %}{{ attack }}{% endcall %}",
    "bar_chart": "{{ bar_chart(attack, [{'text': attack, 'value': 2, 'href': attack}], attack, attack) }}",
    "line_chart": "{{ line_chart(attack, attack, [attack], [series], attack, heading=attack) }}",
    "evidence_kind": "{{ evidence_kind(piece) }}{{ evidence_kind(link_piece) }}",
    "evidence_about": "{{ evidence_about(piece.about, link) }}{{ evidence_about(link_piece.about) }}",
    "evidence_table": "{{ evidence_table([piece, link_piece], link, true) }}{{ evidence_table([], link) }}",
    "about_field": "{{ about_field(form, [choice], [], hint=attack) }}",
    "which_hazard": "{{ which_hazard(asked) }}",
    "hazard_table": "{{ hazard_table([hazard], link, hostile, attack, attack) }}",
}


def test_every_macro_is_tried() -> None:
    assert set(HOSTILE) == OURS


@pytest.mark.parametrize("name", sorted(OURS))
def test_what_a_macro_is_given_is_escaped(name: str) -> None:
    html = show(
        HOSTILE[name],
        form=REFUSED,
        page=page(1),
        rows=rows(1),
        hazard=hazard(),
        late=Form({"name": [f"x {ATTACK}"]}, REFUSED.problems, ATTACK, 409),
        rated=rated(recorded_level=4),
        finding=Record(row=None, column=ATTACK, message=ATTACK),
        change=Record(name=ATTACK, before=[ATTACK], after=[ATTACK]),
        cause=Record(id="2", description=ATTACK),
        control=control(),
        series=Record(name=ATTACK, kind="", values=[1]),
        differing=[Differing("name", ATTACK, "", ATTACK, True, "both", Change(frozenset(), ATTACK, WHEN))],
        piece=piece("assessment", file_name=ATTACK),
        link_piece=piece("control"),
        choice=Record(field="hazards", id=ATTACK, name=ATTACK),
        asked=Record(hazard=ATTACK, choices=[]),
        hostile=lambda **_: f'"{ATTACK}',
    )
    assert "<script" not in html
    assert '""' not in re.sub(r'="[^"<>]*"', "", html)
    assert "&lt;script" in html or "%3Cscript" in html


def test_a_refused_form_shows_what_was_typed_and_why() -> None:
    html = show(
        "{{ text_field(form, 'name', 'Name', value='Stored') }}", form=Form({"name": 'a "b"'}, REFUSED.problems)
    )
    assert 'value="a &#34;b&#34;"' in html
    assert "Stored" not in html
    assert 'aria-describedby="name-error"' in html
    assert 'id="name"' in html


@pytest.mark.parametrize(
    ("form", "boxes"),
    [
        (None, ["31", "3", "2027"]),
        (Form({"day": "2027-x-y-z"}), ["y-z", "x", "2027"]),
        (Form({"day": "--31"}), ["31", "", ""]),
        (Form({}), ["", "", ""]),
    ],
)
def test_a_day_is_shown_in_the_boxes_it_was_typed_in(form: Form | None, boxes: list[str]) -> None:
    html = show("{{ day_field(form, 'day', 'Day', value=day) }}", form=form, day=date(2027, 3, 31))
    found = dict(re.findall(r'name="(day-\w+)"[^>]* value="([^"]*)"', html))
    assert re.findall(r'name="(day-\w+)"', html) == ["day-day", "day-month", "day-year"]
    assert [found.get(f"day-{part}", "") for part in ("day", "month", "year")] == boxes


def test_a_password_is_never_shown_again() -> None:
    html = show("{{ text_field(form, 'p', 'Password', value='stored', type='password') }}", form=Form({"p": "secret"}))
    assert "secret" not in html
    assert "stored" not in html
    assert 'type="password"' in html
    assert 'autocomplete="current-password"' in html


def test_a_text_area_keeps_lines_and_a_list_is_one_line_each() -> None:
    html = show("{{ text_field(form, 'causes', 'Causes', rows=4) }}", form=Form({"causes": ["one", "two"]}))
    assert ">one\ntwo</textarea>" in html
    assert 'rows="4"' in html


@pytest.mark.parametrize(("form", "chosen"), [(None, "major"), (Form({"severity": "minor"}), "minor"), (Form(), "")])
def test_a_choice_is_kept(form: Form | None, chosen: str) -> None:
    select = show(
        "{{ select_field(form, 'severity', 'Severity', all, 'major', blank='Choose') }}", form=form, all=Severity
    )
    radios = show("{{ radios_field(form, 'severity', 'Severity', all, 'major') }}", form=form, all=Severity)
    assert re.findall(r'value="(\w*)"\s+selected', select) == [value for value in [chosen] if value]
    assert re.findall(r'value="(\w*)"[^>]* checked', radios) == [value for value in [chosen] if value]
    assert "Catastrophic" in select
    assert "Catastrophic" in radios
    assert 'id="severity"' in radios


def test_options_may_be_numbers_with_words() -> None:
    html = show("{{ select_field(form, 'level', 'Level', [(1, 'One'), (2, 'Two')]) }}", form=REFUSED)
    assert re.findall(r'value="(\d)"\s+selected', html) == ["2"]


def test_risk_is_a_number_and_a_word_never_a_colour_alone() -> None:
    html = re.sub("<[^>]*>", "", show("{{ risk(4) }}"))
    assert html == "Risk level 4 Mandatory action"


def test_a_hazard_not_assessed_says_so() -> None:
    assert "Not assessed" in show("{{ assessment(given) }}", given=None)
    assert "Undesirable" in show("{{ assessment(given) }}", given=assessed(3))


def test_the_matrix_has_severity_in_columns_and_the_highest_likelihood_on_top() -> None:
    html = show("{{ matrix(rows, '/h/') }}", rows=rows(3))
    columns = ["Minor", "Significant", "Considerable", "Major", "Catastrophic"]
    assert re.findall(r'<th scope="col">([^<]*)', html) == columns
    assert re.findall(r'<th scope="row">([^<]*)', html) == ["Very high", "High", "Medium", "Low", "Very low"]
    assert 'href="/h/?severity=major&amp;likelihood=very_low"' in html
    assert "3 hazards, severity major, likelihood very low, risk level 3" in html
    assert html.count("<td class") == html.count("<a href") == 25


def test_a_cell_of_one_hazard_is_singular_and_an_empty_one_is_no_link() -> None:
    assert "1 hazard, severity" in show("{{ matrix(rows, '/h/') }}", rows=rows(1))
    assert "<a " not in show("{{ matrix(rows, '/h/') }}", rows=rows(0))


@pytest.mark.parametrize(
    ("number", "total", "words"),
    [
        (1, 0, "No hazards found"),
        (1, 1, "1 hazard"),
        (1, 20, "20 hazards"),
        (2, 57, "Showing 21 to 40 of 57 hazards"),
        (3, 57, "Showing 41 to 57 of 57 hazards"),
    ],
)
def test_a_list_says_what_it_shows(number: int, total: int, words: str) -> None:
    assert re.sub("<[^>]*>", "", show("{{ showing(page) }}", page=page(number, total))).strip() == words


@pytest.mark.parametrize(
    ("number", "total", "links"),
    [
        (1, 20, []),
        (1, 40, [1, 2, 2]),
        (4, 157, [3, 1, 3, 4, 5, 8, 5]),
        (8, 157, [7, 1, 7, 8]),
    ],
)
def test_paging_links_to_the_neighbours_and_the_ends(number: int, total: int, links: list[int]) -> None:
    html = show("{{ pages(page, query) }}", page=page(number, total))
    assert [int(found) for found in re.findall(r'href="\?page=(\d+)"', html)] == links
    assert html.count('aria-current="page"') == (1 if links else 0)


def test_hazards_are_listed_with_links_that_sort() -> None:
    html = show("{{ hazard_table([hazard], link, query, '-name') }}", hazard=hazard())
    assert 'href="/turva/projects/1/hazards/1/"' in html
    assert 'aria-sort="descending"><a class="nhsuk-link" href="?sort=name">Hazard</a>' in html
    assert 'aria-sort="none"><a class="nhsuk-link" href="?sort=status">' in html
    assert 'id="HAZ-001"' in html
    assert "20 Nov 2026" in html


@pytest.mark.parametrize(
    ("words", "count", "told"),
    [
        ("", 0, "None recorded"),
        ("", 3, "3 attached"),
        ("Report 7", 0, "Report 7"),
        ("Report 7", 1, "Report 7; 1 attached"),
    ],
)
def test_evidence_of_a_control_is_told_in_words_and_by_what_is_attached(words: str, count: int, told: str) -> None:
    given = [control(evidence=words, evidence_count=count)]
    html = show("{{ control_table('Controls', given, '', '/c/', '', {}, []) }}", given=given)
    assert re.sub("<.*?>", "", html.rpartition("Evidence ")[2]).strip() == told


@pytest.mark.parametrize(("evidenced", "told"), [(None, ""), (2, ""), (4, "Evidenced: 4"), (0, "Evidenced: none")])
def test_a_claim_that_nothing_bears_out_is_told_beside_it(evidenced: int | None, told: str) -> None:
    """DCB0129 6.1.4, 6.3.2: a green level 2 on controls that nobody verified misleads."""
    borne_out = None if evidenced is None else assessed(evidenced)
    html = show("{{ residual_risk(hazard) }}", hazard=hazard(residual=assessed(2), residual_evidenced=borne_out))
    assert re.findall(r"Evidenced: \w+", html) == [told] * bool(told)


@pytest.mark.parametrize(
    ("sort", "following"),
    [("number", "?sort=-initial"), ("-initial", "?sort=initial"), ("initial", "?sort=-initial")],
)
def test_risk_is_sorted_worst_first_at_once(sort: str, following: str) -> None:
    html = show("{{ hazard_table([hazard], link, query, sort) }}", hazard=hazard(), sort=sort)
    assert f'href="{following}">Initial risk</a>' in html


def test_of_many_entries_each_has_a_box_of_its_own_and_one_is_free() -> None:
    html = show("{{ list_field(None, 'causes', 'Causes', 'cause', ['one\ntwo', 'three']) }}")
    assert re.findall(r'name="causes" rows="2">([^<]*)</textarea>', html) == ["one\ntwo", "three", ""]
    assert re.findall(r'<textarea[^>]* id="([\w-]+)"', html) == re.findall(r'<label[^>]* for="([\w-]+)"', html)


def test_without_entries_one_box_takes_an_entry_a_line() -> None:
    html = show("{{ list_field(None, 'causes', 'Causes', 'cause', []) }}")
    assert html.count("<textarea") == 1
    assert "one a line" in html


def test_headings_without_a_link_may_be_hidden() -> None:
    html = show("{% call table('Sessions', ['Device', {'text': 'Action'}]) %}{% endcall %}")
    assert ">Device</th>" in html
    assert '<span class="nhsuk-u-visually-hidden">Action</span>' in html
    assert "sortable" not in html
