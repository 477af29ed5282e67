"""What an installation may be told, and what it refuses."""

import stat
from pathlib import Path

import pytest

from config import SettingsError, make_secrets, settings


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    make_secrets(tmp_path / "var")
    return tmp_path / "var"


def test_the_demo_listens_to_this_machine_alone(data_dir: Path):
    for host in ("127.0.0.1", "127.0.0.2", "::1", "localhost"):
        assert settings({"DATA_DIR": str(data_dir), "HOST": host})["DEMO"]
    for host in ("0.0.0.0", "192.168.1.5", "::", "county.example"):
        with pytest.raises(SettingsError, match="not a loopback address"):
            settings({"DATA_DIR": str(data_dir), "HOST": host})
        assert settings({"DATA_DIR": str(data_dir), "HOST": host, "DEMO": "0"})["HOST"] == host


def test_only_the_demo_sends_its_cookie_over_plain_http(data_dir: Path):
    assert settings({"DATA_DIR": str(data_dir), "DEMO": "0"})["SESSION_COOKIE_SECURE"]
    assert not settings({"DATA_DIR": str(data_dir)})["SESSION_COOKIE_SECURE"]


@pytest.mark.parametrize(
    ("name", "value"), [("DEMO", "yes"), ("PORT", "http"), ("PORT", "-1"), ("WORKERS", "0"), ("THREADS", "2.5")]
)
def test_a_setting_that_makes_no_sense_is_named(data_dir: Path, name: str, value: str):
    with pytest.raises(SettingsError, match=f"{name}.*{value}"):
        settings({"DATA_DIR": str(data_dir), name: value})


def test_a_lost_key_is_named_and_never_replaced_silently(data_dir: Path):
    (data_dir / "secrets" / "secret_key").unlink()
    with pytest.raises(SettingsError, match="secret_key is missing"):
        settings({"DATA_DIR": str(data_dir)})


def test_keys_are_made_for_a_new_folder_and_read_by_their_owner_alone(tmp_path: Path):
    data_dir = tmp_path / "new"
    first = settings({"DATA_DIR": str(data_dir)})["SECRET_KEY"]
    assert settings({"DATA_DIR": str(data_dir)})["SECRET_KEY"] == first
    assert stat.S_IMODE(data_dir.stat().st_mode) == 0o700
    for path in (data_dir / "secrets").iterdir():
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_folder_in_use_gets_no_new_keys(tmp_path: Path):
    (tmp_path / "onewindow.db").touch()
    with pytest.raises(SettingsError, match="keys are made for an empty DATA_DIR alone"):
        settings({"DATA_DIR": str(tmp_path)})


@pytest.mark.parametrize(
    "address",
    ["", "https://platform.example/events?county=1", "http://127.0.0.1:9000/", "http://[::1]/", "file:///srv/out"],
)
def test_events_are_reported_encrypted_or_on_this_machine(data_dir: Path, address: str):
    assert settings({"DATA_DIR": str(data_dir), "OUTBOX_URL": address})["OUTBOX_URL"] == address


@pytest.mark.parametrize(
    "address", ["http://platform.example/", "https://", "https://me:secret@platform.example/", "file://srv/out", "ftp://x/",
                "platform.example", "https://platform.example:port/", "https://[::1"],
)  # fmt: skip
def test_any_other_receiver_is_refused(data_dir: Path, address: str):
    with pytest.raises(SettingsError, match="OUTBOX_URL is an https:// address without a password, or a folder"):
        settings({"DATA_DIR": str(data_dir), "OUTBOX_URL": address})


@pytest.mark.parametrize(
    "address",
    ["", "smtps://me:secret@mail.example:465?from=window@county.example", "smtp://127.0.0.1:25?from=a@b.example",
     "file:///srv/ledgers"],
)  # fmt: skip
def test_ledgers_go_by_a_mail_server_or_into_a_folder(data_dir: Path, address: str):
    assert settings({"DATA_DIR": str(data_dir), "LEDGER_URL": address})["LEDGER_URL"] == address


@pytest.mark.parametrize(
    "address", ["smtp://mail.example:25", "smtps://mail.example?from=a@b.example", "https://mail.example/", "file://srv/x",
                "smtp://mail.example:port?from=a@b.example", "smtp://:25?from=a@b.example", "smtp://x:25?from=nobody"],
)  # fmt: skip
def test_any_other_way_for_ledgers_is_refused_and_no_password_is_repeated(data_dir: Path, address: str):
    with pytest.raises(SettingsError, match="LEDGER_URL is smtps://user:password@host:port") as refusal:
        settings({"DATA_DIR": str(data_dir), "LEDGER_URL": address})
    assert "mail.example" not in str(refusal.value)


def test_links_in_letters_begin_with_the_address_people_use(data_dir: Path):
    found = settings({"DATA_DIR": str(data_dir), "PUBLIC_URL": "https://window.example/"})
    assert found["PUBLIC_URL"] == "https://window.example"
    assert settings({"DATA_DIR": str(data_dir), "HOST": "::1", "PORT": "81"})["PUBLIC_URL"] == "http://[::1]:81"
    for wrong in ("window.example", "ftp://window.example", "https://", "https://me:x@window.example", "https://x:y/"):
        with pytest.raises(SettingsError, match="PUBLIC_URL is the address of this installation"):
            settings({"DATA_DIR": str(data_dir), "PUBLIC_URL": wrong})
