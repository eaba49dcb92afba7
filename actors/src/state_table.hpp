#pragma once

#include "state_page.hpp"
#include "troupe/actors/state_limits.hpp"
#include "work_allowance.hpp"

#include <troupe/protocol/result.hpp>

#include <list>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace troupe::actors {

/// The bytes that a key and its value are counted with.
[[nodiscard]] std::size_t state_cost(std::string_view key,
                                     std::string_view value) noexcept;

/// The keys of a state store: present and past versions. Past versions serve
/// the history, and snapshots at an earlier revision: multi-version concurrency
/// control with a bounded undo log. Not thread-safe.
class state_table {
public:
  /// New keys start above `floor`, which is the revision before the first.
  state_table(const state_limits& limits, std::uint64_t floor)
      : limits_(limits), version_floor_(floor), undo_floor_(floor) {}

  struct version {
    std::uint64_t number = 0;
    std::uint64_t revision = 0;
    protocol::instant at{};
    protocol::state_change_kind kind{};
    std::string value{};
    protocol::taint content{};
    protocol::instant expires{};

    [[nodiscard]] bool exists() const noexcept;
  };

  struct place {
    const version* now = nullptr; ///< Null for a key that does not exist.
    std::uint64_t next = 0;       ///< The version that a write gives it.
  };
  [[nodiscard]] place find(std::string_view key) const;

  /// Errors: `limit_exceeded` if `commit` does not fit.
  [[nodiscard]] protocol::result<void>
  check_room(const protocol::state_commit& commit) const;
  void apply(const protocol::state_commit& commit);

  /// Told when nobody can ask any more for the state before `commit`: past
  /// versions of its keys beyond the history's bound go.
  void forget_before(const protocol::state_commit& commit);

  /// True when this revision, which is not a later one than the present, can
  /// be read.
  [[nodiscard]] bool can_show(std::uint64_t revision) const noexcept {
    return revision >= undo_floor_;
  }
  /// Reads on where the last step ended, until the allowance is spent. True
  /// when the page is complete.
  bool read(state_page& page, work_allowance& allowance) const;
  bool read(state_past& past, work_allowance& allowance) const;

  /// At most `count_max` keys whose time is up.
  [[nodiscard]] std::vector<std::string> due(protocol::instant now,
                                             std::size_t count_max) const;
  /// When the next key expires; epoch: never.
  [[nodiscard]] protocol::instant next_expiry() const;

  void count(state_figures& figures) const;

private:
  struct past_version {
    const std::string* key = nullptr;
    version it;
    std::uint64_t superseded = 0; ///< By which revision.
  };
  using past_list = std::list<past_version>; // bounded by history_bytes

  /// The past versions of one key, oldest first. A vector: most keys have few,
  /// and an empty deque takes half a kilobyte.
  class past_queue {
  public:
    void push(past_list::iterator it) { items_.push_back(it); }
    void pop();
    [[nodiscard]] std::size_t size() const { return items_.size() - first_; }
    [[nodiscard]] past_list::iterator oldest() const { return items_[first_]; }
    /// `age` 0 is the newest.
    [[nodiscard]] const past_version& newest(std::size_t age) const {
      return *items_[items_.size() - 1 - age];
    }

  private:
    std::vector<past_list::iterator> items_;
    std::size_t first_ = 0; ///< Those before it are gone.
  };

  struct slot {
    version now;
    past_queue past;
  };
  using slot_map = std::map<std::string, slot, std::less<>>;

  void apply(const protocol::state_change& change,
             const protocol::state_commit& commit);
  void retire(slot_map::iterator at, std::uint64_t revision);
  void drop_oldest_past(slot& of);
  void drop_oldest_deleted();
  void keep_bounds();
  [[nodiscard]] static std::size_t age_at(const slot& it,
                                          std::uint64_t revision);
  [[nodiscard]] static const version* version_of(const slot& it,
                                                 std::size_t age);

  state_limits limits_;
  slot_map slots_;
  past_list pasts_; ///< Of all keys, by `superseded`.
  /// Of keys that do not exist any more: by revision of the deletion.
  std::set<std::pair<std::uint64_t, std::string_view>> deleted_;
  std::set<std::pair<protocol::instant, std::string_view>> expiries_;
  std::uint64_t version_floor_; ///< No forgotten key had a higher version.
  std::uint64_t undo_floor_;    ///< Earlier states cannot be shown.
  std::size_t bytes_ = 0;
  std::size_t history_bytes_ = 0;
};

} // namespace troupe::actors
