"""Settings: defaults < profile < settings file < environment < command line, each value with its origin."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, fields
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal

from narrcheck.batching import BatchOptions
from narrcheck.data import load as load_data
from narrcheck.filing import Waiver
from narrcheck.llm.options import NO_CACHE, ModelOptions
from narrcheck.reading.limits import ReadingLimits
from narrcheck.rules.limits import Limits
from narrcheck.settingsfile import SettingsError, SettingsFile, find, read, read_table
from narrcheck.settingsvalues import (
    BATCH,
    BY_NAME,
    GROUPS,
    LIMITS,
    MODEL,
    PREFIX,
    READING,
    SETTINGS,
    USE,
    Setting,
    convert,
    nearest,
    waiver,
)

__all__ = ["SETTINGS", "Origin", "Setting", "Settings", "SettingsError", "check_codes", "load", "profiles"]

Layer = Literal["default", "profile", "file", "environment", "command-line"]


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a value comes from: the layer, and the file with line, the variable, or the profile that holds it."""

    layer: Layer = "default"
    place: str | None = None
    line: int | None = None

    @property
    def file(self) -> str | None:
        """The place an error about the value names: a file or a variable."""
        return self.place if self.layer in ("file", "environment") else None


@dataclass(frozen=True)
class Settings:
    """Every setting in force; the defaults are the national form's.

    `extra_headings` is what the file `headings` holds; `origins` has the origin of each value that is no default.
    """

    profile: str = "national"
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    lang: str = "zh"
    format: str | None = None
    fail_on: str = "error"
    mask: str = "no"
    llm: str | None = None
    headings: Path | None = None
    template: Path | None = None
    waivers: tuple[Waiver, ...] = ()
    limits: Limits = field(default_factory=Limits)
    reading: ReadingLimits = field(default_factory=ReadingLimits)
    model: ModelOptions = field(default_factory=ModelOptions)
    batch: BatchOptions = field(default_factory=BatchOptions)
    extra_headings: Mapping[str, Any] | None = None
    origins: Mapping[str, Origin] = field(default_factory=dict)

    def value(self, name: str) -> object:
        """The value of the setting `name`, for instance "lang" or "limits.spending_gap"."""
        owner, _, limit = name.partition(".")
        value = getattr(self, "model" if limit and owner == MODEL else owner)
        return getattr(value, limit) if limit else value

    @property
    def model_use(self) -> str:
        """Whether a model is used: off, auto or full. Without a model and a record of one off, otherwise auto where
        nothing else is said."""
        return (self.llm or "auto") if self.model.at_hand else "off"

    def origin(self, name: str) -> Origin:
        """Where the value of the setting `name` comes from."""
        return self.origins.get(name, Origin())

    def check_codes(self, known: Collection[str]) -> None:
        """SettingsError, with file and line, where select, ignore or a waiver names a rule that is not in `known`."""
        waived = tuple(waiver.rule for waiver in self.waivers if waiver.rule)
        for key, codes in (("select", self.select), ("ignore", self.ignore), ("waivers", waived)):
            origin = self.origin(key)
            try:
                check_codes(codes, known, key)
            except SettingsError as error:
                raise error.at(origin.file, origin.line) from None


def check_codes(codes: Iterable[str], known: Collection[str], key: str = "select") -> None:
    """SettingsError with the nearest code where one of `codes` is no rule of `known` and no beginning of one."""
    for code in codes:
        if not any(rule.startswith(code) for rule in known):
            raise SettingsError("unknown-rule", {"value": code, "nearest": nearest(code, known)}, key=key)


@dataclass(slots=True)
class _Gathered:
    """The values set so far, later layers over earlier ones."""

    values: dict[str, Any] = field(default_factory=dict)
    origins: dict[str, Origin] = field(default_factory=dict)

    def put(self, name: str, value: object, origin: Origin) -> None:
        self.values[name], self.origins[name] = value, origin

    def origin(self, name: str) -> Origin:
        return self.origins.get(name, Origin())

    def group(self, name: str) -> dict[str, Any]:
        """The values under the table `name`, by their own keys."""
        start = f"{name}."
        return {key.removeprefix(start): value for key, value in self.values.items() if key.startswith(start)}


def load(
    config: Path | None, start: Path, environ: Mapping[str, str], overrides: Mapping[str, object | None]
) -> Settings:
    """The settings in force.

    `config` is the file of --config, otherwise the nearest one from the folder `start` upward counts. `overrides` are
    the command line's, by setting name; None means not given. SettingsError where anything cannot be used.
    """
    file = read(config) if config is not None else find(start)
    given = _Gathered()
    if file is not None:
        _from_file(file, given)
    _from_environment(environ, given)
    for name, value in overrides.items():
        if value is not None:
            given.put(name, convert(BY_NAME[name], value), Origin("command-line"))
    _from_profile(profiles(file), given)
    return _settings(given)


def _from_file(file: SettingsFile, given: _Gathered) -> None:
    for raw, value in file.values.items():
        name = _plain(raw)
        if name == "waiver":
            given.put("waivers", _waivers(file, raw, value), Origin("file", str(file.path), file.line(raw, 0)))
        elif name in GROUPS and (isinstance(value, dict) or name != MODEL):
            if not isinstance(value, dict):
                raise file.place(SettingsError("table"), raw)
            for key, limit in value.items():
                own = MODEL if (name, key) == (MODEL, USE) else f"{name}.{_plain(key)}"
                _put(file, (raw, key), own, limit, given)
        elif name != "profiles":
            _put(file, (raw,), name, value, given)


