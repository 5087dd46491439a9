"""Every text a person reads goes through here. Texts are English in the source; a catalogue of translations is optional."""
from __future__ import annotations

import gettext
from pathlib import Path

_LOCALE = Path(__file__).parent / "locale"


class _Language:
    """The translations in force; replaced by `use`."""

    def __init__(self) -> None:
        self.translations: gettext.NullTranslations = gettext.NullTranslations()


_language = _Language()


def use(language: str) -> None:
    """Speak this language ('ru', 'fr') from now on; English where no translation is installed."""
    _language.translations = gettext.translation("crm_workbook", _LOCALE, [language], fallback=True)


def _(text: str) -> str:
    """The text in the language in force."""
    return _language.translations.gettext(text) if text else text


def ngettext(one: str, many: str, n: int) -> str:
    """The right plural for n, in the language in force."""
    return _language.translations.ngettext(one, many, n)


def N_(text: str) -> str:
    """Marks a text for translation where it is declared; `_` translates it where it is shown."""
    return text
