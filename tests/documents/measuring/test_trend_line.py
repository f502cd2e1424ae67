"""What was measured stays, beside what others reach, and is shown over time."""

import io
import json

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command

from documents.measuring import baselines, trend_line
from documents.models import EvaluationRun
from tests.documents.measuring.test_evaluation import corpus, evaluate, inline  # noqa: F401

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("inline")]
ADMIN = "/admin/documents/evaluationrun/"


def test_every_evaluation_is_kept_without_any_text(corpus, owner):  # noqa: F811
    figures = evaluate(corpus)
    evaluate(corpus, in_document=True)
    whole, narrow = EvaluationRun.objects.order_by("pk")
    assert (whole.folder, whole.documents, whole.queries) == ("sea", 3, 2)
    assert whole.figures["nDCG@10"] == pytest.approx(figures["nDCG@10"])
    assert (whole.in_document, narrow.in_document) == (False, True)
    assert "lighthouse" not in json.dumps([whole.figures, whole.folder])


def test_the_folders_own_baselines_stand_beside_the_figures(corpus, owner):  # noqa: F811
    rows = {"another program": {"nDCG@10": 0.5}}
    (corpus / "baselines.json").write_text(json.dumps({"queries": 2, "rows": rows}))
    out = io.StringIO()
    call_command("evaluate", corpus, stdout=out, stderr=io.StringIO())
    lines = out.getvalue().splitlines()
    assert lines[0].split() == ["this", "run", "another", "program"]
    assert next(line for line in lines if line.startswith("nDCG@10")).split()[-1] == "0.5000"
    assert evaluate(corpus)["baselines"] == rows


def test_known_baselines_belong_to_the_same_questions_alone(tmp_path):
    folder = tmp_path / "scifact"
    assert baselines.beside(folder, 300, in_document=False)["BM25"]["nDCG@10"] == 0.686
    assert baselines.beside(folder, 299, in_document=False) == {}
    assert baselines.beside(folder, 300, in_document=True) == {}
    assert baselines.beside(tmp_path / "mine", 300, in_document=False) == {}


def run(owner, value, folder="sea", **facts):
    facts = {"documents": 3, "queries": 2, **facts}
    return EvaluationRun.objects.create(
        owner=owner, folder=folder, figures={"nDCG@10": value}, **facts
    )


def test_a_chart_runs_from_the_oldest_and_better_is_higher(owner):
    for value in (0.5, 0.6, 0.55):
        run(owner, value)
    run(owner, 0.9, in_document=True)
    apart, chart = trend_line.charts(EvaluationRun.objects.all())
    assert [dot.said[:6] for dot in chart.dots] == ["0.5000", "0.6000", "0.5500"]
    heights = [dot.y for dot in chart.dots]
    assert heights[1] < heights[2] < heights[0]
    assert (chart.low, chart.high, chart.last) == (0.5, 0.6, 0.55)
    assert apart.title == "sea, in document (2 questions)"
    assert len(apart.dots) == 1


def test_the_admin_shows_runs_and_charts_to_staff_alone(client, owner, alice):
    run(owner, 0.5)
    run(owner, 0.6)
    client.force_login(User.objects.create_superuser("chief"))
    page = client.get(ADMIN).content.decode()
    assert "0.6000" in page
    one = client.get(f"{ADMIN}{EvaluationRun.objects.first().pk}/change/").content.decode()
    assert "<td>0.6000</td>" in one
    assert 'name="_save"' not in one
    assert page.count("<polyline") == 1
    assert page.count("<circle") == 2
    assert "style=" not in page.split('class="chart"')[1].split("</figure>")[0]
    client.force_login(alice)
    assert client.get(ADMIN).status_code == 404