def _plain(key: str) -> str:
    return key.replace("-", "_")


def _put(file: SettingsFile, keys: tuple[str, ...], name: str, value: object, given: _Gathered) -> None:
    setting = BY_NAME.get(name)
    if setting is None or setting.kind == "waivers":
        known = [s.name for s in SETTINGS if s.kind != "waivers"]
        raise file.place(
            SettingsError("unknown-key", {"nearest": nearest(name, [*known, *GROUPS, "waiver", "profiles"])}), *keys
        )
    try:
        converted = convert(setting, value)
    except SettingsError as error:
        raise file.place(error, *keys) from None
    if isinstance(converted, Path) and converted != NO_CACHE:
        converted = file.path.parent / converted.expanduser()
    given.put(name, converted, Origin("file", str(file.path), file.line(*keys)))


def _waivers(file: SettingsFile, key: str, tables: object) -> tuple[Waiver, ...]:
    if not isinstance(tables, list):
        raise file.place(SettingsError("table"), key)
    waivers: list[Waiver] = []
    for at, table in enumerate(tables):
        try:
            waivers.append(waiver(table))
        except SettingsError as error:
            own = error.key if error.key and error.key in table else None
            place = file.line(key, at, own) if own else file.line(key, at)
            raise error.at(str(file.path), place) from None
    return tuple(waivers)


def _from_environment(environ: Mapping[str, str], given: _Gathered) -> None:
    variables = {setting.variable: setting for setting in SETTINGS if setting.kind != "waivers"}
    for name in sorted(name for name in environ if name.startswith(PREFIX)):
        setting = variables.get(name)
        if setting is None:
            raise SettingsError("unknown-key", {"nearest": nearest(name, variables)}, key=name)
        if not environ[name].strip():
            continue
        try:
            given.put(setting.name, convert(setting, environ[name].strip()), Origin("environment", name))
        except SettingsError as error:
            raise error.at(None, key=name) from None


def profiles(file: SettingsFile | None = None) -> dict[str, dict[str, object]]:
    """The known profiles by name, each with the limits it sets; SettingsError for a wrong one in the file."""
    known = {name: _limits_of(table) for name, table in load_data("profiles.toml").items()}
    own = file.values.get("profiles", {}) if file else {}
    if file is None:
        return known
    if not isinstance(own, dict):
        raise file.place(SettingsError("table"), "profiles")
    for name, table in own.items():
        if not isinstance(table, dict):
            raise file.place(SettingsError("table"), "profiles", name)
        try:
            known[name] = _limits_of(table)
        except SettingsError as error:
            raise file.place(error, "profiles", name, error.key or "") from None
    return known


def _limits_of(table: Mapping[str, object]) -> dict[str, object]:
    """The limits of a profile by setting name; the error's key is the key as written."""
    limits: dict[str, object] = {}
    for key, value in table.items():
        setting = BY_NAME.get(f"{LIMITS}.{_plain(key)}")
        if setting is None:
            names = [limit.name for limit in fields(Limits)]
            raise SettingsError("unknown-key", {"nearest": nearest(key, names)}, key=key)
        try:
            # The built-in file is read with floats, a settings file with decimals.
            limits[setting.name] = convert(setting, str(value) if isinstance(value, float) else value)
        except SettingsError as error:
            raise error.at(None, key=key) from None
    return limits


def _from_profile(known: Mapping[str, Mapping[str, object]], given: _Gathered) -> None:
    """The figures of the chosen profile, where no later layer set them."""
    name = given.values.get("profile", "national")
    if name not in known:
        origin = given.origin("profile")
        facts = {"value": name, "nearest": nearest(name, known)}
        raise SettingsError("unknown-profile", facts, key="profile", file=origin.file, line=origin.line)
    for key, value in known[name].items():
        if key not in given.values:
            given.put(key, value, Origin("profile", name))


def _settings(given: _Gathered) -> Settings:
    """The gathered values as settings, after what must hold between them."""
    limits = Limits(**given.group(LIMITS))
    if not limits.grade_excellent > limits.grade_good > limits.grade_fair:
        raise _between(given, "grades", "grade_")
    if not Decimal(0) <= limits.band_partly <= limits.band_met <= 1:
        raise _between(given, "bands", "band_")
    plain = {key: value for key, value in given.values.items() if "." not in key}
    headings = plain.get("headings")
    extra = None if headings is None else _headings(headings)
    return Settings(
        **plain,
        limits=limits,
        reading=ReadingLimits(**given.group(READING)),
        model=ModelOptions(**given.group(MODEL)),
        batch=BatchOptions(**given.group(BATCH)),
        extra_headings=extra,
        origins=given.origins,
    )


def _between(given: _Gathered, reason: str, start: str) -> SettingsError:
    """An error about limits that do not fit one another, at the first that a user set."""
    for name, origin in given.origins.items():
        if name.startswith(f"{LIMITS}.{start}") and origin.file:
            return SettingsError(reason, key=name, file=origin.file, line=origin.line)
    return SettingsError(reason)


def _headings(path: Path) -> dict[str, Any]:
    """The further headings of the file at `path`, tried out so that a mistake is told before anything is read."""
    from narrcheck.reading.vocabulary import headings

    tables = read_table(path)
    try:
        headings(tables)
    except ValueError as error:
        raise SettingsError("headings", {"detail": str(error)}, file=str(path)) from None
    return tables
