"""What is made of Lighthouse's reports; the audit itself is ``invoke lighthouse``."""

from __future__ import annotations

import pytest

from scripts.lighthouse import CATEGORIES, judge
from tests.browser import Published, hosting


def report(performance=1.0, seo=1.0):
    """A report in Lighthouse's shape: one audit a category."""
    scores = dict.fromkeys(CATEGORIES, 1.0) | {"performance": performance, "seo": seo}
    return {
        "categories": {
            name: {"score": score, "auditRefs": [{"id": f"{name}-audit", "weight": 1}]} for name, score in scores.items()
        },
        "audits": {
            f"{name}-audit": {"id": f"{name}-audit", "title": "Said so", "score": score} for name, score in scores.items()
        },
    }  # fmt: skip


@pytest.mark.parametrize(
    ("runs", "reached", "performance", "seo"),
    [
        ([report()] * 3, True, 100, 100),
        ([report(), report(0.4), report(0.98)], True, 98, 100),
        ([report(), report(0.97), report(0.97)], False, 97, 100),
        ([report(), report(), report(seo=0.99)], False, 100, 99),
    ],
)
def test_performance_is_the_median_and_the_rest_the_worst(runs, reached, performance, seo):
    result = judge(runs)
    assert (result.reached, result.scores["performance"], result.scores["seo"]) == (reached, performance, seo)


def test_what_cost_points_is_said_once():
    assert judge([report(seo=0.5)] * 3).faults == ("seo: seo-audit: Said so",)


def test_an_audit_that_failed_scores_nothing():
    assert judge([report(None)]).scores["performance"] == 0


def test_the_site_is_served_as_a_host_would(tmp_path):
    """Compressed, under the headers of its own file."""
    from http.client import HTTPConnection

    (tmp_path / "index.html").write_text("<!doctype html>" + "a" * 9000)
    (tmp_path / "_headers").write_text("/*\n  X-One: 1\n  Content-Security-Policy: default-src 'none'\n")
    with hosting(tmp_path, handler=Published) as address:
        connection = HTTPConnection(address.removeprefix("http://"))
        connection.request("GET", "/")
        answer = connection.getresponse()
        assert len(answer.read()) < 200
        connection.close()
    assert (answer.headers["X-One"], answer.headers["Content-Encoding"]) == ("1", "gzip")
    assert answer.headers.get_all("Content-Security-Policy") == ["default-src 'none'"]
