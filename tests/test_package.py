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


@pytest.mark.parametrize("name", ["runs", "agents", "world"])
@pytest.mark.parametrize("form", ["package", "folder", "module"])
def test_the_face_names_whoever_stands_in_front(tmp_path: Path, name: str, form: str) -> None:
    if form == "module":
        (tmp_path / f"{name}.py").write_text("print('mine')\n")
    else:
        (tmp_path / name).mkdir()
        (tmp_path / name / "results.txt").touch()
        if form == "package":
            (tmp_path / name / "__init__.py").write_text("print('mine')\n")
    code = "from entrepot import Game"
    result = run_python(f"import sys; sys.path.insert(0, {str(tmp_path)!r}); {code}", tmp_path)
    if form == "folder":  # a mere folder gives way to a package wherever that stands
        assert result.returncode == 0, result.stderr
        return
    assert result.returncode != 0
    last = result.stderr.strip().splitlines()[-1]
    assert last.startswith(f"ImportError: `{name}` is {tmp_path.resolve() / name}")
    assert "rename or move it" in last
    assert "mine" not in result.stdout, "a stranger's code was run"


def test_the_console_script_names_a_stranger_in_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "runs.py").write_text("print('mine')\n")
    result = run_python("import sys, entrepot; sys.exit(entrepot.main())", tmp_path)
    assert result.returncode == 2
    assert result.stderr.startswith("entrepot: `runs` is ")
    assert len(result.stderr.splitlines()) == 1


def test_a_missing_extra_is_named(tmp_path: Path) -> None:
    code = (
        "import sys, entrepot\n"
        "sys.modules['uvicorn'] = None\n"  # as if it were not installed
        "entrepot._WHERE['Page'] = ('runs.web.app', 'build_app')\n"
        "try: entrepot.Page\n"
        "except ImportError as error: print(error)"
    )
    told = run_python(code, ROOT).stdout
    assert told.strip().endswith("which the extra `web` brings: pip install 'entrepot[web]'.")


def test_the_face_has_what_it_promises_and_loads_it_late() -> None:
    heavy = "[m for m in ('mesa', 'pandas', 'numpy', 'runs', 'world') if m in sys.modules]"
    result = run_python(f"import sys, entrepot; print({heavy})", ROOT)
    assert result.stdout.strip() == "[]", result.stdout + result.stderr
    names = "import entrepot as e; print([type(getattr(e, name)).__name__ for name in e.__all__])"
    result = run_python(names, ROOT)
    assert result.returncode == 0, result.stderr
    assert "module" not in result.stdout
    import entrepot
    from runs.game import Game

    assert entrepot.Game is Game
    assert {"Game", "load_scenario", "sweep"} <= {*entrepot.__all__}
    with pytest.raises(AttributeError, match="no attribute 'gmae'"):
        entrepot.gmae  # noqa: B018


def test_a_sweep_from_python_has_a_row_for_each_cell_and_luck() -> None:
    from entrepot import sweep

    rows = sweep(
        "gallium-2023", {"KOR.hub_policing": [0.1, 0.9]}, {"users": 60, "weeks": 2}, runs=2, seed=5
    )
    assert rows["KOR.hub_policing"].tolist() == [0.1, 0.1, 0.9, 0.9]
    assert rows["seed"].tolist() == [5, 6, 5, 6]


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
