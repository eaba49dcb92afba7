#include "troupe/actors/supervisor.hpp"

#include "living_children.hpp"
#include "supervisor_listing.hpp"
#include "supervisor_rules.hpp"
#include "supervisor_talk.hpp"
#include "troupe/actors/actor_base.hpp"

#include <caf/all.hpp>

#include <algorithm>
#include <deque>
#include <unordered_map>

namespace troupe::actors {

using protocol::errc;
using protocol::fail;

namespace {

class supervisor : public actor_base<supervisor_impl> {
public:
  supervisor(caf::actor_config& cfg, supervisor_config config)
      : actor_base(cfg, config.clock), name_(std::move(config.name)),
        rules_(settings_of(config, clock().now())),
        begins_with_(rules_of(std::move(config.children))),
        problems_(problems_in(supervision_of(config), begins_with_)),
        at_failure_(std::move(config.at_failure)) {
    set_down_handler([this](const caf::down_msg& msg) { child_down(msg); });
    set_exit_handler([this](const caf::exit_msg& msg) {
      end_reason_ = msg.reason;
      obey(rules_.stop(clock().now()));
    });
  }

  const char* name() const override { return name_.c_str(); }

  behavior_type make_behavior() override {
    open();
    return {
        [this](start_child& msg) { return start(msg); },
        [this](const terminate_child& msg) {
          return ask<child_terminated>(&supervisor_rules::terminate_child,
                                       msg.id);
        },
        [this](const restart_child& msg) {
          return ask<child_started>(&supervisor_rules::restart_child, msg.id);
        },
        [this](const delete_child& msg) {
          return ask<child_deleted>(&supervisor_rules::delete_child, msg.id);
        },
        [this](const list_children&) { return list_when_open(); },
        [this](const describe_supervisor&) { return describe(); },
        [this](const stop_within& msg) { stop(msg.limit); },
        [this](tell_opened& msg) { tell_when_open(std::move(msg)); },
        [this](const deadline_tick& tick) { table_.on_tick(this, tick); },
        [this](const child_opened& msg) { opened(msg.incarnation); },
        [this](const supervisor_turn&) { take_turn(); },
    };
  }

  void on_exit() override {
    table_.close();
    parent_ = {};
    living_.clear([this](const caf::actor& it) { // a fault ended us ourselves
      send_exit(it, caf::exit_reason::kill);
    });
  }

private:
  void open() {
    if (!problems_.empty())
      quit(to_caf(fail(errc::invalid_request, problems_.front())));
    else
      obey(rules_.open(std::move(begins_with_), clock().now()));
  }

  supervisor_described describe() {
    return description_of(name_, rules_, living_, clock().now());
  }

  template <class Answer>
  caf::typed_response_promise<Answer> promise_under(std::uint64_t request) {
    auto promise = make_response_promise<Answer>();
    open_.emplace(request, [this, promise](const answer_order& with) mutable {
      if (const auto why = failure_in(with, name_))
        promise.deliver(to_caf(*why));
      else
        promise.deliver(Answer{});
    });
    return promise;
  }

  caf::result<child_started> start(start_child& msg) {
    auto rule = rule_of(std::move(msg.spec));
    if (const auto wrong = problems_in(rule, ends_); !wrong.empty())
      return to_caf(fail(errc::invalid_request, wrong.front()));
    const auto request = ++requests_;
    auto promise = promise_under<child_started>(request);
    const auto now = clock().now();
    obey(msg.replaces ? rules_.replace_child(std::move(rule), request, now)
                      : rules_.start_child(std::move(rule), request, now));
    return promise;
  }

  template <class Answer>
  caf::typed_response_promise<Answer> ask(supervisor_question what,
                                          const std::string& id) {
    const auto request = ++requests_;
    auto promise = promise_under<Answer>(request);
    obey((rules_.*what)(id, request, clock().now()));
    return promise;
  }

  /// Those who ask early are answered when all have been started.
  caf::result<children_listed> list_when_open() {
    if (is_open_)
      return listing_of(rules_.children(), living_);
    if (early_.size() >= early_max)
      return to_caf(fail(errc::overloaded, name_ + " is not open yet"));
    early_.push_back(make_response_promise<children_listed>());
    return early_.back();
  }

  void stop(std::chrono::milliseconds limit) {
    end_reason_ = caf::exit_reason::user_shutdown;
    const auto now = clock().now();
    obey(rules_.stop(now, now + limit));
  }

  void tell_when_open(tell_opened msg) {
    parent_ = std::move(msg);
    if (is_open_)
      tell_parent();
  }

  void tell_parent() {
    if (parent_.to)
      caf::anon_send(parent_.to, child_opened{parent_.incarnation});
    parent_ = {};
  }

  void opened(std::uint64_t incarnation) {
    if (const auto who = living_.life_of(incarnation))
      obey(rules_.started(*who, clock().now()));
  }

