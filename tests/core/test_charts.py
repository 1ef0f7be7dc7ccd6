"""Points of small charts."""

from omni.core.ui.charts import columns, line, round_steps, share


def test_a_trend_runs_from_edge_to_edge_with_its_extremes_inside():
    drawn = line([0, 10, 5])
    assert (drawn.points, drawn.high, drawn.low) == ("0,37 50,3 100,20", 10, 0)


def test_the_goal_is_always_in_sight():
    drawn = line([90, 92], goal=100)
    assert (drawn.points, drawn.goal_y, drawn.high) == ("0,37 100,30.2", "3", 100)


def test_a_flat_trend_lies_in_the_middle_and_one_value_is_a_line():
    assert (line([7, 7]).points, line([7]).points) == ("0,20 100,20", "0,20 100,20")


def test_columns_stand_on_the_zero_line():
    assert [(column.x, column.y, column.width, column.height) for column in columns([0, 5, 10, 1])] == [
        ("2.5", "40", "20", "0"),
        ("27.5", "20", "20", "20"),
        ("52.5", "0", "20", "40"),
        ("77.5", "36", "20", "4"),
    ]


def test_steps_are_round_and_even_and_not_too_many():
    assert round_steps(0, 4.3, most=5) == [0, 1, 2, 3, 4]
    assert round_steps(0, 38, most=5) == [0, 10, 20, 30]
    assert round_steps(1013, 1467, most=5) == [1100, 1200, 1300, 1400]
    assert round_steps(1.2, 1.7, most=5) == []
    assert round_steps(-3, 3, most=5) == [-2, 0, 2]


def test_a_share_is_never_beyond_the_whole():
    assert [share(value, 40) for value in (-1, 0, 10, 40, 50)] == ["0%", "0%", "25%", "100%", "100%"]
    assert share(3, 0) == "0%"
