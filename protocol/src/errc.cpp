#include "troupe/protocol/errc.hpp"

#include "troupe/protocol/describe.hpp"

namespace troupe::protocol {

retry retry_of(errc code) noexcept {
  switch (code) {
  case errc::unreachable:
  case errc::agent_failed:
  case errc::gate_failed:
  case errc::provider_malformed:
  case errc::stream_truncated:
  case errc::tool_failed:
    return retry::now;
  case errc::overloaded:
  case errc::provider_throttled:
  case errc::provider_unavailable:
  case errc::provider_timeout:
    return retry::later;
  case errc::invalid_request:
  case errc::malformed_message:
  case errc::mission_invalid:
  case errc::config_invalid:
  case errc::file_unreadable:
  case errc::unknown_agent:
  case errc::no_model_fits:
  case errc::budget_exhausted:
  case errc::deadline_exceeded:
  case errc::cancelled:
  case errc::dependency_failed:
  case errc::limit_exceeded:
  case errc::provider_rejected:
  case errc::provider_unauthorized:
  case errc::tls_untrusted:
  case errc::context_too_long:
  case errc::content_refused:
  case errc::key_file_open:
  case errc::restart_limit:
  case errc::internal:
  case errc::version_conflict:
  case errc::key_conflict:
  case errc::provider_unfunded:
  case errc::journal_failed:
  case errc::journal_damaged:
  case errc::unknown_run:
  case errc::effect_unknown:
  case errc::approval_refused:
  case errc::approval_expired:
  case errc::url_forbidden:
  case errc::runtime_ended:
  case errc::quarantined:
  case errc::outdated_incarnation:
    return retry::never;
  }
  return retry::never;
}

std::string_view to_string(errc code) noexcept {
  const auto name = enum_name(code);
  return name.empty() ? std::string_view{"unknown"} : name;
}

namespace {

std::string_view advice_on_work(errc code) noexcept {
  switch (code) {
  case errc::deadline_exceeded:
    return "The time given to the work has passed; allow more time or make the "
           "work smaller.";
  case errc::cancelled:
    return "Somebody ended the work on purpose; start it again if it is still "
           "wanted.";
  case errc::unreachable:
    return "The receiver is gone; send the request again, to another receiver "
           "if there is one.";
  case errc::overloaded:
    return "A queue is full and nothing was started; wait a little and send "
           "the request again.";
  case errc::agent_failed:
    return "The agent could not do its task; read the detail, then try again "
           "or change its instructions.";
  case errc::gate_failed:
    return "The answer did not pass its quality gate; try again with the "
           "gate's findings or loosen the gate.";
  case errc::dependency_failed:
    return "A task that this one needs has failed; mend that task first.";
  case errc::limit_exceeded:
    return "The work needs more turns, bytes or depth than allowed; raise the "
           "limit that the detail names or make the work smaller.";
  case errc::key_conflict:
    return "The idempotency key was used for another request; give each "
           "request a key of its own.";
  case errc::version_conflict:
    return "The state has changed since it was read; read it again and decide "
           "anew.";
  case errc::restart_limit:
    return "A supervisor gave up on a child that kept failing; find the cause "
           "in the log before you start it again.";
  default:
    return "This is a fault of troupe itself; please report it with the detail "
           "and the version.";
  }
}

std::string_view advice_on_runs(errc code) noexcept {
  switch (code) {
  case errc::journal_failed:
    return "What the run does cannot be kept, so it does no more; mend the "
           "disk that the detail names, then resume it.";
  case errc::journal_damaged:
    return "The journal is not as it was written; keep the file, and look at "
           "the place that `troupe journal verify` names.";
  case errc::unknown_run:
    return "No such run can go on; see `troupe runs` for those that can.";
  case errc::effect_unknown:
    return "A tool was at work when its process ended; find out whether its "
           "effect happened, then start the task anew.";
  case errc::approval_refused:
    return "Somebody was asked and said no; change what they object to, then "
           "fork the run from that task.";
  case errc::approval_expired:
    return "Nobody said yes in time; ask again with `troupe fork`, or allow "
           "more time.";
  case errc::url_forbidden:
    return "The address may not be called; allow its host in the tool's "
           "`allow`, if it is to be trusted.";
  case errc::tool_failed:
    return "The program or server behind a tool failed; run it by hand with "
           "what the detail says.";
  case errc::runtime_ended:
    return "A part of the runtime that cannot be started again has failed; "
           "start the program again and resume its runs.";
  case errc::quarantined:
    return "Work on this task has crashed too often and is not tried again; "
           "look at it with `troupe show` and mend the agent or the input.";
  case errc::outdated_incarnation:
    return "The writer has been started again since; what an earlier life of "
           "it writes is not taken.";
  default:
    return advice_on_work(code);
  }
}

std::string_view advice_on_input(errc code) noexcept {
  switch (code) {
  case errc::invalid_request:
    return "The request contradicts its contract; correct the field that the "
           "detail names and send it again.";
  case errc::malformed_message:
    return "The text is not the message it claims to be; correct the place "
           "that the detail points to.";
  case errc::mission_invalid:
    return "The mission has problems; correct each one listed, then check it "
           "with `troupe validate`.";
  case errc::config_invalid:
    return "The configuration has problems; correct each one listed and start "
           "again.";
  case errc::file_unreadable:
    return "The file cannot be read; check its path, its size and its "
           "permissions.";
  case errc::unknown_agent:
    return "No agent has that name or skill; register one or correct the "
           "name.";
  case errc::no_model_fits:
    return "No configured model meets the tier, context and price; add a model "
           "or lower the demands of the task.";
  case errc::budget_exhausted:
    return "The account cannot cover the most this could cost; raise its limit "
           "or lower the task's output limit.";
  default:
    return advice_on_runs(code);
  }
}

} // namespace

std::string_view advice_for(errc code) noexcept {
  switch (code) {
  case errc::provider_rejected:
    return "The provider refused the request; correct what its message in the "
           "detail names.";
  case errc::provider_unauthorized:
    return "The provider's API key is missing or refused; set a valid key for "
           "this provider.";
  case errc::provider_throttled:
    return "The provider asks to slow down; wait as long as it says, or lower "
           "the concurrency.";
  case errc::provider_unfunded:
    return "The money of the provider's key is used up; pay the provider, or "
           "configure a second one.";
  case errc::provider_unavailable:
    return "The provider is down or out of reach; try again later or configure "
           "a second provider.";
  case errc::provider_timeout:
    return "The provider did not answer in time; try again later or allow more "
           "time.";
  case errc::provider_malformed:
    return "The provider's answer cannot be read; try again, and check the "
           "provider's base URL if it stays so.";
  case errc::stream_truncated:
    return "The provider's stream ended too early; send the request again.";
  case errc::tls_untrusted:
    return "The other side's certificate is not valid; check its address, the "
           "CA certificates and this machine's clock.";
  case errc::context_too_long:
    return "The prompt exceeds the model's window; shorten the inputs or "
           "choose a model with a larger one.";
  case errc::content_refused:
    return "The model declined to answer; reword the task or choose another "
           "model.";
  case errc::key_file_open:
    return "Others may read the key file; restrict it with `chmod 600`.";
  case errc::internal:
  default:
    return advice_on_input(code);
  }
}

} // namespace troupe::protocol
