"""Bank marketing, German credit and law school: from files as they are spread, in one shape."""

import hashlib
import zipfile

import pytest

from repfair_keras.core.errors import InputError
from repfair_keras.data.tables.loaders import bank, german, law_school

BANK = [",".join(bank.COLUMNS)] + [
    f"{age},admin.,{marital},primary,no,10,yes,no,cellular,5,may,100,1,-1,0,unknown,{y}"
    for age, marital, y in ((25, "single", "no"), (26, "married", "yes"), (61, "divorced", "no"))
]
CODED = [
    "A11 6 A34 A43 1169 A65 A75 4 A93 A101 4 A121 67 A143 A152 2 A173 1 A192 A201 1",
    "A12 48 A32 A410 5951 A61 A73 2 A92 A101 2 A121 22 A143 A152 1 A171 1 A191 A201 2",
]
NAMED = [
    "checking-account,duration,credit-history,purpose,credit-amount,savings-account,employment-since,"
    "installment-rate,other-debtors,residence-since,property,age,other-installment,housing,existing-credits,job,"
    "numner-people-provide-maintenance-for,telephone,foreign-worker,sex,marital-status,class-label",
    "<0 DM,6,critical account,radio/television,1169,no savings account,>=7 years,4,none,4,real estate,67,none,own,2,"
    "skilled employee / official,1,yes,yes,male,divorced/separated,1",
    "0 <= <200 DM,48,existing credits paid back duly till now,others,5951,<100 DM,1<= < 4 years,2,none,2,real estate,"
    "22,none,own,1,unemployed/ unskilled  - non-resident,1,none,yes,female,divorced/separated,0",
]
LAW = [
    "decile1b,decile3,lsat,ugpa,zfygpa,zgpa,fulltime,fam_inc,male,tier,race,pass_bar",
    "10.0,10.0,44.0,3.5,1.33,1.88,1.0,5.0,0.0,4.0,White,1.0",
    "5.0,4.0,29.5,2.9,-0.11,-0.57,1.0,4.0,1.0,2.0,Non-White,0.0",
]


def write(path, lines, separator=","):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(lines).replace(",", separator) + "\n", encoding="utf-8")
    return path


@pytest.mark.parametrize(("separator", "folder"), [(";", ""), (",", "tables"), (";", "bank")])
def test_bank_has_a_group_of_people_up_to_25(tmp_path, separator, folder):
    path = write(tmp_path / folder / "bank-full.csv", BANK, separator)
    raw, same = bank.load(tmp_path), bank.load(path)
    assert raw.train.equals(same.train)
    assert raw.train["age-group"].tolist() == ["young", "old", "old"]
    assert (raw.sensitive, raw.target, list(raw.train)[-1]) == ("age-group", "y", "y")
    assert raw.source.startswith("3 people") and "divorced" not in raw.source


def test_a_copy_of_bank_without_the_divorced_says_so(tmp_path):
    assert "none of them divorced" in bank.load(write(tmp_path / "bank-full.csv", BANK[:-1])).source


def test_bank_is_downloaded_and_unpacked_once(tmp_path, monkeypatch):
    asked = []

    def download(*arguments):
        asked.append(arguments)
        return tmp_path / "bank.zip"

    with zipfile.ZipFile(tmp_path / "bank.zip", "w") as archive:
        archive.writestr("bank-full.csv", "\n".join(BANK).replace(",", ";"))
    monkeypatch.setattr(bank, "download", download)
    assert len(bank.load().train) == 3
    (tmp_path / "bank.zip").write_bytes(b"no archive")
    assert len(bank.load().train) == 3, "what was unpacked is used"
    assert asked[0][:2] == (bank.PLACE, bank.MD5)


def test_german_credit_is_the_same_from_codes_and_from_names(tmp_path):
    coded = german.load(write(tmp_path / "coded" / "german.data", CODED, " "))
    named = german.load(write(tmp_path / "named" / "german_data_credit.csv", NAMED).parent)
    assert coded.train.equals(named.train)
    assert coded.train["risk"].tolist() == ["good", "bad"]
    assert coded.train["sex"].tolist() == ["male", "female"]
    assert coded.train["purpose"].tolist() == ["radio/television", "others"]
    assert coded.train["job"].tolist()[1] == "unemployed/ unskilled - non-resident"


def test_law_school_has_whole_numbers_and_words(tmp_path):
    raw = law_school.load(write(tmp_path / "law_school_clean.csv", LAW))
    assert raw.train["sex"].tolist() == ["female", "male"]
    assert raw.train["decile3"].tolist() == [10, 4] and raw.train["decile3"].dtype == "int64"
    assert raw.train["lsat"].tolist() == [44.0, 29.5]
    assert (raw.sensitive, raw.target) == ("race", "pass_bar")


@pytest.mark.parametrize("loader", [bank, german, law_school])
def test_what_is_not_there_is_named(loader, tmp_path):
    with pytest.raises(InputError, match="does not exist"):
        loader.load(tmp_path / "none")
    with pytest.raises(InputError, match=r"is not there: expected the file \w+"):
        loader.load(tmp_path)
    with pytest.raises(InputError, match=r"has no column '"):
        loader.load(write(tmp_path / "other.csv", ["a,b", "1,2"]))


def test_other_values_are_named_with_their_row(tmp_path):
    with pytest.raises(InputError, match=r"column 'purpose' is 'A47' in row 2, expected one of A40, A41"):
        german.load(write(tmp_path / "german.data", [CODED[0], CODED[1].replace("A410", "A47")], " "))
    with pytest.raises(InputError, match=r"column 'age' holds text such as 'old'"):
        bank.load(write(tmp_path / "bank.csv", [line.replace("25", "old") for line in BANK]))
    with pytest.raises(InputError, match="no column 'male' of 0 and 1"):
        law_school.load(write(tmp_path / "law.csv", [LAW[0], LAW[1].replace("5.0,0.0", "5.0,2.0")]))


def test_shared_files(shared_data):
    assert len(bank.load(shared_data).train) in (40_004, 45_211)
    risks = german.load(shared_data).train["risk"].value_counts().to_dict()
    assert risks == {"good": 700, "bad": 300}
    assert law_school.load(shared_data).train["pass_bar"].value_counts().to_dict() == {1: 18_505, 0: 2_293}
    file = shared_data / "tables" / law_school.FILE
    assert hashlib.md5(file.read_bytes(), usedforsecurity=False).hexdigest() == law_school.MD5
