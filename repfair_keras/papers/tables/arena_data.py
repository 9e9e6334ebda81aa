"""The tables of the arena: rows, columns and order as the published protocol has them, as far as they can be had.

The protocol takes its data from OpenML. Here they come from where OpenML has them from, and are brought into its shape;
where rows or columns differ from OpenML's, `Spec.differs` says it.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from repfair_keras.core.errors import InputError
from repfair_keras.data.tables.loaders import adult, bank, compas, diabetes, german, law_school
from repfair_keras.data.tables.loaders.download import download
from repfair_keras.data.tables.loaders.local_file import local_file
from repfair_keras.data.tables.read_csv import read_csv


@dataclass(frozen=True)
class Spec:
    """What a table of the arena is.

    Args:
        title: its name.
        read: function from `data_dir` to its rows, in the published order.
        target: column to predict.
        positive: its positive value.
        sensitive: sensitive columns, the one that the figure shows in front.
        categorical: features that are categories, in the protocol's order; all others are numbers.
        n_published: rows of the published table; `None`: nothing is published of it.
        differs: sentences that say in what these rows or columns differ from the published ones.
    """

    title: str
    read: Callable[[str | None], pd.DataFrame]
    target: str
    positive: str
    sensitive: tuple[str, ...]
    categorical: tuple[str, ...]
    n_published: int | None
    differs: str


@dataclass(frozen=True)
class ArenaTable:
    """A table of the arena.

    Args:
        name: key of `TABLES`.
        spec: its `Spec`.
        frame: its rows: text in columns of categories, the target among them; numbers in the others.
    """

    name: str
    spec: Spec
    frame: pd.DataFrame

    @property
    def features(self) -> list[str]:
        """Names of all columns but the target: numbers in front, then categories, as the protocol has them."""
        numeric = [
            name
            for name in self.frame.columns
            if name not in self.spec.categorical and name != self.spec.target
        ]
        return [*numeric, *self.spec.categorical]

    @property
    def kinds(self) -> dict[str, str]:
        """Dict of column to `"numeric"` or `"categorical"`, the target among them."""
        categorical = {*self.spec.categorical, self.spec.target}
        return {name: "categorical" if name in categorical else "numeric" for name in self.frame.columns}

    @property
    def fingerprint(self) -> str:
        """16 hexadecimal digits that stand for columns, rows and their order."""
        digest = hashlib.sha256("\n".join(self.frame.columns).encode())
        digest.update(pd.util.hash_pandas_object(self.frame, index=False).to_numpy().tobytes())
        return digest.hexdigest()[:16]


def arena_table(name: str, data_dir: str | Path | None = None) -> ArenaTable:
    """Loads a table of the arena.

    Args:
        name: key of `TABLES`.
        data_dir: folder with the files of the tables; `None` downloads them.

    Returns:
        `ArenaTable`, without rows in which a value is missing.

    Raises:
        InputError: if there is no such table, or its file is not there or is another.
    """
    if name not in TABLES:
        raise InputError(f"table is {name!r}: expected one of {', '.join(TABLES)}.")
    spec = TABLES[name]
    frame = spec.read(data_dir).dropna().reset_index(drop=True)
    text = {name: frame[name].map(as_text).astype(object) for name in (*spec.categorical, spec.target)}
    return ArenaTable(name, spec, frame.assign(**text))


def as_text(value) -> str:
    """Returns a category as text, a whole number without decimals: with a missing value beside it, it was a float.

    Examples:
        >>> as_text(2.0), as_text(2), as_text("2.0")
        ('2', '2', '2.0')
    """
    return str(int(value)) if isinstance(value, float | np.floating) and value == int(value) else str(value)


def _adult(data_dir):
    """OpenML 1590: UCI's test file, then its training file; `?` is a missing value there."""
    raw = adult.load(data_dir)
    return pd.concat([raw.test, raw.train], ignore_index=True).replace("?", np.nan)


def _bank(data_dir):
    """OpenML 44234, with the column of the age group behind the others."""
    rows = bank.load(data_dir).train
    return rows[[*(name for name in rows.columns if name != bank.GROUP), bank.GROUP]]


def _compas(data_dir):
    """Of OpenML 44053 the columns, of ProPublica's file the rows."""
    place = (compas.PLACE, compas.MD5, "compas", compas.EXPECTED)
    path = download(*place) if data_dir is None else data_dir
    path = local_file(path, "compas", (compas.FILE,), compas.EXPECTED)
    frame = read_csv(path, "compas", compas.EXPECTED)
    if lacking := [name for name in COMPAS_COLUMNS if name not in frame.columns]:
        raise InputError(f"{path} has no column {lacking[0]!r}: expected {compas.EXPECTED}.")
    return frame[list(COMPAS_COLUMNS)]


