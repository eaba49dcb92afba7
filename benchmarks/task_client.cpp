#include "task_client.hpp"

#include "cross_node_side.hpp"
#include "measure.hpp"

#include <future>
#include <memory>
#include <poll.h>

namespace troupe::benchmarks {

namespace {

using perform = protocol::request<protocol::perform_task>;
using performed = protocol::response<protocol::task_result>;

struct run_tasks {
  std::size_t count = 0;
  std::size_t at_once = 0; ///< 0: others say when.
  std::shared_ptr<std::promise<std::vector<double>>> then;
};

/// One of those, which was due then.
struct ask_one {
  double due = 0;
};

} // namespace

} // namespace troupe::benchmarks

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::benchmarks::run_tasks)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::benchmarks::ask_one)

namespace troupe::benchmarks {

namespace {

class task_client : public caf::event_based_actor {
public:
  task_client(caf::actor_config& cfg, actors::agent_actor agent,
              actors::wall_clock wall)
      : event_based_actor(cfg), agent_(std::move(agent)), wall_(wall) {}

  caf::behavior make_behavior() override {
    return {
        [this](const run_tasks& it) {
          work_ = it;
          took_.clear();
          took_.reserve(it.count);
          asked_ = 0;
          for (std::size_t i = 0; i < it.at_once; ++i)
            ask(seconds_now());
        },
        [this](const ask_one& it) { ask(it.due); },
    };
  }

private:
  perform next() {
    perform it;
    it.head.message = ids_.next(wall_.at(clock().now()));
    it.head.cancel_scope = it.head.message;
    it.head.deadline = wall_.at(clock().now()) + std::chrono::minutes{5};
    it.body.task = "ask";
    it.body.prompt = prompt_;
    return it;
  }

  void ask(double start) {
    if (asked_ == work_.count)
      return;
    ++asked_;
    request(agent_, caf::infinite, next())
        .then(
            [this, start](const performed&) {
              took_.push_back((seconds_now() - start) * 1e6);
              if (took_.size() == work_.count)
                work_.then->set_value(std::move(took_));
              else if (work_.at_once != 0)
                ask(seconds_now());
            },
            [](const caf::error&) { wrong("a task was not done"); });
  }

  actors::agent_actor agent_;
  actors::wall_clock wall_;
  protocol::id_source ids_{1};
  const std::string prompt_ = std::string(asked_bytes, 'x');
  run_tasks work_;
  std::size_t asked_ = 0;
  std::vector<double> took_;
};

auto begin(const caf::actor& client, std::size_t count, std::size_t at_once) {
  auto then = std::make_shared<std::promise<std::vector<double>>>();
  auto all = then->get_future();
  caf::anon_send(client, run_tasks{count, at_once, then});
  return all;
}

} // namespace

caf::actor spawn_task_client(caf::actor_system& system,
                             actors::agent_actor agent,
                             actors::wall_clock wall) {
  return system.spawn<task_client>(std::move(agent), wall);
}

std::vector<double> ask_tasks(const caf::actor& client, std::size_t count,
                              std::size_t at_once) {
  return begin(client, count, at_once).get();
}

std::vector<double> offer_tasks(const caf::actor& client, double rate,
                                double seconds) {
  const auto count = static_cast<std::size_t>(rate * seconds);
  auto all = begin(client, count, 0);
  const auto start = seconds_now();
  for (std::size_t i = 0; i < count; ++i) { // those that are due go together
    const auto due = start + static_cast<double>(i) / rate;
    if (const auto left = due - seconds_now(); left > 0) {
      const timespec rest{0, static_cast<long>(left * 1e9)};
      (void)::ppoll(nullptr, 0, &rest, nullptr);
    }
    caf::anon_send(client, ask_one{due});
  }
  return all.get();
}

} // namespace troupe::benchmarks
