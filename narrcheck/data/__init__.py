"""The vocabulary and messages, as TOML files beside this module."""

import tomllib
from functools import lru_cache
from pathlib import Path
from typing import Any

_FOLDER = Path(__file__).parent


@lru_cache(maxsize=32)
def load(name: str) -> dict[str, Any]:
    """The parsed data file `name` (units.toml, …); read once a process."""
    with (_FOLDER / name).open("rb") as file:
        return tomllib.load(file)


def load_folder(name: str) -> dict[str, Any]:
    """The tables of every TOML file in the data folder `name`; a table that two files hold raises ValueError."""
    tables: dict[str, Any] = {}
    for path in sorted((_FOLDER / name).glob("*.toml")):
        for key, table in load(f"{name}/{path.name}").items():
            if key in tables:
                raise ValueError(f"{path.name}: {key} is defined twice")
            tables[key] = table
    return tables
