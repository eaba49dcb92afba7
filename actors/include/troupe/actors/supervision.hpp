#pragma once

#include <boost/describe/enum.hpp>

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace troupe::actors {

/// What a child's death means for the others (Erlang/OTP's supervisor).
enum class restart_strategy {
  one_for_one,  ///< Only the dead child is started again.
  one_for_all,  ///< All others are stopped, then all are started.
  rest_for_one, ///< Those started after it are stopped and started with it.
  /// As `one_for_one`, for many children that come and go: none at the start,
  /// one that has ended for good is forgotten, and all are stopped at once.
  dynamic,
};
BOOST_DESCRIBE_ENUM(restart_strategy, one_for_one, one_for_all, rest_for_one,
                    dynamic)

/// Which deaths a child is started again after.
enum class restart_type {
  permanent, ///< All.
  transient, ///< Abnormal ones.
  temporary, ///< None; forgotten when it has ended.
};
BOOST_DESCRIBE_ENUM(restart_type, permanent, transient, temporary)

/// Whether a supervisor ends when significant children have ended by
/// themselves and are not started again.
enum class auto_shutdown {
  never,
  any_significant, ///< With the first of them.
  all_significant, ///< With the last of them.
};

enum class child_kind { worker, supervisor };
BOOST_DESCRIBE_ENUM(child_kind, worker, supervisor)

enum class child_phase {
  idle, ///< It does not live, and is not on its way.
  starting,
  running,
  stopping,
  restarting, ///< Its start failed or is put off; it is tried later.
};
BOOST_DESCRIBE_ENUM(child_phase, idle, starting, running, stopping, restarting)

/// As a stop limit: killed at once, without being told before.
constexpr std::chrono::milliseconds brutal_kill{0};

/// As a stop limit: for supervisors, whose children have limits themselves.
constexpr auto no_stop_limit = std::chrono::milliseconds::max();

/// The pause before a child is started again: any length between nothing and a
/// limit that doubles with each restart, until the child has lived for a
/// period. Pauses do not make room for more restarts: the period of the
/// intensity stands still meanwhile.
struct restart_backoff {
  std::chrono::milliseconds base{0};     ///< The first limit; 0: no pauses.
  std::chrono::milliseconds cap{30'000}; ///< The highest.
};

/// How a child is treated; what starts it is known elsewhere.
struct child_rule {
  std::string id; ///< Not empty; one of a kind under a supervisor.
  restart_type restart = restart_type::permanent;
  /// How long it may take to stop before it is killed; not negative.
  std::chrono::milliseconds shutdown{5'000};
  child_kind kind = child_kind::worker;
  bool is_significant = false; ///< Not for permanent children.
  /// For whoever starts it; kept as long as the child is.
  std::shared_ptr<const void> payload{};
};

/// How a supervisor treats its children.
struct supervision {
  restart_strategy strategy = restart_strategy::one_for_one;
  std::uint32_t intensity = 3; ///< Restarts allowed within `period`.
  std::chrono::milliseconds period{5'000}; ///< Positive.
  auto_shutdown ends = auto_shutdown::never;
  restart_backoff backoff{};
};

/// The highest intensity: the times of so many restarts are remembered.
constexpr std::uint32_t intensity_max = 100'000;

/// All that is wrong with it, a sentence each; empty: nothing.
[[nodiscard]] std::vector<std::string> problems_in(const supervision& how);
[[nodiscard]] std::vector<std::string> problems_in(const child_rule& child,
                                                   auto_shutdown ends);
[[nodiscard]] std::vector<std::string>
problems_in(const supervision& how, const std::vector<child_rule>& children);

} // namespace troupe::actors
