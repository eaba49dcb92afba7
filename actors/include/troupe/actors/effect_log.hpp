#pragma once

#include <troupe/protocol/chat.hpp>
#include <troupe/protocol/id.hpp>
#include <troupe/protocol/result.hpp>

#include <optional>
#include <string>

namespace troupe::actors {

/// A tool is about to be called for a run. What it is called for decides its
/// key: the same call of the same step has the same, in each attempt and in
/// each process.
struct begin_effect {
  protocol::id run;
  std::string step; ///< Task and agent.
  std::string tool;
  std::string arguments;    ///< JSON text; equal but for spaces and order.
  std::uint32_t number = 1; ///< Of calls that are equal, in one attempt.
  /// The tool does no harm when it is called again with the same key.
  bool is_idempotent = false;
};

/// Answers `begin_effect`: it is kept that the tool is called.
struct effect_begun {
  std::string key; ///< 64 letters and digits, for the tool.
  /// What it gave before: it is not called again. Null: it is to be called.
  std::optional<protocol::tool_result> done;
};

/// What a tool gave; a refusal of its own too.
struct end_effect {
  protocol::id run;
  std::string key;
  protocol::tool_result outcome;
};

/// Answers `end_effect`.
struct effect_ended {};

/// Where effects are kept for good, as `journal_log`.
class effect_log {
public:
  effect_log() = default;
  effect_log(const effect_log&) = delete;
  effect_log& operator=(const effect_log&) = delete;
  virtual ~effect_log() = default;

  /// It is on the disk when this returns. Errors: `effect_unknown` when it was
  /// begun before and nobody knows how that ended, unless it is idempotent;
  /// `journal_failed`, `journal_damaged`.
  [[nodiscard]] virtual protocol::result<effect_begun>
  begin(const begin_effect& what) = 0;

  /// Errors: `journal_failed`, `journal_damaged`; `invalid_request` for one
  /// that was not begun.
  [[nodiscard]] virtual protocol::result<void> end(const end_effect& what) = 0;
};

} // namespace troupe::actors
