#pragma once

#include "troupe/testing/dice.hpp"

#include <troupe/protocol/describe.hpp>
#include <troupe/protocol/time.hpp>

#include <boost/describe/enum.hpp>

#include <cstdint>
#include <set>
#include <string>

namespace troupe::testing::sim {

/// What happens in a simulation: what clients do, then what goes wrong.
enum class step_kind : std::uint8_t {
  start_run,
  cancel_run,
  pause_run,
  go_on,
  write_state,
  write_both, ///< Two keys of the state in one transaction.
  read_state,
  publish,
  broadcast,
  look, ///< At accounts.
  pass_time,
  rest,         ///< All goes well until nothing is open any more.
  overload,     ///< For a while clients want ten times what can be done.
  bad_models,   ///< For a while calls fail, hang, or report what is not so.
  bad_network,  ///< For a while messages to and from models go astray.
  cut_network,  ///< One way, for a while.
  clog_network, ///< A swizzle-clog.
  kill_actor,   ///< Any of those below the supervisors.
  kill_role,    ///< Any of the runtime's own.
  crash,        ///< The process ends in the midst of what it does.
  power_cut,    ///< The machine does.
  disk_error,   ///< EIO, once.
  disk_full,    ///< ENOSPC, for some writes.
  lost_sync,    ///< A sync fails, and what it was to keep is gone.
  clock_leap,   ///< The machine slept: all clocks are ahead at once.
  clock_back,   ///< The next process finds the time to be earlier.
};
BOOST_DESCRIBE_ENUM(step_kind, start_run, cancel_run, pause_run, go_on,
                    write_state, write_both, read_state, publish, broadcast,
                    look, pass_time, rest, overload, bad_models, bad_network,
                    cut_network, clog_network, kill_actor, kill_role, crash,
                    power_cut, disk_error, disk_full, lost_sync, clock_leap,
                    clock_back)

[[nodiscard]] constexpr bool is_fault(step_kind it) noexcept {
  return it >= step_kind::overload;
}

/// One thing that happens, and how much time passes behind it.
struct step {
  step_kind what = step_kind::pass_time;
  std::uint64_t seed = 0; ///< Of its details.
  protocol::duration after{};
};

/// The step of that number of the script of a seed: the same whatever others
/// are left out. Faults that are not among `only` are moments of rest; empty:
/// all faults.
[[nodiscard]] step step_of(std::uint64_t seed, std::uint32_t number,
                           const std::set<step_kind>& only);

/// `kill_role, then 350 ms`
[[nodiscard]] std::string to_text(const step& it);

/// Mixes two numbers into a seed.
[[nodiscard]] std::uint64_t mixed(std::uint64_t a, std::uint64_t b) noexcept;

} // namespace troupe::testing::sim
