#pragma once

#include "requests.hpp"

#include <troupe/protocol/task.hpp>

#include <caf/all.hpp>

/// Who answers, of bare CAF and of troupe, with the same code.
namespace troupe::benchmarks {

using ask_message = protocol::request<protocol::perform_task>;
using answer_message = protocol::response<protocol::task_result>;
using note_message = protocol::notification<protocol::model_delta>;

inline constexpr std::int64_t window = 1'000; // one-way messages

using echo_actor =
    caf::typed_actor<caf::replies_to<ask_message>::with<answer_message>,
                     caf::reacts_to<note_message>,
                     caf::replies_to<int>::with<int>>;

/// Who asks: how many in flight, and what of troupe it uses.
struct order {
  std::int64_t count = 0;
  std::int64_t in_flight = 1;
  bool is_one_way = false;
  bool has_key = false;
};

/// Microseconds of each round trip, where only one is under way.
struct outcome {
  std::vector<double> latencies;
};

using driver_actor = caf::typed_actor<caf::replies_to<order>::with<outcome>,
                                      caf::reacts_to<actors::deadline_tick>>;

inline ask_message new_ask(protocol::instant deadline) {
  ask_message ask;
  ask.head.message = {1, 1};
  ask.head.from = "driver";
  ask.head.to = "echo";
  ask.head.deadline = deadline;
  ask.body.task = "task";
  ask.body.prompt.assign(200, 'p');
  return ask;
}

template <class Base>
class echo : public Base {
public:
  template <class... Ts>
  explicit echo(caf::actor_config& cfg, const Ts&... args)
      : Base(cfg, args...) {}

  echo_actor::behavior_type make_behavior() override {
    return {
        [](const ask_message& ask) {
          answer_message answer;
          answer.head = protocol::answer_to(ask.head, {2, 2});
          answer.body.output.assign(200, 'o');
          return answer;
        },
        [](const note_message&) {},
        [](int x) { return x; },
    };
  }
};

using bare_echo = echo<echo_actor::base>;
using guarded_echo = echo<actors::actor_base<echo_actor>>;

} // namespace troupe::benchmarks

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::benchmarks::order)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::benchmarks::outcome)
