#include "troupe/actors/supervisor.hpp"

#include "deadline_table.hpp"
#include "supervisor_rules.hpp"
#include "troupe/actors/actor_base.hpp"
#include "troupe/actors/log.hpp"

#include <caf/all.hpp>

#include <algorithm>
#include <deque>
#include <unordered_map>

namespace troupe::actors {

using protocol::errc;
using protocol::fail;

namespace {

using supervisor_impl = supervisor_actor::extend<caf::reacts_to<deadline_tick>>;

struct child {
  child_spec spec;
  caf::actor handle{};
  std::uint32_t restarts = 0;
  bool is_stopping = false;
  bool waits_to_stop = false;
  bool waits_to_start = false;
};

bool is_normal(const caf::error& reason) {
  return !reason || reason == caf::exit_reason::normal
         || reason == caf::exit_reason::user_shutdown;
}

class supervisor : public actor_base<supervisor_impl> {
public:
  supervisor(caf::actor_config& cfg, supervisor_config config)
      : actor_base(cfg, wall_clock{}), name_(std::move(config.name)),
        rules_(config.strategy, config.intensity, config.period) {
    set_down_handler([this](const caf::down_msg& msg) { child_down(msg); });
    set_exit_handler(
        [this](const caf::exit_msg& msg) { stop_all(msg.reason); });
    for (auto& spec : config.children) {
      by_id_.emplace(spec.id, children_.size());
      children_.push_back({std::move(spec)});
    }
  }

  const char* name() const override { return name_.c_str(); }

  behavior_type make_behavior() override {
    for (std::size_t i = 0; i < children_.size(); ++i)
      start_later(i);
    go_on();
    return {
        [this](start_child& msg) { return add(std::move(msg.spec)); },
        [this](const list_children&) { return list(); },
        [this](const deadline_tick& tick) { table_.on_tick(this, tick); },
    };
  }

  void on_exit() override {
    table_.close();
    for (const auto& it : children_)
      if (it.handle) // only when a fault ended the supervisor itself
        send_exit(it.handle, caf::exit_reason::kill);
  }

private:
  child_started add(child_spec spec) {
    if (is_ending_)
      return {};
    const auto [known, is_new] = by_id_.emplace(spec.id, children_.size());
    if (is_new) {
      children_.push_back({std::move(spec)});
    } else {
      children_[known->second].spec = std::move(spec);
      stop_later(known->second);
    }
    start_later(known->second);
    go_on();
    return {};
  }

  children_listed list() const {
    children_listed answer;
    for (const auto& it : children_)
      answer.children.push_back(
          {it.spec.id, static_cast<bool>(it.handle), it.restarts});
    return answer;
  }

  void child_down(const caf::down_msg& msg) {
    const auto found = by_address_.find(msg.source);
    if (found == by_address_.end())
      return; // an incarnation that was given up before
    const auto index = found->second;
    by_address_.erase(found);
    auto& it = children_[index];
    it.handle = nullptr;
    // One that waits to be stopped has saved us the trouble.
    const bool was_stopping =
        std::exchange(it.is_stopping, false) || it.waits_to_stop;
    if (!was_stopping && !is_ending_)
      decide(index, msg.reason);
    go_on();
  }

  void decide(std::size_t dead, const caf::error& reason) {
    std::vector<restart_type> types;
    for (const auto& it : children_)
      types.push_back(it.spec.restart);
    const auto decision =
        rules_.child_ended(types, dead, !is_normal(reason), clock().now());
    log(decision.gives_up ? log_level::error : log_level::warn, "supervisor",
        decision.gives_up ? "gave-up" : "child-ended",
        "child=" + children_[dead].spec.id
            + " restarts=" + std::to_string(decision.start.size()));
    if (decision.gives_up)
      return stop_all(to_caf(
          fail(errc::restart_limit, "'" + children_[dead].spec.id
                                        + "' ended too often for " + name_)));
    for (const auto i : decision.stop)
      if (children_[i].handle)
        stop_later(i);
    for (const auto i : decision.start) {
      ++children_[i].restarts;
      start_later(i);
    }
  }

  void stop_all(const caf::error& reason) {
    if (is_ending_)
      return;
    is_ending_ = true;
    end_reason_ = reason;
    to_start_.clear();
    for (std::size_t i = children_.size(); i-- > 0;)
      if (children_[i].handle)
        stop_later(i);
    go_on();
  }

  /// However often a child is replaced meanwhile, it waits once.
  void stop_later(std::size_t index) {
    if (!std::exchange(children_[index].waits_to_stop, true))
      to_stop_.push_back(index);
  }

  void start_later(std::size_t index) {
    if (!std::exchange(children_[index].waits_to_start, true))
      to_start_.push_back(index);
  }

  /// Stops what is to be stopped, one at a time, each gone before the next;
  /// then starts what is to be started.
  void go_on() {
    while (!to_stop_.empty()) {
      auto& it = children_[to_stop_.front()];
      if (it.is_stopping)
        return; // its down message goes on
      if (it.handle)
        return stop(it);
      it.waits_to_stop = false;
      to_stop_.pop_front();
    }
    if (is_ending_)
      return quit(end_reason_);
    while (!to_start_.empty() && !is_ending_) {
      const auto next = to_start_.front();
      to_start_.pop_front();
      children_[next].waits_to_start = false;
      start(next);
    }
  }

  void stop(child& it) {
    it.is_stopping = true;
    send_exit(it.handle, caf::exit_reason::user_shutdown);
    table_.add(clock().now() + it.spec.shutdown,
               [this, address = it.handle.address()] {
                 if (const auto slow = by_address_.find(address);
                     slow != by_address_.end())
                   send_exit(children_[slow->second].handle,
                             caf::exit_reason::kill);
               });
    table_.arm(this);
  }

  void start(std::size_t index) {
    auto& it = children_[index];
    if (it.handle)
      return;
    try {
      it.handle = it.spec.start(system());
    } catch (...) {
      it.handle = nullptr;
    }
    if (!it.handle)
      return decide(index, caf::sec::bad_function_call);
    by_address_.insert_or_assign(it.handle.address(), index);
    monitor(it.handle);
  }

  std::string name_;
  supervisor_rules rules_;
  deadline_table table_;
  std::vector<child> children_;
  std::unordered_map<std::string, std::size_t> by_id_;
  std::unordered_map<caf::actor_addr, std::size_t> by_address_; // the living
  std::deque<std::size_t> to_stop_;  // bounded by the number of children
  std::deque<std::size_t> to_start_; // bounded by the number of children
  caf::error end_reason_;
  bool is_ending_ = false;
};

} // namespace

supervisor_actor spawn_supervisor(caf::actor_system& system,
                                  supervisor_config config) {
  return system.spawn<supervisor>(std::move(config));
}

} // namespace troupe::actors
