#include "step.hpp"

#include <array>

namespace troupe::testing::sim {

namespace {

struct share {
  step_kind what;
  std::uint32_t permille;
};

/// How often each happens.
constexpr std::array shares{
    share{step_kind::start_run, 130},   share{step_kind::cancel_run, 20},
    share{step_kind::pause_run, 20},    share{step_kind::go_on, 30},
    share{step_kind::write_state, 190}, share{step_kind::write_both, 60},
    share{step_kind::read_state, 170},  share{step_kind::publish, 60},
    share{step_kind::broadcast, 20},    share{step_kind::look, 40},
    share{step_kind::pass_time, 54},    share{step_kind::rest, 4},
    share{step_kind::overload, 2},      share{step_kind::bad_models, 60},
    share{step_kind::bad_network, 30},  share{step_kind::cut_network, 10},
    share{step_kind::clog_network, 10}, share{step_kind::kill_actor, 30},
    share{step_kind::kill_role, 20},    share{step_kind::crash, 8},
    share{step_kind::power_cut, 8},     share{step_kind::disk_error, 6},
    share{step_kind::disk_full, 4},     share{step_kind::lost_sync, 4},
    share{step_kind::clock_leap, 6},    share{step_kind::clock_back, 4},
};

step_kind kind_of(dice& random) {
  auto at = static_cast<std::uint32_t>(random.below(1'000));
  for (const auto& it : shares) {
    if (at < it.permille)
      return it.what;
    at -= it.permille;
  }
  return step_kind::pass_time;
}

} // namespace

std::uint64_t mixed(std::uint64_t a, std::uint64_t b) noexcept {
  dice random{a * 0x9E3779B97F4A7C15ULL ^ (b + 0xD1B54A32D192ED03ULL)};
  return random.next();
}

step step_of(std::uint64_t seed, std::uint32_t number,
             const std::set<step_kind>& only) {
  dice random{mixed(seed, number)};
  step it;
  it.what = kind_of(random);
  it.seed = random.next();
  const auto ms = random.below(4) == 0 ? random.below(4'000) : random.below(60);
  it.after = std::chrono::milliseconds{ms};
  if (is_fault(it.what) && !only.empty() && only.count(it.what) == 0)
    it.what = step_kind::pass_time;
  return it;
}

std::string to_text(const step& it) {
  const auto ms =
      std::chrono::duration_cast<std::chrono::milliseconds>(it.after).count();
  return std::string{protocol::enum_name(it.what)} + ", then "
         + std::to_string(ms) + " ms";
}

} // namespace troupe::testing::sim
