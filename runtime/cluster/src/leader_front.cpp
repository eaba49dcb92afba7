#include "leader_front.hpp"

#include "deadline_table.hpp"
#include "requests.hpp"

#include <troupe/actors/actor_base.hpp>

#include <deque>

namespace troupe::cluster {

using protocol::errc;
using protocol::fail;
using protocol::result;

namespace {

using front_base =
    leader_front_actor::extend<caf::reacts_to<actors::deadline_tick>>;
using told_promise = caf::typed_response_promise<told_there>;

/// Of what is asked, and of what waits until somebody can be asked: whoever
/// waits for ten seconds is told more than that nobody has answered.
constexpr std::chrono::seconds patience{9};
constexpr std::chrono::seconds wait_patience{5};
constexpr std::size_t waiting_max = 10'000;

class leader_front final : public actors::actor_base<front_base> {
public:
  leader_front(caf::actor_config& cfg, const actors::wall_clock& wall)
      : actor_base(cfg, wall), wall_(wall) {}

  const char* name() const override { return "leader-front"; }

  behavior_type make_behavior() override {
    return {
        [this](const ask_there& it) { return ask(it); },
        [this](const leader_is& it) { turn_to(it); },
        [this](const actors::deadline_tick& it) { table_.on_tick(this, it); },
    };
  }

  void on_exit() override {
    for (auto& it : std::exchange(waiting_, {}))
      it.promise.deliver(actors::to_caf(
          fail(errc::unreachable, "the leader's front has ended")));
    leader_ = {};
    table_.close();
  }

private:
  using time_point = actors::deadline_table::time_point;

  struct waiter {
    std::uint64_t number = 0;
    std::shared_ptr<const protocol::any_message> what;
    time_point due;
    told_promise promise;
  };

  caf::result<told_there> ask(const ask_there& it) {
    auto promise = make_response_promise<told_there>();
    const auto& head = protocol::header_of(*it.what);
    auto due = clock().now() + patience;
    if (head.deadline != protocol::instant{})
      due = std::min(due, wall_.steady_at(head.deadline));
    if (leader_.token != 0)
      pass_on({0, it.what, due, promise});
    else if (waiting_.size() >= waiting_max)
      promise.deliver(actors::to_caf(
          fail(errc::overloaded, "too much waits until a node leads")));
    else
      wait({++waited_, it.what, due, promise});
    return promise;
  }

  void wait(waiter it) {
    table_.add(std::min(it.due, clock().now() + wait_patience),
               [this, number = it.number] { end_wait(number); });
    table_.arm(this);
    waiting_.push_back(std::move(it));
  }

  void end_wait(std::uint64_t number) {
    std::erase_if(waiting_, [&](auto& it) {
      if (it.number != number)
        return false;
      it.promise.deliver(actors::to_caf(
          fail(errc::unreachable, "no node leads, or none that this node can "
                                  "reach; it was not asked")));
      return true;
    });
  }

  void turn_to(const leader_is& it) {
    leader_ = it;
    if (leader_.token == 0)
      return;
    for (auto& next : std::exchange(waiting_, {}))
      pass_on(std::move(next));
  }

  void pass_on(waiter it) {
    if (leader_.link) {
      actors::request_until<told_there>(
          this, table_, it.due, leader_.link,
          [promise = it.promise](result<told_there> told) mutable {
            if (told)
              promise.deliver(std::move(*told));
            else
              promise.deliver(actors::to_caf(told.error()));
          },
          ask_there{it.what});
      return;
    }
    if (!leader_.own->may_serve()) // it has stood still, or lost its store
      return (void)it.promise.deliver(actors::to_caf(
          fail(errc::unreachable, "this node leads no more; it did nothing")));
    auto what = *it.what;
    const bool is_asked = std::visit(
        [&]<class Message>(Message& message) {
          if constexpr (Message::kind == protocol::message_kind::request)
            return ask_service(
                *leader_.own, message,
                [&]<class Answer>(const auto& service, auto& ask) {
                  this->ask_here<Answer>(service, ask, it);
                });
          else
            return false;
        },
        static_cast<protocol::any_message::variant&>(what));
    if (!is_asked)
      it.promise.deliver(actors::to_caf(
          fail(errc::invalid_request, "the leader has nobody for this")));
  }

  template <class Answer, class Service, class Request>
  void ask_here(const Service& service, Request& what, const waiter& it) {
    using response = protocol::response<Answer>;
    actors::request_until<response>(
        this, table_, it.due, service,
        [promise = it.promise](result<response> told) mutable {
          if (told)
            promise.deliver(
                told_there{std::make_shared<const protocol::any_message>(
                    std::move(*told))});
          else
            promise.deliver(actors::to_caf(told.error()));
        },
        std::move(what));
  }

  actors::wall_clock wall_;
  actors::deadline_table table_;
  leader_is leader_;
  std::deque<waiter> waiting_; // bounded by waiting_max
  std::uint64_t waited_ = 0;
};

} // namespace

leader_front_actor spawn_leader_front(caf::actor_system& system,
                                      const actors::wall_clock& clock) {
  return caf::actor_cast<leader_front_actor>(system.spawn<leader_front>(clock));
}

} // namespace troupe::cluster
