// The part of the agents' desk for those that leave.
#include "agent_desk.hpp"
#include "base64.hpp"
#include "engine/ask_actor.hpp"
#include "engine/engine_access.hpp"
#include "guarded.hpp"

#include <troupe/actors/log.hpp>

namespace troupe::cluster {

using protocol::errc;
using protocol::fail;
using protocol::result;

namespace {

constexpr std::chrono::seconds word_patience{20};
/// Until a node that does not say whether it serves an agent counts as lost.
constexpr std::chrono::seconds doubt_patience{3};
constexpr std::chrono::milliseconds doubt_pace{100};
constexpr std::chrono::seconds found_patience{5};
constexpr std::chrono::milliseconds found_pace{20};
/// Of a snapshot, in one frame: others, as signs of life, come in between.
constexpr std::size_t part_bytes = std::size_t{256} << 10U;
/// A run that has begun before an agent moved may still ask where it was.
constexpr std::chrono::hours gone_for{1};
constexpr std::size_t gone_max = 10'000;
/// By then all nodes know where it is.
constexpr std::chrono::seconds told_for{30};

} // namespace

result<void> agent_desk::move_own(const std::string& name,
                                  const std::string& to) {
  {
    const std::lock_guard lock{mutex_};
    if (const auto open = doubts_.find(name); open != doubts_.end())
      return fail(errc::unreachable,
                  "it is not known yet whether it moved to '" + open->second.to
                      + "'; try again when that node is back");
  }
  const auto there = peers_.reach(to); // before anything is held up
  if (!there)
    return there.error();
  const auto held = take_hold(name);
  if (!held)
    return held.error();
  const auto move = engine_access::next_id(*engine_);
  const auto moved = [&]() -> result<void> {
    if (auto ready = send_along(name, *held, to, move); !ready) {
      (void)peers_.ask(to, drop_taken{move}, std::chrono::milliseconds{200});
      return ready;
    }
    return hand_over(name, to, move);
  }();
  if (!moved) {
    let_go(name, stay::serves);
    actors::log(actors::log_level::warn, "cluster", "agent.not_moved",
                "agent=" + name + " to=" + to + " why=" + moved.error().detail);
    return moved;
  }
  depart(name, to);
  return {};
}

/// Keeps new tasks back until those under way have ended, then asks for what it
/// knows.
result<std::string> agent_desk::make_ready(const resident& it) {
  caf::anon_send(it.gate, set_gate{gate_state::holds, {}, {}});
  const auto idle = actors::ask_waiting<gate_idle>(
      engine_->system(), it.gate, config_.move_max, "the node ends",
      await_idle{});
  if (!idle)
    return idle.error().code == errc::deadline_exceeded
               ? fail(errc::deadline_exceeded,
                      "its tasks have not ended in time; it stays")
               : idle.error();
  auto snapshot =
      it.save ? guarded(it.save) : result<std::string>{std::string{}};
  if (snapshot && snapshot->size() > snapshot_bytes_max)
    return fail(errc::limit_exceeded,
                "what it knows has more than 16 MiB; it stays");
  return snapshot;
}

/// All of it, until only the last word is missing.
result<void> agent_desk::send_along(const std::string& name, const resident& it,
                                    const std::string& to, protocol::id move) {
  const auto snapshot = make_ready(it);
  if (!snapshot)
    return snapshot.error();
  std::uint64_t life = 0;
  {
    const std::lock_guard lock{mutex_};
    life = lives_[name];
  }
  take_agent offer{move, it.what, life, snapshot->size(),
                   static_cast<bool>(it.save)};
  if (auto taken = peers_.have_done(to, std::move(offer), word_patience);
      !taken)
    return taken;
  const auto size = std::min(part_bytes, config_.message_bytes_max / 4);
  for (std::size_t at = 0; at < snapshot->size(); at += size) {
    take_part part{
        move, at,
        protocol::to_base64(std::string_view{*snapshot}.substr(at, size))};
    if (auto taken = peers_.have_done(to, std::move(part), word_patience);
        !taken)
      return taken;
  }
  return {};
}

/// The last word. Who does not hear what became of it asks, as long as it can
/// be known; a node that is lost does not serve anybody who hears of it.
result<void> agent_desk::hand_over(const std::string& name,
                                   const std::string& to, protocol::id move) {
  const auto answer = peers_.ask(to, serve_taken{move}, word_patience);
  if (answer)
    return {};
  const auto code = answer.error().code;
  if (code != errc::deadline_exceeded && code != errc::unreachable)
    return answer.error();
  const auto end = std::chrono::steady_clock::now() + doubt_patience;
  while (std::chrono::steady_clock::now() < end && peers_.pause(doubt_pace)) {
    if (const auto served = is_served(to, move))
      return *served ? result<void>{}
                     : fail(errc::unreachable,
                            "node '" + to + "' has lost it on its way");
  }
  const std::lock_guard lock{mutex_};
  if (doubts_.size() < gone_max)
    doubts_[name] = {move, to};
  return fail(errc::unreachable,
              "node '" + to
                  + "' was lost in the last step; the agent goes on here, "
                    "unless that node comes back with it");
}

result<bool> agent_desk::is_served(const std::string& to, protocol::id move) {
  const auto answer = peers_.ask(to, ask_taken{move}, std::chrono::seconds{2});
  if (!answer)
    return answer.error();
  const auto* it = std::get_if<taken_told>(&*answer);
  return it != nullptr && it->is_served;
}

/// From here on its tasks are handed on.
void agent_desk::depart(const std::string& name, const std::string& to) {
  const auto there = peers_.link_to(to);
  {
    const std::lock_guard lock{mutex_};
    const auto found = here_.find(name);
    if (found == here_.end())
      return;
    caf::anon_send(
        found->second.gate,
        set_gate{gate_state::hands_on, there ? there->link : link_actor{}, {}});
    here_.erase(found);
    gone_[name] = std::chrono::steady_clock::now();
  }
  // Until it is found there, it is found here.
  const auto end = std::chrono::steady_clock::now() + found_patience;
  while (!engine_->books().stand_ins->find(name)
         && std::chrono::steady_clock::now() < end
         && peers_.pause(found_pace)) {
  }
  (void)engine_access::stop_agent(*engine_, name);
  actors::log(actors::log_level::info, "cluster", "agent.moved",
              "agent=" + name + " to=" + to);
}

/// A node that was lost in the last step of a move has come back.
void agent_desk::settle_doubts() {
  std::map<std::string, doubt> open;
  {
    const std::lock_guard lock{mutex_};
    open = doubts_;
  }
  for (const auto& [name, it] : open) {
    const auto served = is_served(it.to, it.move);
    if (!served)
      continue;
    if (!*served)
      (void)end_doubt(name, it.move);
    else // where there is no room for it now: at the next look
      (void)errands_.add_long(
          [this, agent = name, of = it] { yield_to(agent, of); });
  }
}

/// False: another has ended it before.
bool agent_desk::end_doubt(const std::string& name, protocol::id move) {
  const std::lock_guard lock{mutex_};
  const auto found = doubts_.find(name);
  if (found == doubts_.end() || found->second.move != move)
    return false;
  doubts_.erase(found);
  return true;
}

/// The other has the later life, and stays. The doubt is there until nobody
/// else can change the agent.
void agent_desk::yield_to(const std::string& name, const doubt& of) {
  const auto held = take_hold(name);
  if (!held) {
    if (held.error().code == errc::unknown_agent) // it is gone here
      (void)end_doubt(name, of.move);
    return;
  }
  if (!end_doubt(name, of.move))
    return let_go(name, stay::serves);
  (void)make_ready(*held);
  depart(name, of.to);
}

/// Lets go of what nobody comes back to.
void agent_desk::look_around() {
  const auto now = std::chrono::steady_clock::now();
  const bool is_quiet = engine_access::open_runs(*engine_) == 0;
  std::vector<protocol::id> lost;
  {
    const std::lock_guard lock{mutex_};
    std::erase_if(gone_, [&](const auto& it) {
      const auto since = now - it.second;
      if (since < told_for
          || (!is_quiet && since < gone_for && gone_.size() < gone_max))
        return false;
      const auto gate = gates_.find(it.first);
      if (gate == gates_.end())
        return true; // the node ends
      caf::anon_send(gate->second,
                     set_gate{gate_state::ended,
                              {},
                              fail(errc::unknown_agent, "it has moved away")});
      gates_.erase(gate);
      return true;
    });
    for (const auto& [move, it] : arrivals_)
      if (now - it.heard > std::chrono::minutes{1})
        lost.push_back(move);
  }
  for (const auto& move : lost)
    drop(move, "its old node has said nothing more");
}

} // namespace troupe::cluster
