"""Lines of files: what is read, what is refused, and where."""

import gzip

import pytest

from inventory.csv_rows.reading import BadFile, BadLine, BadRow, Line, lines


def parse(raw):
    if raw["code"] == "bad":
        raise BadRow("code is bad.")
    return raw["code"]


def read(path):
    return list(lines(path, parse, required={"code"}, known={"code", "name"}))


def test_a_bad_row_names_its_line_and_holds_nobody_up(write):
    found = read(write("a.csv", "code,name\n1,A\nbad,B\n3,C\n"))
    assert found == [
        Line(2, "1", {"code": "1", "name": "A"}),
        BadLine(3, "code is bad.", {"code": "bad", "name": "B"}),
        Line(4, "3", {"code": "3", "name": "C"}),
    ]


@pytest.mark.parametrize("row", ["1", "1,A,more"])
def test_a_row_with_more_or_fewer_columns_than_the_header_is_refused(write, row):
    (bad,) = read(write("a.csv", f"code,name\n{row}\n"))
    assert (bad.number, bad.reason) == (2, "The row has more or fewer columns than the header.")


def test_a_nul_character_is_refused(write):
    (bad,) = read(write("a.csv", "code,name\n1,A\0B\n"))
    assert isinstance(bad, BadLine)


def test_packed_files_and_byte_order_marks_are_read(tmp_path):
    path = tmp_path / "a.csv.gz"
    path.write_bytes(gzip.compress("\ufeffcode,name\n1,Ä\n".encode()))
    assert read(path) == [Line(2, "1", {"code": "1", "name": "Ä"})]


@pytest.mark.parametrize(
    ("header", "reason"),
    [
        ("name", "The header lacks: code."),
        ("code,code", "A column occurs twice in the header."),
        ("code,nmae", "Unknown columns: nmae. Known are: code, name."),
        ("", "The header lacks: code."),
    ],
)
def test_a_header_that_cannot_be_meant_refuses_the_file(write, header, reason):
    with pytest.raises(BadFile, match=reason.replace(".", r"\.")):
        read(write("a.csv", f"{header}\n1\n"))


def test_a_report_of_refused_rows_can_be_read_again(write):
    assert read(write("a.csv", "line,reason,code\n7,no good,1\n"))[0].row == "1"


def test_a_packed_file_that_was_cut_off_is_refused(tmp_path):
    path = tmp_path / "a.csv.gz"
    path.write_bytes(gzip.compress(b"code,name\n" + b"1,A\n" * 5000)[:-20])
    with pytest.raises(BadFile, match="packed file is broken"):
        read(path)


def test_a_file_that_is_not_utf_8_is_refused_as_a_whole(tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes(b"code,name\n1,\xe4\n")
    with pytest.raises(BadFile, match="not UTF-8"):
        read(path)
