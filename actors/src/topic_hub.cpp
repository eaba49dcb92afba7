#include "troupe/actors/topic_hub.hpp"

#include "topic_rules.hpp"
#include "troupe/actors/actor_base.hpp"
#include "troupe/actors/status.hpp"

#include <caf/all.hpp>

#include <algorithm>
#include <deque>

namespace troupe::actors {

/// Lets the hub look for followers that keep silent.
struct silence_tick {};

} // namespace troupe::actors

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::actors::silence_tick)

namespace troupe::actors {

namespace {

using namespace protocol;

using topic_hub_impl = topic_hub_actor::extend<caf::reacts_to<silence_tick>>;

/// A tick never lies further ahead, so that a hub that has ended is not kept
/// for longer.
constexpr std::chrono::milliseconds longest_sleep{1'000};

/// Publishers come in bursts, and all of them come here.
constexpr mailbox_limits inbox{100'000, 256ULL << 20U};

class topic_hub : public actor_base<topic_hub_impl>, public tells_status {
public:
  topic_hub(caf::actor_config& cfg, const topic_hub_config& config)
      : actor_base(cfg, config.clock, inbox), limits_(config.limits),
        clock_(config.clock), ids_(config.seed),
        rules_(config.limits, first_offset()) {
    set_down_handler([this](const caf::down_msg& down) {
      for (const auto which : rules_.forget(key_of(down.source)))
        handles_[which] = nullptr;
    });
  }

  const char* name() const override { return "topic-hub"; }
  void tell_status(part_status& to) const override {
    add_figure(to, "messages_kept", messages_.size());
    add_figure(to, "followers", rules_.all().size());
  }

  behavior_type make_behavior() override {
    return {
        [this](protocol::request<publish>& msg) { return take(msg); },
        [this](const protocol::request<subscribe_topic>& msg,
               const topic_follower_actor& who) { return follow(msg, who); },
        [this](const coordination<grant_credit>& msg) {
          deliver(rules_.grant(msg.body, now()));
          arm();
        },
        [this](const protocol::request<unsubscribe>& msg) {
          end(msg.body.subscription);
          return protocol::response<unsubscribed>{
              answer_to(msg.head, next_id()), {msg.body.subscription}};
        },
        [this](const silence_tick&) { cut_silent(); },
    };
  }

  void on_exit() override {
    for (const auto which : rules_.all())
      tell(which, subscription_ended{rules_.name_of(which),
                                     {errc::unreachable, "the hub has ended"}});
    handles_.clear();
    messages_.clear();
  }

private:
  using slot = topic_rules::slot;

  instant now() { return clock_.at(clock().now()); }
  protocol::id next_id() { return ids_.next(now()); }

  std::uint64_t first_offset() {
    using std::chrono::microseconds;
    return static_cast<std::uint64_t>(
        std::chrono::duration_cast<microseconds>(now().time_since_epoch())
            .count());
  }

  /// Stands for an actor for as long as the hub holds or monitors it.
  static topic_rules::follower key_of(const caf::actor_addr& who) {
    return reinterpret_cast<std::uintptr_t>(who.get());
  }

  caf::result<protocol::response<published>>
  take(protocol::request<publish>& msg) {
    auto kept = rules_.publish(msg.body, now());
    if (!kept)
      return to_caf(kept.error());
    const auto& shared = keep(msg, kept->offset);
    for (const auto which : rules_.receivers())
      send_shared(which, shared);
    arm();
    return protocol::response<published>{answer_to(msg.head, next_id()), *kept};
  }

  /// Makes the one message that all followers get.
  const caf::message& keep(protocol::request<publish>& msg,
                           std::uint64_t offset) {
    notification<topic_message> out;
    out.head = child_of(msg.head, next_id());
    out.head.from = msg.head.from;
    out.head.to = msg.body.topic;
    out.body = {std::move(msg.body.topic), offset, msg.head.from,
                std::move(msg.body.content_type), std::move(msg.body.content)};
    messages_.push_back(caf::make_message(std::move(out)));
    while (messages_.size() > rules_.ring().size())
      messages_.pop_front();
    return messages_.back();
  }

  /// Without a sender: counting references to the hub for each of many
  /// receivers costs as much as the delivery itself.
  void send_shared(slot which, const caf::message& shared) {
    handles_[which]->enqueue(nullptr, caf::make_message_id(), shared,
                             context());
  }

  template <class Body>
  void tell(slot which, Body body) {
    notification<Body> out;
    out.head.message = next_id();
    out.head.from = name();
    out.body = std::move(body);
    send_shared(which, caf::make_message(std::move(out)));
  }

  caf::result<protocol::response<topic_subscribed>>
  follow(const protocol::request<subscribe_topic>& msg,
         const topic_follower_actor& who) {
    if (!who)
      return to_caf(fail(errc::invalid_request, "nobody would follow"));
    const auto key = key_of(who.address());
    const bool is_new = !rules_.is_following(key);
    const auto named = next_id();
    auto first = rules_.follow(key, msg.body, named, now());
    if (!first)
      return to_caf(first.error());
    if (is_new)
      monitor(who);
    if (handles_.size() <= first->to)
      handles_.resize(first->to + 1);
    handles_[first->to] = caf::actor_cast<caf::strong_actor_ptr>(who);
    // Answered before what was kept is sent, so that the follower knows whose
    // messages they are.
    auto promise =
        make_response_promise<protocol::response<topic_subscribed>>();
    promise.deliver(protocol::response<topic_subscribed>{
        answer_to(msg.head, next_id()),
        {named, msg.body.from == 0 ? rules_.ring().next() : msg.body.from}});
    deliver(*first);
    arm();
    return promise;
  }

  void deliver(const topic_rules::catch_up& it) {
    if (it.gap_first != 0)
      tell(it.to,
           subscription_gap{rules_.name_of(it.to), it.gap_first, it.gap_last});
    for (const auto offset : it.offsets)
      send_shared(
          it.to,
          messages_[static_cast<std::size_t>(offset - rules_.ring().first())]);
  }

  void end(protocol::id subscription) {
    const auto which = rules_.find(subscription);
    if (!which)
      return;
    const auto who = caf::actor_cast<caf::actor_addr>(handles_[*which]);
    handles_[*which] = nullptr;
    rules_.end(subscription);
    if (!rules_.is_following(key_of(who)))
      demonitor(who);
  }

  void cut_silent() {
    is_armed_ = false;
    for (const auto which : rules_.silent(now())) {
      tell(which, subscription_ended{rules_.name_of(which),
                                     {errc::overloaded,
                                      "it missed messages and granted no "
                                      "credit for too long"}});
      end(rules_.name_of(which));
    }
    arm();
  }

  void arm() {
    if (is_armed_ || !rules_.is_anyone_waiting())
      return;
    is_armed_ = true;
    delayed_send(this, std::min(limits_.silence_max, longest_sleep),
                 silence_tick{});
  }

  topic_limits limits_;
  wall_clock clock_;
  id_source ids_;
  topic_rules rules_;
  /// Those of `rules_.ring()`, and bounded by its limits.
  std::deque<caf::message> messages_;
  std::vector<caf::strong_actor_ptr> handles_; ///< By slot.
  bool is_armed_ = false;
};

} // namespace

topic_hub_actor spawn_topic_hub(caf::actor_system& system,
                                topic_hub_config config) {
  return system.spawn<topic_hub>(config);
}

} // namespace troupe::actors
