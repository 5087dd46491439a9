"""Where things lie: the style sheets of this installation, and what the program remembers about this person."""
from __future__ import annotations

import os
import tomllib
from pathlib import Path

_HERE = Path(__file__).resolve().parent


def styles_dir() -> Path:
    """The folder of the style sheets: inside an installed package, beside the package in a checkout."""
    for place in (_HERE / "styles", _HERE.parent / "styles"):
        if place.is_dir():
            return place
    raise FileNotFoundError("The style sheets are missing from this installation. Install crm-workbook again.")


def overlay_of(target: str) -> Path | None:
    """The company's own catalogue file beside a workbook: acme.catalogue.toml beside acme.crm; None where there is none. For
    a database, the file that CRM_WORKBOOK_CATALOGUE names; it also goes before the one beside a file."""
    if named := os.environ.get("CRM_WORKBOOK_CATALOGUE"):
        return Path(named)
    path = Path(target).with_suffix(".catalogue.toml") if target and "://" not in target else None
    return path if path is not None and path.is_file() else None


def state_file() -> Path:
    """What the program remembers about this person (theme)."""
    from platformdirs import user_state_path  # the import costs more than most starts need

    return user_state_path("crm-workbook") / "state.toml"


def log_file() -> Path:
    """Where the program notes what went wrong."""
    from platformdirs import user_log_path

    return user_log_path("crm-workbook", appauthor=False) / "crm-workbook.log"


def rescue_folder() -> Path:
    """Where texts go that could not be written into a workbook (store.rescue)."""
    return state_file().with_name("rescue")


def remembered() -> dict[str, str]:
    """The remembered settings; empty when there are none or they cannot be read."""
    try:
        return {key: value for key, value in tomllib.loads(state_file().read_text("utf-8")).items() if isinstance(value, str)}
    except (OSError, ValueError):
        return {}


def remember(**settings: str) -> None:
    """Keeps settings for the next start; a state folder that cannot be written to is no reason to stop."""
    import tomli_w

    path = state_file()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary = path.with_name(f".{path.name}.tmp")
        temporary.write_text(tomli_w.dumps(remembered() | settings), "utf-8")
        temporary.replace(path)
    except OSError:
        return