def _german(data_dir):
    """OpenML 46116: nine of UCI's columns, some of their values together, others missing."""
    rows = german.load(data_dir).train
    return pd.DataFrame(
        {
            "age": rows["age"],
            "sex": rows["sex"],
            "job": rows["job"].map({name: place for place, name in enumerate(german.CODES["job"].values())}),
            "housing": rows["housing"].replace("for free", "free"),
            "savings": rows["savings-account"].map(
                dict(zip(german.CODES["savings-account"].values(), AMOUNTS, strict=False))
            ),
            "checking": rows["checking-account"].map(
                dict(
                    zip(
                        german.CODES["checking-account"].values(),
                        ("little", "moderate", "rich"),
                        strict=False,
                    )
                )
            ),
            "amount": rows["credit-amount"],
            "duration": rows["duration"],
            "purpose": rows["purpose"].replace(PURPOSES),
            "risk": rows["risk"],
        }
    )


def _law_school(data_dir):
    """Whether the grades before law school were above 3, as OpenML 43890 asks."""
    rows = law_school.load(data_dir).train
    above = np.where(rows["ugpa"] > 3, "yes", "no")
    return rows[[*LAW_COLUMNS, "lsat"]].assign(ugpa_above_3=above)


def _diabetes(data_dir):
    """A table that needs no download, for tiny runs."""
    return diabetes.load().train


AMOUNTS = ("little", "moderate", "quite rich", "rich")  # what is above is no account: missing
PURPOSES = {
    "car (new)": "car",
    "car (used)": "car",
    "radio/television": "radio/TV",
    "retraining": "education",
    "others": "vacation/others",
}
COMPAS_CATEGORIES = (
    *("sex", "age_cat", "race", "c_charge_degree", "decile_score.1", "score_text", "v_decile_score"),
    "v_score_text",
)
COMPAS_COLUMNS = (
    *("age", "juv_fel_count", "juv_misd_count", "juv_other_count", "priors_count"),
    *("days_b_screening_arrest", "c_days_from_compas", *COMPAS_CATEGORIES, "is_recid"),
)
LAW_COLUMNS = ("decile1b", "decile3", "fam_inc", "sex", "race", "tier", "fulltime", "pass_bar")

TABLES = {
    "adult": Spec(
        title="Adult",
        read=_adult,
        target="income",
        positive=">50K",
        sensitive=("sex", "race"),
        categorical=(
            *("workclass", "education", "marital-status", "occupation", "relationship", "race", "sex"),
            "native-country",
        ),
        n_published=45_222,
        differs="",
    ),
    "bank": Spec(
        title="Bank",
        read=_bank,
        target="y",
        positive="yes",
        sensitive=("age-group",),
        categorical=(
            *("job", "marital", "education", "default", "housing", "loan", "contact", "month", "poutcome"),
            "age-group",
        ),
        n_published=45_211,
        differs="",
    ),
    "compas": Spec(
        title="COMPAS",
        read=_compas,
        target="is_recid",
        positive="1",
        sensitive=("sex", "race"),
        categorical=COMPAS_CATEGORIES,
        n_published=16_644,
        differs=(
            "OpenML 44053 has 16,644 rows, about half of each class: another selection from ProPublica's data, which "
            "could not be had. Ours are the rows of ProPublica's two-year file that have every value. Left out are "
            "`v_type_of_assessment`, which has one value here, and `end`, when somebody was last followed: in these "
            "rows it gives the outcome away (with it CatBoost has an AUROC of .917, without it .754). So published "
            "and own numbers are of different rows and cannot be compared."
        ),
    ),
    "german": Spec(
        title="German",
        read=_german,
        target="risk",
        positive="good",
        sensitive=("sex",),
        categorical=("sex", "job", "housing", "savings", "checking", "purpose"),
        n_published=522,
        differs="OpenML 46116 is made of UCI's file: nine columns, and of 1,000 people the 522 with both accounts.",
    ),
    "law_school": Spec(
        title="Law school",
        read=_law_school,
        target="ugpa_above_3",
        positive="yes",
        sensitive=("race", "sex"),
        categorical=LAW_COLUMNS,
        n_published=None,
        differs=(
            "The published code prepares OpenML 43890 and has no results of it. Ours are the rows of Le Quy et al., of "
            "two races (OpenML's are of five), with their own columns of deciles and of the kind of school."
        ),
    ),
    "diabetes": Spec(
        title="Diabetes",
        read=_diabetes,
        target="progression",
        positive="over median",
        sensitive=("sex",),
        categorical=("sex",),
        n_published=None,
        differs="For tiny runs alone.",
    ),
}
ARENA = ("adult", "bank", "compas", "german", "law_school")
