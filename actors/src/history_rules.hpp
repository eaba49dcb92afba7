#pragma once

#include "piece_store.hpp"
#include "redactor.hpp"
#include "troupe/actors/history_limits.hpp"

#include <troupe/protocol/history.hpp>
#include <troupe/protocol/message_variant.hpp>

#include <deque>
#include <unordered_map>

namespace troupe::actors {

/// What the history keeps and finds: a ring of messages, oldest given up
/// first. Secrets are gone before anything is kept. Not thread-safe.
class history_rules {
public:
  explicit history_rules(const history_limits& limits = {},
                         const redaction_config& hide = {});
  history_rules(const history_rules&) = delete;
  history_rules& operator=(const history_rules&) = delete;

  /// Keeps a message that was taken at `at`. False, and it is only counted,
  /// when its body is too large.
  bool add(const protocol::any_message& message, protocol::instant at);

  /// Errors: `invalid_request`. `now` decides what has become too old.
  [[nodiscard]] protocol::result<protocol::messages_found>
  find(const protocol::find_messages& ask, protocol::instant now);

  [[nodiscard]] history_figures figures() const noexcept;

private:
  struct entry {
    protocol::instant at;
    protocol::message_kind kind{};
    std::string_view type;
    protocol::header head;
    piece_store::text_in_pieces body;
    std::size_t bytes = 0;  ///< But for the body's pieces.
    std::uint64_t next = 0; ///< Of the same conversation; 0: none.
  };
  /// Of one conversation: the ends of a chain through the ring.
  struct chain {
    std::uint64_t first = 0;
    std::uint64_t last = 0;
  };

  [[nodiscard]] bool is_kept(std::uint64_t sequence) const noexcept {
    return sequence >= first_ && sequence - first_ < entries_.size();
  }
  [[nodiscard]] const entry& at(std::uint64_t sequence) const {
    return entries_[sequence - first_];
  }
  [[nodiscard]] std::size_t bytes() const noexcept {
    return bytes_ + pieces_.bytes();
  }
  void keep(entry it);
  void hide(protocol::header& head) const;
  void give_up_oldest();
  void give_up_before(protocol::instant when);
  [[nodiscard]] std::uint64_t
  first_candidate(const protocol::find_messages& ask) const;
  [[nodiscard]] std::uint64_t following(const protocol::find_messages& ask,
                                        std::uint64_t sequence) const;

  history_limits limits_;
  redactor redactor_;
  piece_store pieces_;
  std::deque<entry> entries_; ///< Bounded by entries_max.
  std::uint64_t first_ = 1;   ///< The sequence of the first entry.
  std::size_t bytes_ = 0;     ///< Of the entries.
  std::unordered_map<protocol::id, chain> conversations_;
  std::uint64_t too_large_ = 0;
};

} // namespace troupe::actors
