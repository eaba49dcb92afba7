#include "support/actors/show_result.hpp"
#include "support/catch.hpp"
#include "troupe/actors/actor_base.hpp"
#include "troupe/actors/system_config.hpp"

#include <future>
#include <map>

using namespace std::chrono_literals;
using namespace troupe;
using namespace troupe::actors;

namespace {

constexpr int senders = 4;
constexpr int messages = 3'000; // of each

using delta = protocol::notification<protocol::model_delta>;

/// `text` is "sender number".
delta numbered(int sender, int number, protocol::instant deadline) {
  delta it;
  it.head.deadline = deadline;
  it.body.text = std::to_string(sender) + ' ' + std::to_string(number);
  return it;
}

struct seen {
  std::map<int, int> last; ///< The number that each sender's last one had.
  int handled = 0;
  bool in_order = true;
  std::promise<void> done;
};

using reader_actor = caf::typed_actor<caf::reacts_to<delta>>;

/// Notes whether each sender's messages come in the order of their numbers.
class reader : public actor_base<reader_actor> {
public:
  reader(caf::actor_config& cfg, const wall_clock& clock,
         const mailbox_limits& limits, std::shared_ptr<seen> log)
      : actor_base(cfg, clock, limits), log_(std::move(log)) {}

  behavior_type make_behavior() override {
    return {[this](const delta& it) {
      const auto space = it.body.text.find(' ');
      const int from = std::stoi(it.body.text.substr(0, space));
      const int number = std::stoi(it.body.text.substr(space + 1));
      auto& last = log_->last.try_emplace(from, -1).first->second;
      log_->in_order = log_->in_order && number > last;
      last = number;
      if (++log_->handled == senders * messages)
        log_->done.set_value();
    }};
  }

private:
  std::shared_ptr<seen> log_;
};

std::shared_ptr<seen> read_from_threads(const mailbox_limits& limits) {
  auto log = std::make_shared<seen>();
  system_config config{4};
  caf::actor_system system{config};
  const auto clock = make_wall_clock(system);
  const auto deadline = clock.at(system.clock().now()) + 1h;
  const auto to = system.spawn<reader>(clock, limits, log);
  for (int sender = 0; sender < senders; ++sender)
    system.spawn([=, to = caf::actor_cast<reader_actor>(to)](
                     caf::event_based_actor* self) {
      for (int i = 0; i < messages; ++i)
        self->send(to, numbered(sender, i, deadline));
    });
  CHECK(log->done.get_future().wait_for(30s) == std::future_status::ready);
  caf::anon_send_exit(to, caf::exit_reason::user_shutdown);
  return log;
}

} // namespace

TEST_CASE("R6: messages from several threads keep each sender's order",
          "[message_order]") {
  mailbox_limits limits;
  limits.messages_max = senders * messages;
  const auto log = read_from_threads(limits);
  CHECK(log->in_order);
  CHECK(log->handled == senders * messages);
}

TEST_CASE("R6: messages that wait for room keep each sender's order",
          "[message_order]") {
  mailbox_limits limits;
  limits.messages_max = 3;
  limits.when_full = overflow::wait;
  limits.waiting_max = senders * messages;
  const auto log = read_from_threads(limits);
  CHECK(log->in_order);
  CHECK(log->handled == senders * messages);
}
