#include "coordinator_impl.hpp"
#include "group_account.hpp"

#include <caf/all.hpp>

#include <algorithm>

namespace troupe::actors {

using namespace protocol;

namespace {

constexpr std::chrono::seconds ledger_patience{10};

std::vector<std::string> names(const std::vector<assignment>& all) {
  std::vector<std::string> result;
  result.reserve(all.size());
  for (const auto& it : all)
    result.push_back(it.name);
  return result;
}

} // namespace

coordinator::coordinator(caf::actor_config& cfg, coordinator_config config)
    : actor_base(cfg, config.clock), config_(std::move(config)),
      // Runs have equal seeds; their messages must not have equal ids.
      ids_(config_.seed ^ std::hash<protocol::id>{}(config_.run)),
      rules_(std::move(config_.mission), names(config_.assignments),
             std::move(config_.estimates), config_.run, config_.seed) {
  std::vector<protocol::id> digests;
  for (const auto& it : config_.assignments)
    digests.push_back(it.digest);
  rules_.know(std::move(config_.known), std::move(digests));
  rules_.report().forked_from = config_.forked_from;
  set_exit_handler([this](const caf::exit_msg&) { leave({}); });
}

coordinator::behavior_type coordinator::make_behavior() {
  open_accounts();
  begin();
  if (config_.health)
    rules_.choose_by([this](std::size_t task) { choose_agent(task); });
  advance();
  return {
      [this](const coordination<cancel>& msg) {
        if (msg.body.scope == config_.run)
          stop_run(fail(errc::cancelled, msg.body.reason));
      },
      [this](const pause_run& msg) { pause(msg.why); },
      [this](continue_run) { unpause(); },
      [this](const leave_run& msg) { leave(msg.why); },
      [this](const decide_task& what) { return to_caf(decide(what)); },
      [this](const notification<model_delta>& msg) { arrived(msg); },
      [this](const coordination<task_accepted>& msg) { accepted(msg); },
      [](const coordination<task_refused>&) {}, // the response says it too
      [this](const coordination<task_started>& msg) { started(msg); },
      [this](const coordination<task_progress>& msg) { advanced(msg); },
      [](const coordination<task_finished>&) {}, // likewise
      [this](const deadline_tick& tick) { table_.on_tick(this, tick); },
  };
}

void coordinator::on_exit() {
  table_.close();
  if (auto sink = std::exchange(config_.sink, nullptr)) {
    // Only when a fault ended the coordinator before its run had ended.
    for (const auto& [key, open] : open_)
      cancel_request(key, open.who, "the coordinator has ended");
    // What is kept goes on when it is resumed: it is not over.
    rules_.report().state =
        config_.journal ? run_state::paused : run_state::failed;
    rules_.report().finished = now();
    rules_.report().failure =
        fail(errc::internal, "the coordinator ended before its run");
    sink->on_end(std::move(rules_.report()));
  }
  config_.assignments.clear();
  open_.clear();
  for (auto& [task, stop] : gate_tools_)
    stop.request_stop();
  config_.registry = nullptr;
  config_.budget = nullptr;
  config_.learner = nullptr;
  config_.journal = nullptr;
}

header coordinator::new_header(const std::string& to) {
  header head;
  head.message = ids_.next(now());
  head.conversation = config_.run;
  head.trace = config_.run;
  head.from = "coordinator";
  head.to = to;
  return head;
}

std::string coordinator::account_of(std::size_t task) const {
  const auto& spec = rules_.spec(task);
  return (spec.group.empty()
              ? config_.account
              : group_account(config_.account, rules_.mission().groups,
                              spec.group))
         + account_below({}, spec.id);
}

void coordinator::open_accounts() {
  // Opened before any task is sent, so before any of its calls reserves.
  for (const auto& it : rules_.mission().groups)
    if (it.budget != money::max())
      caf::anon_send(
          config_.budget,
          protocol::request<open_account>{
              new_header("budget-manager"),
              {group_account(config_.account, rules_.mission().groups, it.name),
               it.budget}});
  for (std::size_t i = 0; i < config_.assignments.size(); ++i)
    if (rules_.spec(i).budget != money::max())
      caf::anon_send(config_.budget,
                     protocol::request<open_account>{
                         new_header("budget-manager"),
                         {account_of(i), rules_.spec(i).budget}});
}

void coordinator::advance() {
  for (const auto& late : rules_.expire(now())) {
    note_expired(late);
    cancel_attempt(late, "its deadline has passed");
  }
  flush(rules_.take_startable(now()));
  abandon_later();
  if (rules_.is_finished() && !is_closing_)
    close();
  else if (!rules_.is_finished())
    wake_at(rules_.next_due());
}

void coordinator::wake_at(instant due) {
  const auto at = config_.clock.steady_at(due);
  if (has_alarm_ && due != instant{} && alarm_at_ == at)
    return; // as after most tasks
  if (has_alarm_)
    table_.remove(alarm_);
  has_alarm_ = due != instant{};
  if (!has_alarm_)
    return;
  alarm_at_ = at;
  alarm_ = table_.add(at, [this] {
    has_alarm_ = false;
    advance();
  });
  table_.arm(this);
}

void coordinator::stop_run(error why) {
  const auto reason = why.detail;
  for (const auto& it : rules_.cancel(std::move(why), now()))
    cancel_attempt(it, reason);
  advance();
}

/// However a run came to be cancelled, it waits for its agents so long.
void coordinator::abandon_later() {
  if (!rules_.is_cancelling() || rules_.is_finished() || is_abandoning_)
    return;
  is_abandoning_ = true;
  table_.add(clock().now() + config_.grace, [this] {
    rules_.abandon(now());
    advance();
  });
  table_.arm(this);
}

/// The run has ended: its money is read from the ledger, which also knows
/// what failed attempts have cost; then the report goes out.
void coordinator::close() {
  is_closing_ = true;
  protocol::request<describe_account> ask{new_header("budget-manager"),
                                          {config_.account}};
  request_until<protocol::response<account_state>>(
      this, table_, clock().now() + ledger_patience, config_.budget,
      [this](result<protocol::response<account_state>> state) {
        if (state) {
          // What is still set aside may be billed yet.
          rules_.report().cost = state->body.spent + state->body.reserved;
          rules_.report().cost_unknown =
              state->body.unknown + state->body.reserved;
        }
        if (!is_leaving_)
          caf::anon_send(config_.budget,
                         protocol::request<close_account>{
                             new_header("budget-manager"), {config_.account}});
        rules_.close(now());
        is_closed_ = true;
        flush();
      },
      std::move(ask));
}

coordinator_actor spawn_coordinator(caf::actor_system& system,
                                    coordinator_config config) {
  return system.spawn<coordinator>(std::move(config));
}

} // namespace troupe::actors
