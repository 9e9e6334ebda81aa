"""A figure whose records are cells of a grid of its own, and no runs of a sweep."""

from dataclasses import dataclass
from pathlib import Path

from repfair_keras.papers.figure import PaperFigure
from repfair_keras.papers.tables.arena_text import sources
from repfair_keras.papers.tables.cells import (
    FOLDER,
    SMOKE,
    WHOLE,
    Grid,
    Outcome,
    Recorded,
    load_cells,
    run_cells,
)


@dataclass(frozen=True)
class CellFigure(PaperFigure):
    """A figure that is made from cells.

    Args:
        grid: its cells.
        smoke_grid: those in their place that test the code.
    """

    grid: Grid = WHOLE
    smoke_grid: Grid = SMOKE

    def recorded(self, records: str | Path, smoke: bool = False) -> Recorded:
        """Reads its cells.

        Args:
            records: folder of the records of all figures, in which these have one of their own.
            smoke: whether those of tiny runs are meant.

        Raises:
            InputError: if records of one table are of different rows.
        """
        return load_cells(Path(records) / FOLDER, self.smoke_grid if smoke else self.grid)

    def run(
        self,
        records: str | Path,
        data_dir: str | None = None,
        smoke: bool = False,
        command: str = "",
    ) -> Outcome:
        """Makes the cells that have no record, see `cells.run_cells`."""
        grid = self.smoke_grid if smoke else self.grid
        return run_cells(Path(records) / FOLDER, grid, data_dir, command)

    def sources(self, name: str, records: list[dict], missing: list) -> list[str]:
        """Returns what its page says of where the numbers come from, a line each."""
        return sources(f"python -m repfair_keras.reproduce {name} --run", records, missing)
