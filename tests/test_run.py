"""`./run` opens the office, and one Ctrl-C closes it."""

import os
import signal
import socket
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.request import urlopen

import pytest

ROOT = Path(__file__).parents[1]


@pytest.fixture
def port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of one installation, which the first start makes."""
    return tmp_path_factory.mktemp("office") / "var"


@pytest.fixture
def run(data_dir: Path, port: int) -> Iterator[Callable[..., subprocess.Popen]]:
    """Starts `./run` as a terminal does: in a process group of its own, which a Ctrl-C reaches as a whole."""
    started = []

    def start(**settings: str) -> subprocess.Popen:
        environment = os.environ | {"DATA_DIR": str(data_dir), "PORT": str(port), "DEMO": "0"} | settings
        started.append(
            subprocess.Popen(
                [ROOT / "run"],
                env=environment,
                start_new_session=True,
                text=True,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
            )
        )
        return started[-1]

    yield start
    for process in started:
        if is_alive(process.pid):
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()


def is_alive(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True


def hear(process: subprocess.Popen, words: str) -> str:
    """Whatever is said until these words."""
    said = ""
    while words not in said:
        line = process.stdout.readline()
        assert line, f"./run ended: {said}"
        said += line
    return said


def children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def test_it_says_where_the_office_is_open_and_one_ctrl_c_closes_all(run: Callable, port: int, data_dir: Path):
    process = run()
    address = f"http://127.0.0.1:{port}/"
    assert address in hear(process, "Ctrl-C stops it")
    assert urlopen(f"{address}healthz").status == 200
    hear(process, "This scheduler leads")
    assert urlopen(f"{address}readyz").status == 200
    assert data_dir.stat().st_mode & 0o077 == 0

    os.killpg(process.pid, signal.SIGINT)

    process.communicate(timeout=30)
    assert process.returncode == 0
    assert not is_alive(process.pid)


def test_a_service_that_falls_takes_the_other_with_it(run: Callable):
    process = run()
    hear(process, "This scheduler leads")
    os.kill(children(process.pid)[-1], signal.SIGKILL)
    process.communicate(timeout=30)
    assert process.returncode != 0
    assert not is_alive(process.pid)


def test_the_demo_refuses_to_be_seen_from_outside(run: Callable):
    process = run(DEMO="1", HOST="0.0.0.0")
    said, _ = process.communicate(timeout=30)
    assert process.returncode == 1
    assert said.splitlines()[-1].startswith("Error: DEMO=1 listens on this machine alone")
