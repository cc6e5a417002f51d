"""Distances and rings."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from territory.geometry import box_around, distance_m, outer_rings, polygon_text

points = st.tuples(st.floats(-89, 89), st.floats(-180, 180))


def test_a_known_distance() -> None:
    """Dijon town hall to Chenôve town hall, about 4 km; one degree of latitude is 111.195 km on the mean sphere."""
    assert distance_m((47.32103, 5.04127), (47.29335, 5.0077)) == pytest.approx(3985, rel=0.01)
    assert distance_m((47.0, 5.0), (48.0, 5.0)) == pytest.approx(111_195, abs=1)


@given(points, points, points)
def test_a_metric(a: tuple[float, float], b: tuple[float, float], c: tuple[float, float]) -> None:
    assert distance_m(a, b) == pytest.approx(distance_m(b, a))
    assert distance_m(a, a) == 0
    assert distance_m(a, c) <= distance_m(a, b) + distance_m(b, c) + 1e-3


@given(st.floats(47.2, 47.4), st.floats(4.9, 5.2), st.floats(1, 2000))
def test_the_box_holds_the_circle(lat: float, lon: float, metres: float) -> None:
    west, south, east, north = box_around(lat, lon, metres)
    assert west < lon < east
    assert south < lat < north
    for edge in ((lat, west), (lat, east), (south, lon), (north, lon)):
        assert distance_m((lat, lon), edge) >= metres * 0.999


def test_rings() -> None:
    ring = [[5.0, 47.0], [5.1, 47.0], [5.1, 47.1], [5.0, 47.0]]
    due = [(5.0, 47.0), (5.1, 47.0), (5.1, 47.1), (5.0, 47.0)]
    assert list(outer_rings({"type": "Polygon", "coordinates": [ring]})) == [due]
    assert list(outer_rings({"type": "MultiPolygon", "coordinates": [[ring], [ring]]})) == [due, due]
    assert polygon_text(due[:2]) == "((500000.000,4700000.000),(510000.000,4700000.000))"


@pytest.mark.parametrize(
    "geometry",
    [{"type": "Point", "coordinates": [5, 47]}, {"type": "Polygon", "coordinates": [[[0, 0]], [[0, 0]]]}],
)
def test_what_is_no_simple_area_is_refused(geometry: dict[str, object]) -> None:
    with pytest.raises(ValueError):
        list(outer_rings(geometry))
