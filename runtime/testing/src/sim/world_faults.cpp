// The part of the world that does harm.
#include "engine/engine.hpp"
#include "world.hpp"

#include <caf/all.hpp>
#include <caf/scheduler/test_coordinator.hpp>

#include <algorithm>
#include <array>

namespace troupe::testing::sim {

using namespace std::chrono_literals;

namespace {

protocol::duration up_to(dice& random, std::uint32_t ms) {
  return std::chrono::milliseconds{1 + random.below(ms)};
}

link_weather bad_weather(dice& random) {
  link_weather it;
  it.drop_permille = static_cast<std::uint32_t>(random.below(200));
  it.duplicate_permille = static_cast<std::uint32_t>(random.below(300));
  it.reorder_permille = static_cast<std::uint32_t>(random.below(300));
  it.delay_max = up_to(random, 1'500);
  return it;
}

} // namespace

void world::calm_down() {
  net_->set_weather({});
  net_->heal_all();
  bad_network_until_ = protocol::instant::max();
}

/// From now on all goes well.
void world::calm_all() {
  models_.heal();
  calm_down();
  disk_.heal();
  aim_.reset();
}

void world::harm(const step& it, dice& random) {
  switch (it.what) {
  case step_kind::overload:
    fault("overload");
    return overload(random);
  case step_kind::bad_models:
    return models_.make_bad(it.seed, engine().now() + up_to(random, 15'000));
  case step_kind::bad_network:
    net_->set_weather(bad_weather(random));
    bad_network_until_ = engine().now() + up_to(random, 10'000);
    return;
  case step_kind::cut_network:
    if (random.coin())
      net_->cut("here", "there");
    else
      net_->cut("there", "here");
    bad_network_until_ = engine().now() + up_to(random, 5'000);
    return fault("net_one_way");
  case step_kind::clog_network:
    net_->swizzle_clog({"here", "there"}, engine().now(), up_to(random, 5'000));
    return fault("net_swizzle_clog");
  case step_kind::kill_actor:
    return kill_any(false, random);
  case step_kind::kill_role:
    return kill_any(true, random);
  case step_kind::crash:
  case step_kind::power_cut:
  case step_kind::clock_back:
    fault(std::string{protocol::enum_name(it.what)});
    if (random.coin())
      take_aim(random);
    else
      turns_left_ = 1 + random.below(300);
    advance(up_to(random, 3'000));
    turns_left_ = 0;
    die(it.what == step_kind::power_cut);
    if (it.what == step_kind::clock_back)
      now_ -= up_to(random, 60'000);
    return go_on_anew();
  case step_kind::clock_leap:
    fault("clock_leap");
    return leap(up_to(random, 120'000));
  default:
    return harm_disk(it.what, random);
  }
}

/// As when the machine has slept: nobody ran meanwhile.
void world::leap(protocol::duration by) {
  dynamic_cast<caf::scheduler::test_coordinator&>(engine().system().scheduler())
      .clock()
      .current_time += by;
}

void world::harm_disk(step_kind how, dice& random) {
  const auto kind = how == step_kind::disk_error  ? disk_fault::io_error
                    : how == step_kind::disk_full ? disk_fault::full
                                                  : disk_fault::lost_sync;
  fault(std::string{protocol::enum_name(how)});
  disk_.fail_at(1 + random.below(12), kind, kind == disk_fault::lost_sync);
}

void world::kill_any(bool is_role, dice& random) {
  std::vector<actors::child_state> living;
  for (auto& it : all_children()) {
    const bool is_agent = it.id == "hand" || it.id == "clerk"
                          || it.id == "writer" || it.id == "porter";
    if (it.handle && is_agent != is_role)
      living.push_back(std::move(it));
  }
  if (living.empty())
    return;
  const auto chosen = living[random.below(living.size())];
  if (random.below(4) == 0) {
    take_aim(random);
    aim_->name = chosen.id;
    aim_->victim = chosen.handle;
    return;
  }
  kill(chosen.id, chosen.handle);
  // Its next life, and those behind it, up to where a supervisor gives up.
  for (auto more = random.below(4) == 0 ? 1 + random.below(4) : 0; more > 0;
       --more) {
    advance(up_to(random, 100));
    const auto all = all_children();
    const auto again =
        std::find_if(all.begin(), all.end(), [&](const auto& it) {
          return it.id == chosen.id && it.handle;
        });
    if (again == all.end())
      return;
    kill(again->id, again->handle);
  }
}

void world::kill(const std::string& id, const caf::actor& victim) {
  fault("kill_" + id);
  caf::anon_send_exit(victim, caf::exit_reason::kill);
}

void world::take_aim(dice& random) {
  static constexpr std::array behind{
      fact_kind::model_asked, fact_kind::model_billed, fact_kind::effect_done};
  aimed_fault it;
  it.behind = behind[random.below(behind.size())];
  it.turns = 1 + random.below(4);
  aim_ = std::move(it);
}

void world::strike(const fact& seen) {
  if (!aim_ || aim_->behind != seen.what)
    return;
  const auto it = *std::exchange(aim_, std::nullopt);
  if (it.victim)
    kill(it.name, it.victim);
  else
    turns_left_ = it.turns;
}

} // namespace troupe::testing::sim
