"""The user's own table: one file of comma-separated values, or of Parquet."""

from repfair_keras.data.tables.dataset import RawTable
from repfair_keras.data.tables.read_csv import check_header, read_table

EXPECTED = "a CSV file whose first line names the columns, or a Parquet file"


def load(data_dir=None):
    """Loads a table.

    Args:
        data_dir: path of the file. Groups and target are columns of it, named by `--grouping` and
            `--target_column`.

    Returns:
        `RawTable`.

    Raises:
        InputError: if there is no such file, or it is no table.
    """
    frame = read_table(data_dir, "csv", EXPECTED)
    check_header(data_dir)
    name = str(data_dir).replace("\\", "/").rsplit("/", 1)[-1]
    return RawTable("csv", f"{len(frame):,} rows of the file {name!r}.", frame)
