#pragma once

#include <troupe/protocol/id.hpp>
#include <troupe/protocol/model.hpp>
#include <troupe/protocol/result.hpp>
#include <troupe/protocol/time.hpp>

#include <optional>
#include <string>

namespace troupe::actors {

/// What an answer is kept under: everything that can change it. The print is
/// quick to find and no proof; the bytes are compared as well.
struct answer_key {
  protocol::id print; ///< Of the bytes.
  std::string bytes;

  bool operator==(const answer_key&) const = default;
};

/// An answer as a provider gave it, with what it had cost.
struct kept_answer {
  protocol::model_reply reply;
  protocol::instant until; ///< Not given out any more from then on.

  bool operator==(const kept_answer&) const = default;
};

/// Where answers are kept beyond the process. Used by one thread at a time,
/// which it may block for as long as a disk takes. What it cannot do it tells;
/// no call fails for it.
class answer_store {
public:
  answer_store() = default;
  answer_store(const answer_store&) = delete;
  answer_store& operator=(const answer_store&) = delete;
  virtual ~answer_store() = default;

  /// The answer that is kept under `key`, if it may still be given out at
  /// `now`; nothing for one that cannot be read.
  [[nodiscard]] virtual protocol::result<std::optional<kept_answer>>
  find(const answer_key& key, protocol::instant now) = 0;

  /// Keeps an answer; others have to go when its bounds are reached.
  [[nodiscard]] virtual protocol::result<void> put(const answer_key& key,
                                                   const kept_answer& what,
                                                   protocol::instant now) = 0;
};

} // namespace troupe::actors
