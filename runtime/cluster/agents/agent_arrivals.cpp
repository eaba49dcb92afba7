// The part of the agents' desk for those that come.
#include "agent_desk.hpp"
#include "base64.hpp"
#include "engine/engine_access.hpp"

#include <troupe/actors/log.hpp>
#include <troupe/protocol/mission_check.hpp>

namespace troupe::cluster {

using protocol::errc;
using protocol::fail;
using protocol::result;

namespace {

constexpr std::size_t arrivals_max = 4;
constexpr std::size_t served_max = 10'000;
/// Of numbers of lives, above which none comes: later lives need some.
constexpr std::uint64_t last_life = UINT64_MAX - 1'000;

protocol::error no_such_move() {
  return fail(errc::invalid_request, "there is no such move");
}

} // namespace

/// Before anything of it is kept.
result<void> agent_desk::check_offer(const take_agent& what) {
  const auto& order = what.what;
  if (!protocol::is_name(order.spec.card.name))
    return fail(errc::invalid_request,
                "an agent's name is 1 to 64 letters, digits, '-', '_', '.'");
  if (what.incarnation >= last_life)
    return fail(errc::invalid_request, "no agent has had so many lives");
  if (auto problems = problems_of(order); !problems.empty())
    return fail(errc::invalid_request, std::move(problems));
  const std::lock_guard lock{mutex_};
  if (!order.kind.empty() && kinds_.count(order.kind) == 0)
    return fail(errc::invalid_request, "the program of node '" + config_.node
                                           + "' knows no agents of that kind");
  return {};
}

agent_desk::told agent_desk::take(const std::string& peer,
                                  const take_agent& what) {
  if (auto good = check_offer(what); !good)
    return good.error();
  if (what.bytes > snapshot_bytes_max
      || (!what.has_snapshot && what.bytes != 0))
    return fail(errc::limit_exceeded, "a snapshot has at most 16 MiB");
  {
    const std::lock_guard lock{mutex_};
    if (arrivals_.count(what.move) != 0 || served_.count(what.move) != 0)
      return fail(errc::invalid_request, "a move of that id is under way");
    if (arrivals_.size() >= arrivals_max)
      return fail(errc::overloaded,
                  "node '" + config_.node + "' takes as many agents as it may");
    arrivals_[what.move] = {
        peer, what, {}, false, std::chrono::steady_clock::now()};
  }
  return what.bytes == 0 ? settle_in(what.move) : told{agent_done{}};
}

agent_desk::told agent_desk::take(const std::string& peer,
                                  const take_part& what) {
  const auto bytes = protocol::from_base64(what.base64);
  bool is_whole = false;
  bool is_bad = false;
  {
    const std::lock_guard lock{mutex_};
    const auto found = arrivals_.find(what.move);
    if (found == arrivals_.end() || found->second.from != peer
        || found->second.is_ready)
      return no_such_move();
    auto& it = found->second;
    is_bad = !bytes || bytes->empty() || what.offset != it.bytes.size()
             || bytes->size() > it.what.bytes - it.bytes.size();
    if (!is_bad) {
      it.bytes += *bytes;
      it.heard = std::chrono::steady_clock::now();
      is_whole = it.bytes.size() == it.what.bytes;
    }
  }
  if (is_bad) {
    drop(what.move, "a part of its snapshot is not what was told");
    return fail(errc::malformed_message,
                "a part of the snapshot is not what was told");
  }
  return is_whole ? settle_in(what.move) : told{agent_done{}};
}

/// All has come: it is started, but kept from its tasks.
agent_desk::told agent_desk::settle_in(const protocol::id& move) {
  take_agent what;
  std::optional<std::string> snapshot;
  bool is_new = false;
  {
    const std::lock_guard lock{mutex_};
    auto& it = arrivals_.at(move);
    what = it.what;
    if (what.has_snapshot)
      snapshot = std::move(it.bytes);
    auto& last = lives_[what.what.spec.card.name];
    is_new = last == 0;
    last = std::max(last, what.incarnation);
  }
  const auto started = start_own(what.what, snapshot, stay::held);
  const std::lock_guard lock{mutex_};
  if (!started) {
    arrivals_.erase(move);
    const auto& name = what.what.spec.card.name;
    if (is_new && gates_.count(name) == 0)
      lives_.erase(name);
    return started.error();
  }
  arrivals_.at(move).is_ready = true;
  return agent_done{};
}

agent_desk::told agent_desk::take(const std::string& peer,
                                  const serve_taken& what) {
  std::string name;
  {
    const std::lock_guard lock{mutex_};
    if (served_.count(what.move) != 0)
      return agent_done{};
    const auto found = arrivals_.find(what.move);
    if (found == arrivals_.end() || found->second.from != peer
        || !found->second.is_ready)
      return no_such_move();
    name = found->second.what.what.spec.card.name;
    arrivals_.erase(found);
    if (served_.size() >= served_max)
      served_.erase(served_.begin()); // ids are ordered by time
    served_.insert(what.move);
  }
  let_go(name, stay::serves);
  actors::log(actors::log_level::info, "cluster", "agent.arrived",
              "agent=" + name + " from=" + peer);
  return agent_done{};
}

agent_desk::told agent_desk::take(const std::string& peer,
                                  const drop_taken& what) {
  {
    const std::lock_guard lock{mutex_};
    const auto found = arrivals_.find(what.move);
    if (found == arrivals_.end() || found->second.from != peer)
      return no_such_move();
  }
  drop(what.move, "its old node keeps it");
  return agent_done{};
}

agent_desk::told agent_desk::take(const std::string&, const ask_taken& what) {
  const std::lock_guard lock{mutex_};
  return taken_told{served_.count(what.move) != 0};
}

void agent_desk::drop(const protocol::id& move, const std::string& why) {
  std::string name;
  bool was_started = false;
  {
    const std::lock_guard lock{mutex_};
    const auto found = arrivals_.find(move);
    if (found == arrivals_.end())
      return;
    name = found->second.what.what.spec.card.name;
    was_started = found->second.is_ready;
    arrivals_.erase(found);
  }
  if (!was_started)
    return;
  forget(name, fail(errc::unknown_agent, "it did not come: " + why));
  (void)engine_access::stop_agent(*engine_, name);
  actors::log(actors::log_level::info, "cluster", "agent.not_arrived",
              "agent=" + name + " why=" + why);
}

} // namespace troupe::cluster
