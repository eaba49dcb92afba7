#include "supervisor_talk.hpp"

#include "clip.hpp"
#include "troupe/actors/log.hpp"

#include <caf/all.hpp>

#include <algorithm>
#include <exception>
#include <memory>

namespace troupe::actors {

using protocol::errc;
using protocol::fail;

namespace {

constexpr std::size_t end_bytes_max = 256;

} // namespace

supervision supervision_of(const supervisor_config& config) {
  return {config.strategy, config.intensity, config.period, config.ends,
          config.backoff};
}

supervisor_rules::settings settings_of(const supervisor_config& config,
                                       caf::actor_clock::time_point now) {
  supervisor_rules::settings with;
  with.how = supervision_of(config);
  with.seed = config.seed;
  // Higher than those of a supervisor that this one stands in for, also of an
  // earlier process, as it cannot have started a child each microsecond.
  const auto since = std::chrono::duration_cast<std::chrono::microseconds>(
      config.clock.at(now).time_since_epoch());
  with.incarnations_before =
      static_cast<std::uint64_t>(std::max(since, since.zero()).count());
  return with;
}

child_rule rule_of(child_spec spec) {
  child_rule rule;
  rule.id = std::move(spec.id);
  rule.restart = spec.restart;
  rule.shutdown = spec.shutdown;
  rule.kind = spec.kind;
  rule.is_significant = spec.is_significant;
  rule.payload = std::make_shared<const child_code>(
      child_code{std::move(spec.start), std::move(spec.remark)});
  return rule;
}

std::vector<child_rule> rules_of(std::vector<child_spec> specs) {
  std::vector<child_rule> rules;
  rules.reserve(specs.size());
  for (auto& it : specs)
    rules.push_back(rule_of(std::move(it)));
  return rules;
}

std::optional<protocol::error> failure_of(const report_order& order) {
  if (order.what == supervisor_event::gave_up)
    return fail(errc::restart_limit, "'" + order.child + "' ended too often");
  if (order.what == supervisor_event::significant_ended)
    return fail(errc::restart_limit,
                "'" + order.child + "' has ended and cannot be started again");
  return std::nullopt;
}

std::string text_of_end(const caf::error& reason) {
  if (!reason || reason == caf::exit_reason::normal)
    return "ended";
  if (reason == caf::exit_reason::user_shutdown)
    return "stopped";
  if (reason == caf::exit_reason::kill)
    return "killed";
  if (reason == caf::sec::runtime_error)
    return "exception";
  const auto why = from_caf(reason);
  return std::string(to_string(why.code)) + ": "
         + std::string(clip(why.detail, end_bytes_max));
}

child_end end_of(const caf::error& reason) {
  if (!reason || reason == caf::exit_reason::normal)
    return child_end::normal;
  if (reason == caf::exit_reason::user_shutdown
      || from_caf(reason).code == errc::restart_limit)
    return child_end::shutdown;
  if (reason == caf::exit_reason::kill)
    return child_end::killed;
  return child_end::abnormal;
}

child_birth give_birth(const child_start& code, caf::actor_system& system,
                       std::uint64_t incarnation) {
  if (!code)
    return fail(errc::invalid_request, "there is no start function");
  try {
    return code(system, incarnation);
  } catch (const std::exception& what) {
    return fail(errc::internal, what.what());
  } catch (...) {
    return fail(errc::internal, "something was thrown");
  }
}

namespace {

protocol::error refusal_of(child_answer what, const std::string& name) {
  switch (what) {
  case child_answer::not_found:
    return fail(errc::invalid_request, name + " has no such child");
  case child_answer::already_started:
  case child_answer::running:
    return fail(errc::invalid_request, "such a child of " + name + " lives");
  case child_answer::already_present:
    return fail(errc::invalid_request, name + " has such a child already");
  case child_answer::restarting:
    return fail(errc::invalid_request,
                "that child of " + name + " is being started again");
  case child_answer::dynamic:
    return fail(errc::invalid_request,
                name + " is dynamic: its children are started or terminated");
  case child_answer::overloaded:
    return fail(errc::overloaded, "too many requests wait for " + name);
  default:
    return fail(errc::cancelled, name + " ends");
  }
}

} // namespace

std::optional<protocol::error> failure_in(const answer_order& answer,
                                          const std::string& name) {
  if (answer.what == child_answer::done || answer.what == child_answer::ignored)
    return std::nullopt;
  if (answer.what == child_answer::start_failed)
    return fail(errc::agent_failed, "could not be started: " + answer.why);
  return refusal_of(answer.what, name);
}

caf::error reason_of(const end_order& order, const std::string& name,
                     const protocol::error& failure, const caf::error& asked) {
  switch (order.why) {
  case supervisor_end::restart_limit:
    return to_caf(fail(errc::restart_limit,
                       "'" + order.child + "' ended too often for " + name));
  case supervisor_end::start_failed:
    return to_caf(fail(failure.code, "'" + order.child
                                         + "' could not be started for " + name
                                         + ": " + order.cause));
  case supervisor_end::significant:
    return caf::exit_reason::user_shutdown;
  case supervisor_end::asked:
    break;
  }
  return asked;
}

void log_report(const report_order& order, const std::string& name) {
  const auto text = "supervisor=" + name + " child=" + order.child
                    + (order.cause.empty() ? "" : " cause=" + order.cause);
  switch (order.what) {
  case supervisor_event::child_ended:
    return log(log_level::warn, "supervisor", "child-ended", text);
  case supervisor_event::start_failed:
    return log(log_level::warn, "supervisor", "start-failed", text);
  case supervisor_event::killed_too_slow:
    return log(log_level::warn, "supervisor", "killed-too-slow", text);
  case supervisor_event::significant_ended:
    return log(log_level::error, "supervisor", "cannot-be-without", text);
  case supervisor_event::gave_up:
    break;
  }
  log(log_level::error, "supervisor", "gave-up", text);
}

} // namespace troupe::actors
