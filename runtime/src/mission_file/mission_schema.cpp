#include "troupe/runtime/mission_file.hpp"

namespace troupe {

namespace {

// Scalars come as YAML has them: an amount may be 2.5 or "2.50 USD".
constexpr std::string_view schema_text = R"json({
"$schema": "https://json-schema.org/draft/2020-12/schema",
"title": "A mission of troupe", "type": "object",
"required": ["mission", "tasks"], "additionalProperties": false,
"properties": {
 "mission": {"$ref": "#/$defs/name"},
 "description": {"type": "string"},
 "budget": {"$ref": "#/$defs/money"},
 "deadline": {"$ref": "#/$defs/duration"},
 "concurrency": {"type": "integer", "minimum": 1, "maximum": 10000},
 "schedule": {"enum": ["eager", "waves"]},
 "tags": {"$ref": "#/$defs/texts"},
 "on_shortage": {"$ref": "#/$defs/steps"},
 "models": {"$ref": "#/$defs/models"},
 "caps": {"type": "array", "items": {"type": "object", "required": ["most"],
  "additionalProperties": false, "properties": {
   "agent": {"type": "string"}, "skill": {"type": "string"},
   "most": {"type": "integer", "minimum": 1}}}},
 "reuse": {"type": "boolean"}, "result": {"type": "string"},
 "roster": {"$ref": "#/$defs/texts"},
 "agents": {"type": "array", "items": {"$ref": "#/$defs/agent"}},
 "inputs": {"type": "object",
  "additionalProperties": {"$ref": "#/$defs/input"}},
 "tasks": {"type": "array", "minItems": 1,
  "items": {"$ref": "#/$defs/task"}}},
"$defs": {
 "name": {"type": "string", "pattern": "^[A-Za-z0-9._-]{1,64}$"},
 "money": {"type": ["number", "string"]},
 "duration": {"type": "string", "pattern": "^[0-9.]+(ms|s|m|h|d)$"},
 "text": {"type": ["string", "number", "boolean", "null"]},
 "texts": {"anyOf": [{"$ref": "#/$defs/text"},
  {"type": "array", "items": {"$ref": "#/$defs/text"}}]},
 "tier": {"enum": ["basic", "advanced", "expert"]},
 "permille": {"type": "integer", "minimum": 0, "maximum": 1000},
 "step": {"enum": ["shorter", "cheaper", "compact", "wrap_up", "ask"]},
 "steps": {"anyOf": [{"$ref": "#/$defs/step"},
  {"type": "array", "items": {"$ref": "#/$defs/step"}}]},
 "input": {"type": "object", "additionalProperties": false, "properties": {
  "file": {"type": "string"}, "files": {"$ref": "#/$defs/texts"},
  "text": {"$ref": "#/$defs/text"}, "schema": {"type": "object"},
  "split": {"type": "object", "required": ["by"],
   "additionalProperties": false, "properties": {
    "by": {"enum": ["heading", "blank", "lines", "chars"]},
    "pattern": {"type": "string"},
    "parts_max": {"type": "integer", "minimum": 1, "maximum": 10000},
    "chars_max": {"type": "integer", "minimum": 100}}}}},
 "agent": {"type": "object", "required": ["name"],
  "additionalProperties": false, "properties": {
   "name": {"$ref": "#/$defs/name"}, "description": {"type": "string"},
   "skills": {"$ref": "#/$defs/texts"}, "tags": {"$ref": "#/$defs/texts"},
   "tier": {"$ref": "#/$defs/tier"}, "instructions": {"type": "string"},
   "model": {"type": "string"}, "tools": {"$ref": "#/$defs/texts"},
   "asks": {"$ref": "#/$defs/texts"},
   "max_turns": {"type": "integer", "minimum": 1, "maximum": 100},
   "max_tokens": {"type": "integer", "minimum": 1},
   "max_repeats": {"type": "integer", "minimum": 1, "maximum": 100}}},
 "models": {"type": "object", "additionalProperties": false, "properties": {
  "skills": {"$ref": "#/$defs/texts"}, "regions": {"$ref": "#/$defs/texts"},
  "price_max": {"type": "object", "additionalProperties": false,
   "properties": {"input": {"$ref": "#/$defs/money"},
    "output": {"$ref": "#/$defs/money"}}},
  "hedge": {"type": "boolean"},
  "cascade": {"type": "object", "additionalProperties": false,
   "properties": {"from": {"$ref": "#/$defs/tier"},
    "check": {"enum": ["form", "judged"]},
    "pass_permille": {"$ref": "#/$defs/permille"}}}}},
 "gate": {"type": "object", "additionalProperties": false, "properties": {
  "words_min": {"type": "integer", "minimum": 0},
  "words_max": {"type": "integer", "minimum": 0},
  "must_mention": {"$ref": "#/$defs/texts"},
  "must_not_mention": {"$ref": "#/$defs/texts"},
  "grounded_permille": {"$ref": "#/$defs/permille"},
  "matches": {"type": "string"}, "tool": {"type": "string"},
  "judge": {"type": "object", "required": ["agent"],
   "additionalProperties": false, "properties": {
    "agent": {"type": "string"}, "prompt": {"type": "string"},
    "pass_permille": {"$ref": "#/$defs/permille"}}},
  "on_fail": {"enum": ["retry", "escalate", "ask", "fail"]}}},
 "task": {"type": "object", "required": ["id"],
  "additionalProperties": false, "properties": {
   "id": {"type": "string", "pattern": "^[A-Za-z0-9._/-]{1,128}$"},
   "agent": {"type": "string"}, "skill": {"type": "string"},
   "kind": {"enum": ["work", "approval", "pick", "join"]},
   "needs": {"$ref": "#/$defs/texts"}, "inputs": {"$ref": "#/$defs/texts"},
   "foreach": {"anyOf": [{"type": "string"},
    {"type": "object", "required": ["of", "max"],
     "additionalProperties": false, "properties": {
      "of": {"type": "string"},
      "max": {"type": "integer", "minimum": 1, "maximum": 1000}}}]},
   "prompt": {"$ref": "#/$defs/text"},
   "priority": {"enum": ["low", "medium", "high", "critical"]},
   "tier": {"$ref": "#/$defs/tier"}, "model": {"type": "string"},
   "max_output_tokens": {"type": "integer", "minimum": 1,
    "maximum": 1000000},
   "timeout": {"$ref": "#/$defs/duration"},
   "attempts": {"type": "integer", "minimum": 1, "maximum": 20},
   "budget": {"$ref": "#/$defs/money"},
   "models": {"$ref": "#/$defs/models"}, "gate": {"$ref": "#/$defs/gate"},
   "when": {"$ref": "#/$defs/text"},
   "output": {"type": "object"},
   "retry": {"type": "object", "additionalProperties": false,
    "properties": {"pause": {"$ref": "#/$defs/duration"},
     "pause_max": {"$ref": "#/$defs/duration"},
     "on": {"$ref": "#/$defs/texts"},
     "unknown_effects": {"enum": ["fail", "ask"]}}},
   "agreement": {"type": "object", "required": ["of"],
    "additionalProperties": false, "properties": {
     "of": {"type": "integer", "minimum": 2, "maximum": 20},
     "at_least": {"type": "integer", "minimum": 1, "maximum": 20},
     "agents": {"$ref": "#/$defs/texts"}}},
   "approve": {"type": "object", "additionalProperties": false,
    "properties": {"ask": {"$ref": "#/$defs/texts"},
     "expires": {"$ref": "#/$defs/duration"},
     "on_expiry": {"enum": ["refuse", "approve"]}}},
   "mission": {"type": "string"},
   "with": {"type": "object",
    "additionalProperties": {"$ref": "#/$defs/text"}},
   "repeat": {"type": "object", "required": ["max", "until"],
    "additionalProperties": false, "properties": {
     "max": {"type": "integer", "minimum": 1, "maximum": 100},
     "until": {"$ref": "#/$defs/text"}}},
   "may_fail": {"type": "boolean"}, "always_run": {"type": "boolean"}}}}
})json";

} // namespace

std::string_view mission_schema() noexcept {
  return schema_text;
}

} // namespace troupe
