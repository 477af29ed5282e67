"""Identity documents: the standards' own examples, what is refused, and what of them is shown."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import ric, uscc

from app.law import identity
from app.law.identity import ID_TYPES, IdType, check_id, check_resident_id, check_uscc

TODAY = date(2026, 11, 23)
RESIDENTS = [
    "11010519491231002X",
    "440524188001010014",
    "34052419800101001X",
    "469099198506151239",
    "469099200002290040",
    "469099199901010182",
    "469099197512303310",
    "469099199003072429",
    "469099196810012779",
    "469099199209185621",
    "469099198305111097",
    "469099199507220341",
    "469099198811204157",
    "469099197908086965",
]
CODES = [
    "91110000600037341L",
    "11469022MB0A12342B",
    "92469022MA5T0A1B6G",
    "93469022MA5TABCDXR",
    "52469022MJ0123456D",
    "91469022MA5T12345J",
]


# 公民身份号码


@pytest.mark.parametrize("number", RESIDENTS)
def test_the_worked_identity_numbers_are_right(number):
    assert check_id("resident_id", number, TODAY) is None


@pytest.mark.parametrize(
    ("number", "word"),
    [
        ("110105194912310021", "last character"),
        ("469099200102290013", "does not exist"),
        ("46909919850615123", "17 digits"),
        ("469099203001010012", "future"),
        ("169099198506151239", "province"),
        ("46909919850615123Y", "17 digits"),
        ("４６９０９９198506151239", "17 digits"),
        ("469099000001010018", "does not exist"),
        ("", "17 digits"),
    ],
)
def test_a_wrong_identity_number_gets_a_sentence(number, word):
    assert word in (check_id("resident_id", number, TODAY) or "")


def test_a_small_x_and_blanks_around_are_forgiven():
    assert check_id("resident_id", " 11010519491231002x ", TODAY) is None
    assert identity.clean(" 11010519491231002x ") == "11010519491231002X"


@pytest.mark.parametrize("area", ["460026", "442126", "469022"])
def test_the_countys_old_and_new_codes_are_all_taken(area):
    numbers = [f"{area}19850615123{last}" for last in "0123456789X"]
    assert sum(check_resident_id(number, TODAY) is None for number in numbers) == 1


def test_somebody_born_today_has_a_number():
    number = next(n for n in (f"46909920261123001{c}" for c in "0123456789X") if not check_resident_id(n, TODAY))
    assert check_resident_id(number, date(2026, 11, 22)) is not None


def test_an_identity_number_tells_birth_and_sex():
    assert identity.birth_date("469099198506151239") == date(1985, 6, 15)
    assert identity.is_male("469099198506151239")
    assert not identity.is_male("469099200002290040")


@given(
    st.sampled_from(["11", "37", "46", "65", "81", "91"]),
    st.integers(0, 9999),
    st.dates(date(1900, 1, 1), TODAY),
    st.integers(0, 999),
)
def test_one_check_character_fits_and_it_is_the_standards(province, area, born, order):
    first17 = f"{province}{area:04d}{born:%Y%m%d}{order:03d}"
    right = [c for c in "0123456789X" if check_resident_id(first17 + c, TODAY) is None]
    assert right == [ric.calc_check_digit(first17 + "0")]


@given(st.sampled_from(RESIDENTS), st.integers(0, 17), st.sampled_from("0123456789X"))
def test_a_single_mistyped_character_is_always_found(number, place, typed):
    mistyped = number[:place] + typed + number[place + 1 :]
    assert (check_resident_id(mistyped, TODAY) is None) == (mistyped == number)


# 统一社会信用代码


@pytest.mark.parametrize("code", CODES)
def test_the_worked_credit_codes_are_right(code):
    assert check_uscc(code) is None
    assert uscc.is_valid(code)


@pytest.mark.parametrize(
    ("code", "word"),
    [
        ("91110000600037341M", "last character"),
        ("9111000060003734IL", "capital letters"),
        ("91110000600037341", "capital letters"),
        ("01110000600037341L", "capital letters"),
        ("911100A0600037341L", "capital letters"),
    ],
)
def test_a_wrong_credit_code_gets_a_sentence(code, word):
    assert word in (check_id("uscc", code, TODAY) or "")


def test_the_organisation_code_inside_is_checked_too():
    code = "91469022MA5T12346"
    whole = code + uscc.calc_check_digit(code)
    assert uscc.is_valid(whole)
    assert "organisation code" in (check_uscc(whole) or "")


@given(st.sampled_from(CODES), st.integers(0, 17), st.sampled_from("0123456789ABCDEFGHJKLMNPQRTUWXY"))
def test_a_mistyped_credit_code_is_always_found(code, place, typed):
    mistyped = code[:place] + typed + code[place + 1 :]
    assert (check_uscc(mistyped) is None) == (mistyped == code)


@given(st.text(max_size=20))
def test_any_input_gets_an_answer_and_a_blank_one_never_passes(value):
    for id_type in ID_TYPES:
        answer = check_id(id_type, value, TODAY)
        assert answer or (answer is None and value.strip())


# Other documents and numbers


@pytest.mark.parametrize(
    ("id_type", "right", "wrong"),
    [
        ("passport", "E12345678", "E-123"),
        ("hk_macao_permit", "H1234567801", "A12345678"),
        ("taiwan_permit", "12345678", "1234567"),
        ("military_id", "军字第1234567号", "1"),
        ("other", "AB-12", " 1 "),
    ],
)
def test_other_documents_are_checked_by_form(id_type, right, wrong):
    assert check_id(id_type, right, TODAY) is None
    assert check_id(id_type, wrong, TODAY)


def test_an_unknown_kind_of_document_is_refused():
    assert check_id("library_card", "1234", TODAY)
    assert set(ID_TYPES) == set(IdType)


@pytest.mark.parametrize("number", ["13812345678", "19900000001"])
def test_mobile_numbers_are_taken(number):
    assert identity.check_mobile(number) is None


@pytest.mark.parametrize("number", ["12812345678", "1381234567", "138123456789", "+8613812345678", ""])
def test_other_numbers_are_no_mobile_numbers(number):
    assert identity.check_mobile(number)


def test_landlines_of_hainan_are_taken():
    assert identity.check_landline("0898-67812345") is None
    assert identity.check_landline("089867812345") is None
    assert identity.check_landline("0755-12345678")


def test_an_ems_number_has_one_of_two_forms():
    assert identity.check_ems_no("1234567890123") is None
    assert identity.check_ems_no("EA123456789CN") is None
    for wrong in ("123456789012", "EA123456789US", "E1234567890CN", ""):
        assert identity.check_ems_no(wrong)


# Masking


@pytest.mark.parametrize(
    ("name", "shown"), [("张三", "张*"), ("张小三", "张*三"), ("欧阳小华", "欧**华"), ("张", "张*")]
)
def test_a_name_shows_its_ends(name, shown):
    assert identity.mask_name(name) == shown


def test_an_identity_number_shows_three_and_four_and_a_credit_code_everything():
    assert identity.mask_id("resident_id", "469099198506151239") == "469***********1239"
    assert identity.mask_id("uscc", "91469022MA5T12345J") == "91469022MA5T12345J"
    assert identity.mask_id("passport", "E12345678") == "E******78"
    assert identity.mask_id("other", "123") == "***"


def test_telephone_and_mail_numbers_show_little():
    assert identity.mask_phone("13800001234") == "138****1234"
    assert identity.mask_ems_no("1234567890123") == "*********0123"
    assert identity.last_four("469099198506151239") == "1239"


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("海南省屯昌县枫木镇市坡村1号", "海南省屯昌县枫木镇***"),
        ("屯昌县屯城镇昌盛路3号", "屯昌县屯城镇***"),
        ("屯昌县昌盛路3号", "屯昌县***"),
        ("海口市龙华区金融街道2号", "海口市龙华区金融街道***"),
        ("somewhere", "***"),
        ("", "***"),
    ],
)
def test_an_address_is_shown_down_to_its_town(address, shown):
    assert identity.mask_address(address) == shown


@given(st.text(min_size=1, max_size=40))
def test_no_mask_shows_the_whole(value):
    assert identity.mask_phone(value) != value or set(value) == {"*"}
    assert identity.mask_id("other", value) != value or "*" in value
    assert identity.mask_name(value) != value or "*" in value
