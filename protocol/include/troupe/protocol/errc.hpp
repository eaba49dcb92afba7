#pragma once

#include <boost/describe/enum.hpp>

#include <cstdint>
#include <string_view>

namespace troupe::protocol {

/// What went wrong, by what the receiver of the error can do about it.
/// Append-only: values travel between nodes and are stored in journals.
/// Each has a page, `docs/errors/<name>.md`.
enum class errc : std::uint8_t {
  invalid_request = 1,        ///< The request contradicts its contract.
  malformed_message = 2,      ///< Bytes that are not the message they claim.
  mission_invalid = 3,        ///< The mission has problems; all are listed.
  config_invalid = 4,         ///< A configuration file has problems.
  file_unreadable = 5,        ///< Missing, too large, or not permitted.
  unknown_agent = 6,          ///< No agent has that name or skill.
  no_model_fits = 7,          ///< No model meets tier, context and price.
  budget_exhausted = 8,       ///< An account cannot cover the worst case.
  deadline_exceeded = 9,      ///< The time given to the work has passed.
  cancelled = 10,             ///< Somebody ended the work on purpose.
  unreachable = 11,           ///< The receiver is gone.
  overloaded = 12,            ///< A queue is full; nothing was started.
  agent_failed = 13,          ///< The agent's own code or answer failed.
  gate_failed = 14,           ///< The answer did not pass its quality gate.
  dependency_failed = 15,     ///< A task that this one needs has failed.
  limit_exceeded = 16,        ///< More turns, bytes or depth than allowed.
  provider_rejected = 17,     ///< The provider refused the request (4xx).
  provider_unauthorized = 18, ///< Missing or refused API key.
  provider_throttled = 19,    ///< The provider asks to slow down (429).
  provider_unavailable = 20,  ///< The provider is down or out of reach.
  provider_timeout = 21,      ///< The provider did not answer in time.
  provider_malformed = 22,    ///< The provider's answer cannot be read.
  stream_truncated = 23,      ///< The provider's stream ended too early.
  tls_untrusted = 24,         ///< The provider's certificate is not valid.
  context_too_long = 25,      ///< The prompt exceeds the model's window.
  content_refused = 26,       ///< The model declined to answer.
  key_file_open = 27,         ///< A key file that others may read.
  restart_limit = 28,         ///< A supervisor gave up on a child.
  internal = 29,              ///< A fault of troupe itself.
  version_conflict = 30,      ///< The state has changed since it was read.
  key_conflict = 31,          ///< An idempotency key of another request.
  provider_unfunded = 32,     ///< The money of the provider's key is used up.
  journal_failed = 33,        ///< What happens cannot be kept.
  journal_damaged = 34,       ///< What was kept is not as it was written.
  unknown_run = 35,           ///< No run has that id, or it cannot go on.
  effect_unknown = 36,        ///< Nobody knows whether a tool was at work.
  approval_refused = 37,      ///< Somebody was asked and said no.
  approval_expired = 38,      ///< Nobody said yes in time.
  url_forbidden = 39,         ///< An address that may not be called.
  tool_failed = 40,           ///< A program or server behind a tool failed.
  runtime_ended = 41,         ///< Its tree of actors has given up.
  quarantined = 42,           ///< Work on it has crashed too often.
  outdated_incarnation = 43,  ///< The writer has been started again since.
};
BOOST_DESCRIBE_ENUM(errc, invalid_request, malformed_message, mission_invalid,
                    config_invalid, file_unreadable, unknown_agent,
                    no_model_fits, budget_exhausted, deadline_exceeded,
                    cancelled, unreachable, overloaded, agent_failed,
                    gate_failed, dependency_failed, limit_exceeded,
                    provider_rejected, provider_unauthorized,
                    provider_throttled, provider_unavailable, provider_timeout,
                    provider_malformed, stream_truncated, tls_untrusted,
                    context_too_long, content_refused, key_file_open,
                    restart_limit, internal, version_conflict, key_conflict,
                    provider_unfunded, journal_failed, journal_damaged,
                    unknown_run, effect_unknown, approval_refused,
                    approval_expired, url_forbidden, tool_failed, runtime_ended,
                    quarantined, outdated_incarnation)

/// When the same request may be sent again with a chance of success.
enum class retry : std::uint8_t {
  now,   ///< At once, to another receiver or the same.
  later, ///< After a pause; the receiver may say how long.
  never, ///< Only after something has been changed.
};
BOOST_DESCRIBE_ENUM(retry, now, later, never)

/// Says when a request that failed with `code` may be sent again.
/// Blocking: never. Thread safety: any thread.
[[nodiscard]] retry retry_of(errc code) noexcept;

/// The code's name, as in files and on the wire: `budget_exhausted`.
/// "unknown" for a value that this version does not know.
[[nodiscard]] std::string_view to_string(errc code) noexcept;

/// One sentence for people: what happened, and the next step.
[[nodiscard]] std::string_view advice_for(errc code) noexcept;

} // namespace troupe::protocol
