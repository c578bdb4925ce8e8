"""What a stranger meets on import: speed, and one sentence when a name is taken."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from runs.neighbours import check_neighbours

ROOT = Path(__file__).resolve().parent.parent


def run_python(code: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", code], cwd=cwd, capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize("name", ["agents", "world"])
def test_a_strangers_module_in_front_is_named(tmp_path: Path, name: str) -> None:
    (tmp_path / f"{name}.py").write_text("print('mine')\n")
    result = run_python("from runs import Game", tmp_path)
    assert result.returncode != 0
    last = result.stderr.strip().splitlines()[-1]
    assert last.startswith(f"ImportError: `{name}` is {tmp_path.resolve() / name}.py here")
    assert "rename or move it" in last
    assert "mine" not in result.stdout, "a stranger's code was run"


def test_a_distribution_that_overwrote_ours_is_named(tmp_path: Path) -> None:
    """Two distributions installed into one site-packages: the later one wins the file."""
    for room in ("agents", "world", "runs"):
        (tmp_path / room).mkdir()
    (tmp_path / "runs" / "__init__.py").write_bytes((ROOT / "runs" / "__init__.py").read_bytes())
    (tmp_path / "runs" / "neighbours.py").write_bytes(
        (ROOT / "runs" / "neighbours.py").read_bytes()
    )
    (tmp_path / "world" / "__init__.py").write_bytes((ROOT / "world" / "__init__.py").read_bytes())
    (tmp_path / "agents" / "__init__.py").write_text("class Agent: ...\n")
    result = run_python("import runs", tmp_path)
    assert "Another distribution has overwritten Entrepot's package `agents`" in result.stderr


def test_ours_in_place_is_quiet() -> None:
    check_neighbours()


def test_import_runs_is_cheap() -> None:
    """`import runs` brings no Mesa and no pandas: only what is asked for is loaded."""
    heavy = "[m for m in ('mesa', 'pandas', 'pyarrow', 'solara', 'numpy') if m in sys.modules]"
    result = run_python(f"import sys, runs; print({heavy})", ROOT)
    assert result.stdout.strip() == "[]", result.stdout + result.stderr


def test_import_world_is_cheap() -> None:
    heavy = "[m for m in ('mesa', 'pandas', 'pyarrow', 'solara') if m in sys.modules]"
    result = run_python(f"import sys, world; print({heavy})", ROOT)
    assert result.stdout.strip() == "[]", result.stdout + result.stderr
