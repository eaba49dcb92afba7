#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <limits>
#include <map>
#include <mutex>
#include <string>
#include <vector>

/// What clients of a cluster, and the world that it acts on, have seen: the
/// input of `check_history`. It says nothing of what nodes believe.
namespace troupe::test {

/// Since the test began, on one clock that never goes back: the test's own.
using history_time = std::chrono::nanoseconds;

inline constexpr history_time never = history_time::max();

enum class op_kind : std::uint8_t {
  write,  ///< Of a key; removing it is writing, too.
  read,   ///< Of a key.
  effect, ///< Something is to be done in the world, once for its key.
};

enum class op_end : std::uint8_t {
  ok,      ///< It was acknowledged.
  failed,  ///< It was refused: it did not happen and never will.
  unknown, ///< No answer, or one that says so: it may happen yet.
};

/// A request of a client and what came of it.
struct client_op {
  op_kind kind = op_kind::write;
  std::string client; ///< Who waits for each answer before it asks again.
  std::string node;   ///< Who was asked.
  std::string key;
  /// Written or read; empty: absent. Each write of a test has one of its own.
  std::string value;
  /// With `ok`, of reads and writes: the first write of a key makes 1; 0:
  /// absent.
  std::uint64_t version = 0;
  /// A read that has to see what was acknowledged before it.
  bool is_strong = true;
  history_time invoked{};
  history_time returned = never;
  op_end end = op_end::unknown;
};

/// Something that was done, as those saw it to whom it was done.
struct seen_effect {
  history_time at{};
  std::string key;
  std::string node; ///< Who did it.
};

/// Money that was taken, as the one saw it who took it.
struct seen_bill {
  history_time at{};
  std::string account; ///< As `tenant/run`: it counts for `tenant` as well.
  std::int64_t amount = 0;
};

/// A node that serves as the only one of its kind: from its first act to its
/// last, or to the moment when it was killed.
struct seen_tenure {
  std::string singleton;
  std::string node;
  std::uint64_t token = 0; ///< The fencing token that it had.
  history_time from{};
  history_time until = never; ///< Not included.
};

struct history {
  std::vector<client_op> ops; ///< In the order of their invocation.
  std::vector<seen_effect> effects;
  std::vector<seen_bill> bills;
  std::map<std::string, std::int64_t> limits; ///< By account.
  std::vector<seen_tenure> tenures;
};

/// All that was seen, a line each in the order of its times, for a test that
/// fails.
[[nodiscard]] std::string to_lines(const history& seen);

/// Takes down a history. Thread safety: any thread.
class history_recorder {
public:
  /// `clock` may be called by several threads.
  explicit history_recorder(std::function<history_time()> clock);

  /// A request goes out; its times and its end are filled in here. The number
  /// is for `end`; whoever never calls that leaves it unknown.
  [[nodiscard]] std::size_t begin(client_op op);
  /// `value` and `version` count with `ok`; of a write the value stays.
  void end(std::size_t op, op_end how, std::uint64_t version = 0,
           const std::string& value = {});
  void effect(const std::string& key, const std::string& node);
  void bill(const std::string& account, std::int64_t amount);
  void limit(const std::string& account, std::int64_t amount);
  [[nodiscard]] std::size_t begin_tenure(const std::string& singleton,
                                         const std::string& node,
                                         std::uint64_t token);
  void end_tenure(std::size_t tenure);

  [[nodiscard]] history taken() const;

private:
  std::function<history_time()> clock_;
  mutable std::mutex mutex_;
  history taken_;
};

} // namespace troupe::test
