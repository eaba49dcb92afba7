#include "own_effects.hpp"

#include "troupe/actors/repeat_rules.hpp"

#include <troupe/protocol/json.hpp>
#include <troupe/protocol/mission_check.hpp>

namespace troupe::actors {

using namespace protocol;

namespace {

/// Errors of which the code itself does not know what was done.
bool is_open(errc code) {
  return code == errc::cancelled || code == errc::deadline_exceeded
         || code == errc::effect_unknown;
}

} // namespace

result<begin_effect> own_effects::next(const effect_wish& what) {
  if (!is_name(what.name))
    return fail(errc::invalid_request,
                "an effect's name is 1 to 64 letters, digits, '-', '_', '.'");
  if (what.arguments.size() > effect_bytes_max)
    return fail(errc::limit_exceeded,
                "effect '" + what.name + "': its arguments exceed 1 MiB");
  begin_effect it;
  it.tool = what.name;
  it.arguments = what.arguments.empty() ? "{}" : what.arguments;
  if (const auto read = parse_json(it.arguments); !read)
    return fail(errc::invalid_request,
                "effect '" + what.name
                    + "': its arguments are no JSON: " + read.error().detail);
  it.number = ++made_[it.tool + '\n' + canonical_json(it.arguments)];
  it.is_idempotent = what.is_idempotent;
  return it;
}

std::optional<tool_result> outcome_to_keep(const result<std::string>& outcome,
                                           bool is_idempotent) {
  if (outcome)
    return tool_result{{}, *outcome, false};
  const auto& why = outcome.error();
  if (is_idempotent || is_open(why.code))
    return std::nullopt;
  return tool_result{
      {}, std::string(to_string(why.code)) + ": " + why.detail, true};
}

result<std::string> outcome_from(tool_result kept) {
  if (!kept.is_error)
    return std::move(kept.content);
  const auto end = kept.content.find(": ");
  errc code = errc::tool_failed;
  if (end == std::string::npos
      || !enum_from_name(std::string_view{kept.content}.substr(0, end), code))
    return fail(errc::tool_failed, std::move(kept.content));
  return fail(code, kept.content.substr(end + 2));
}

result<std::string> bounded_outcome(result<std::string> outcome) {
  if (outcome && outcome->size() > effect_bytes_max)
    return fail(errc::limit_exceeded, "what the effect gave exceeds 1 MiB");
  return outcome;
}

} // namespace troupe::actors