  void child_down(const caf::down_msg& msg) {
    const auto who = living_.take(msg.source);
    if (!who)
      return;
    const auto now = clock().now();
    const auto* const it = rules_.find(*who);
    if (it != nullptr && it->phase == child_phase::starting) {
      failure_ = from_caf(msg.reason);
      obey(rules_.start_failed(*who, failure_.detail, now));
    } else {
      obey(
          rules_.ended(*who, end_of(msg.reason), now, text_of_end(msg.reason)));
    }
  }

  void take_turn() {
    has_turn_ = false;
    obey(rules_.wake(clock().now()));
  }

  /// Carries out orders, and those that they lead to, in turn.
  void obey(supervisor_commands commands) {
    std::move(commands.begin(), commands.end(), std::back_inserter(orders_));
    if (std::exchange(is_obeying_, true))
      return;
    while (!orders_.empty()) {
      const auto next = std::move(orders_.front());
      orders_.pop_front();
      std::visit([this](const auto& order) { carry_out(order); }, next);
    }
    is_obeying_ = false;
    arm();
  }

  void arm() {
    const auto due = rules_.next_wake();
    if (due == armed_for_)
      return;
    armed_for_ = due;
    if (alarm_)
      table_.remove(*std::exchange(alarm_, std::nullopt));
    if (!due)
      return;
    if (*due <= clock().now()) {
      armed_for_.reset();
      if (!std::exchange(has_turn_, true))
        send(this, supervisor_turn{});
      return;
    }
    alarm_ = table_.add(*due, [this] {
      alarm_.reset();
      armed_for_.reset();
      obey(rules_.wake(clock().now()));
    });
    table_.arm(this);
  }

  void carry_out(const start_order& order) {
    const auto* const it = rules_.find(order.who);
    if (it == nullptr)
      return;
    const auto code =
        std::static_pointer_cast<const child_code>(it->rule.payload);
    const auto kind = it->rule.kind;
    auto born = give_birth(code->start, system(), order.who.incarnation);
    const auto now = clock().now();
    if (!born) {
      failure_ = born.error();
      return obey(rules_.start_failed(order.who, failure_.detail, now));
    }
    if (!*born)
      return obey(rules_.ignored(order.who, now));
    const auto& child = **born;
    living_.add(order.who, child);
    monitor(child);
    if (kind == child_kind::worker)
      return obey(rules_.started(order.who, now));
    caf::anon_send(child, tell_opened{caf::actor_cast<caf::actor>(this),
                                      order.who.incarnation});
  }

  void carry_out(const stop_order& order) {
    send_end(order.who, caf::exit_reason::user_shutdown);
  }
  void carry_out(const kill_order& order) {
    send_end(order.who, caf::exit_reason::kill);
  }
  void send_end(const child_life& who, caf::exit_reason how) {
    if (const auto child = living_.find(who.incarnation))
      send_exit(child, how);
  }

  void carry_out(const answer_order& order) {
    const auto found = open_.find(order.request);
    if (found == open_.end())
      return;
    const auto deliver = std::move(found->second);
    open_.erase(found);
    deliver(order);
  }

  void carry_out(const opened_order&) {
    is_open_ = true;
    tell_parent();
    for (auto& it : std::exchange(early_, {}))
      it.deliver(listing_of(rules_.children(), living_));
  }

  void carry_out(const end_order& order) {
    const auto why = reason_of(order, name_, failure_, end_reason_);
    for (auto& it : early_)
      it.deliver(why);
    quit(why);
  }

  void carry_out(const report_order& order) {
    log_report(order, name_);
    if (const auto why = failure_of(order); why && at_failure_)
      at_failure_(*why);
  }

  std::string name_;
  supervisor_rules rules_;
  std::vector<child_rule> begins_with_;
  std::vector<std::string> problems_;
  auto_shutdown ends_ = rules_.ends();
  before_end at_failure_;
  deadline_table table_;
  living_children living_;
  std::unordered_map<std::uint64_t, std::function<void(const answer_order&)>>
      open_;                              // bounded by the rules
  std::deque<supervisor_command> orders_; // bounded by the children
  std::optional<deadline_table::key> alarm_;
  std::optional<deadline_table::time_point> armed_for_;
  std::vector<caf::typed_response_promise<children_listed>> early_;
  tell_opened parent_;
  protocol::error failure_; ///< Of the last start.
  caf::error end_reason_;
  std::uint64_t requests_ = 0;
  bool is_open_ = false;
  bool is_obeying_ = false;
  bool has_turn_ = false;
};

} // namespace

supervisor_actor spawn_supervisor(caf::actor_system& system,
                                  supervisor_config config) {
  return system.spawn<supervisor>(std::move(config));
}

} // namespace troupe::actors
