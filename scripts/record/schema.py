"""The JSON Schema of a record, for whoever reads one with another program.

The frame follows from the dataclasses of the record, what its arms may hold from the declarations
of the experiments.
"""

from __future__ import annotations

import dataclasses
import json
from typing import Any, Dict, Mapping

from scripts.record import SCHEMA, Machine, Runtime, Session
from scripts.record.declaration import Choice, Declaration, Flag, Kind, Number

_SCALAR = {"type": ["string", "number", "boolean", "null"]}
_SHA256 = {"type": "string", "pattern": "^[0-9a-f]{64}$"}
_NAMES = {"type": "array", "items": {"type": "string"}, "uniqueItems": True}
# What the fields of the dataclasses are in JSON, by their annotations.
_TYPES: Dict[str, Dict[str, Any]] = {
    "str": {"type": "string"},
    "int": {"type": "integer"},
    "float": {"type": "number"},
    "bool": {"type": "boolean"},
    "float | None": {"type": ["number", "null"]},
    "int | None": {"type": ["integer", "null"]},
    "bool | None": {"type": ["boolean", "null"]},
    "Optional[float]": {"type": ["number", "null"]},
    "Tuple[str, ...]": _NAMES,
    "Dict[str, Scalar]": {"type": "object", "additionalProperties": _SCALAR},
}
_SPAN = {
    "description": "Job, and from when to when it ran: seconds from the begin of the arm.",
    "type": "array",
    "prefixItems": [{"type": "integer"}, {"type": "number"}, {"type": "number"}],
    "items": {"minimum": 0},
    "minItems": 3,
    "maxItems": 3,
}
_ROW = {
    "description": "One arm of one round: session, round, values, disturbance, and who ran when.",
    "type": "array",
    "prefixItems": [
        {"type": "integer", "minimum": 1},
        {"type": "integer", "minimum": 1},
        {"type": "array", "items": {"type": ["number", "null"], "minimum": 0}},
        {"type": "array", "items": _SCALAR},
        {"type": "array", "items": _SPAN},
    ],
    "items": False,
    "minItems": 4,
}


def record_schema(declarations: Mapping[str, Declaration]) -> Dict[str, Any]:
    """The JSON Schema of records with samples of these experiments."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A record",
        "description": "Every sample of every session, with machine, interpreters and settings.",
        **_object(
            {
                "schema": {"const": SCHEMA},
                "quick": {"description": "A trial of small sizes.", "type": "boolean"},
                "settings": _settings(declarations),
                "code": {
                    "description": "The SHA-256 of what is timed, by experiment.",
                    "type": "object",
                    "additionalProperties": _SHA256,
                },
                "machine": _of_dataclass(Machine),
                "runtimes": _some(_of_dataclass(Runtime)),
                "sessions": _some(_of_dataclass(Session)),
                "arms": {"type": "array", "items": _arm(declarations)},
            },
            optional={"$schema": {"type": "string"}},
        ),
    }


def text(declarations: Mapping[str, Declaration]) -> str:
    """The text of the file that stands beside the records."""
    return json.dumps(record_schema(declarations), ensure_ascii=False, indent=1) + "\n"


def _object(
    properties: Mapping[str, Any], optional: Mapping[str, Any] = (), **more: Any
) -> Dict[str, Any]:
    """An object that has all of these properties, and of others only the optional ones."""
    return {
        "type": "object",
        "required": list(properties),
        "additionalProperties": False,
        "properties": {**properties, **dict(optional)},
        **more,
    }


def _some(items: Dict[str, Any]) -> Dict[str, Any]:
    return {"type": "array", "minItems": 1, "items": items}


def _of_dataclass(kind: Any) -> Dict[str, Any]:
    described = " ".join((kind.__doc__ or "").split())
    properties = {field.name: _TYPES[field.type] for field in dataclasses.fields(kind)}
    return _object(properties, description=described)


def _settings(declarations: Mapping[str, Declaration]) -> Dict[str, Any]:
    """Sizes of experiments that are younger than the record may be missing, others may be there."""
    sizes = [size for one in declarations.values() for size in one.sizes]
    whole = {"type": "integer", "minimum": 1}
    return {
        "type": "object",
        "properties": {size.name: {"description": size.says, **whole} for size in sizes},
        "additionalProperties": whole,
    }


def _arm(declarations: Mapping[str, Declaration]) -> Dict[str, Any]:
    """An arm: its rows, and what their places mean. An experiment that is not declared may be."""
    arm = _object(
        {
            "experiment": {"type": "string"},
            "case": {"type": "string"},
            "runtime": {"description": "The id of one of the runtimes.", "type": "string"},
            "params": {"type": "object", "additionalProperties": _SCALAR},
            "values": {"description": "The names of the values of each row.", **_NAMES},
            "disturbance": {"description": "What else is told of each row.", **_NAMES},
            "rows": _some(_ROW),
        }
    )
    return {**arm, "allOf": [_of_experiment(one) for one in declarations.values()]}


def _of_experiment(declared: Declaration) -> Dict[str, Any]:
    return {
        "if": {"properties": {"experiment": {"const": declared.name}}},
        "then": {
            "properties": {
                "case": {"enum": list(declared.cases)},
                "params": {
                    "properties": {name: _kind(kind) for name, kind in declared.params.items()},
                    "additionalProperties": False,
                },
                "values": {"items": {"anyOf": [_value(*one) for one in declared.values.items()]}},
            }
        },
    }


def _value(name: str, kind: Kind) -> Dict[str, Any]:
    unit = kind.unit if isinstance(kind, Number) else ""
    return {"const": name, "description": f"In {unit}." if unit else ""}


def _kind(kind: Kind) -> Dict[str, Any]:
    if isinstance(kind, Flag):
        return {"type": "boolean"}
    if isinstance(kind, Choice):
        return {"enum": list(kind.names)}
    return {
        "description": f"In {kind.unit}.",
        "type": "integer" if kind.whole else "number",
        "minimum": kind.low,
        "maximum": kind.high,
    }
