#include "troupe/actors/coordinator.hpp"

#include "requests.hpp"
#include "run_rules.hpp"
#include "troupe/actors/actor_base.hpp"

#include <caf/all.hpp>

#include <algorithm>
#include <unordered_map>

namespace troupe::actors {

using namespace protocol;

namespace {

using coordinator_impl =
    coordinator_actor::extend<caf::reacts_to<deadline_tick>>;

constexpr std::chrono::seconds ledger_patience{10};
constexpr std::chrono::seconds registry_patience{5};

/// An attempt that an agent works on.
struct open_attempt {
  std::size_t task;
  std::uint32_t number;
  std::uint64_t chars = 0;
};

class coordinator : public actor_base<coordinator_impl> {
public:
  coordinator(caf::actor_config& cfg, coordinator_config config)
      : actor_base(cfg, config.clock), config_(std::move(config)),
        ids_(config_.seed),
        rules_(std::move(config_.mission), names(config_.assignments),
               std::move(config_.estimates), config_.run, config_.seed) {
    set_exit_handler([this](const caf::exit_msg&) {
      stop_run(fail(errc::cancelled, "the runtime is being stopped"));
    });
  }

  const char* name() const override { return "coordinator"; }

  behavior_type make_behavior() override {
    open_task_accounts();
    rules_.start(now());
    advance();
    return {
        [this](const coordination<cancel>& msg) {
          if (msg.body.scope == config_.run)
            stop_run(fail(errc::cancelled, msg.body.reason));
        },
        [this](const notification<model_delta>& msg) { progress(msg); },
        [this](const deadline_tick& tick) { table_.on_tick(this, tick); },
    };
  }

  void on_exit() override {
    table_.close();
    if (auto sink = std::exchange(config_.sink, nullptr)) {
      // Only when a fault ended the coordinator before its run had ended.
      for (const auto& [key, open] : open_)
        cancel_request(key, open.task, "the coordinator has ended");
      rules_.report().state = run_state::failed;
      rules_.report().finished = now();
      rules_.report().failure =
          fail(errc::internal, "the coordinator ended before its run");
      sink->on_end(std::move(rules_.report()));
    }
    config_.assignments.clear();
    config_.registry = nullptr;
    config_.budget = nullptr;
  }

private:
  static std::vector<std::string> names(const std::vector<assignment>& all) {
    std::vector<std::string> result;
    result.reserve(all.size());
    for (const auto& it : all)
      result.push_back(it.name);
    return result;
  }

  instant now() { return config_.clock.at(clock().now()); }

  header new_header(const std::string& to) {
    header head;
    head.message = ids_.next(now());
    head.conversation = config_.run;
    head.trace = config_.run;
    head.from = "coordinator";
    head.to = to;
    return head;
  }

  std::string account_of(std::size_t task) const {
    auto name = rules_.spec(task).id;
    std::replace(name.begin(), name.end(), '/', ':'); // '/' parts accounts
    return config_.account + "/" + name;
  }

  void open_task_accounts() {
    // Opened before any task is sent, so before any of its calls reserves.
    for (std::size_t i = 0; i < config_.assignments.size(); ++i)
      if (rules_.spec(i).budget != money::max())
        caf::anon_send(config_.budget,
                       protocol::request<open_account>{
                           new_header("budget-manager"),
                           {account_of(i), rules_.spec(i).budget}});
  }

  /// Does all that may be done now; called after every change.
  void advance() {
    for (const auto& late : rules_.expire(now()))
      cancel_attempt(late, "its deadline has passed");
    for (const auto& it : rules_.take_startable(now()))
      send_attempt(it);
    flush();
    abandon_later();
    if (rules_.is_finished() && !is_closing_)
      close();
    else if (!rules_.is_finished())
      wake_at(rules_.next_due());
  }

  void flush() {
    for (auto& event : rules_.take_events())
      config_.sink->on_event(std::move(event));
  }

  void wake_at(instant due) {
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

  perform_task body_of(const run_rules::attempt& it) {
    const auto& spec = rules_.spec(it.task);
    perform_task body;
    body.task = spec.id;
    body.attempt = it.number;
    body.prompt = spec.prompt;
    body.inputs = rules_.inputs_of(it.task);
    body.account = account_of(it.task) + "/" + rules_.agent(it.task);
    body.model = spec.model;
    body.level = config_.assignments[it.task].level;
    body.output_tokens_max = spec.output_tokens_max;
    body.feedback = rules_.feedback(it.task);
    body.seed = config_.seed;
    return body;
  }

  void send_attempt(const run_rules::attempt& it) {
    protocol::request<perform_task> ask{new_header(rules_.agent(it.task)),
                                        body_of(it)};
    ask.head.urgency = rules_.spec(it.task).urgency;
    ask.head.deadline = it.deadline;
    ask.head.cancel_scope = ask.head.message;
    const auto key = ask.head.message;
    open_.emplace(key, open_attempt{it.task, it.number});
    request_kept<protocol::response<task_result>>(
        this, table_, config_.assignments[it.task].agent,
        [this, key](result<protocol::response<task_result>> answer) {
          if (answer)
            end_attempt(key, std::move(answer->body));
          else
            end_attempt(key, answer.error());
        },
        std::move(ask));
  }

  void end_attempt(const protocol::id& key, result<task_result> outcome) {
    const auto found = open_.find(key);
    if (found == open_.end())
      return;
    const auto it = found->second;
    open_.erase(found);
    if (outcome)
      rules_.succeeded(it.task, it.number, std::move(*outcome), now());
    else if (outcome.error().code == errc::unreachable)
      return find_agent_again(it, outcome.error());
    else
      rules_.failed(it.task, it.number, outcome.error(), now());
    advance();
  }

  /// A restarted agent has a new handle; the next attempt needs it.
  void find_agent_again(const open_attempt& it, const error& why) {
    locate_agents ask;
    ask.queries.push_back({rules_.agent(it.task), {}, tier::basic, 1});
    request_until<agents_located>(
        this, table_, clock().now() + registry_patience, config_.registry,
        [this, it, why](result<agents_located> found) {
          if (found)
            for (auto& other : config_.assignments)
              if (other.name == rules_.agent(it.task))
                other.agent = found->handles.front();
          rules_.failed(it.task, it.number, why, now());
          advance();
        },
        std::move(ask));
  }

  void cancel_attempt(const run_rules::attempt& it, const std::string& why) {
    for (const auto& [key, open] : open_)
      if (open.task == it.task && open.number == it.number)
        cancel_request(key, it.task, why);
  }

  void cancel_request(protocol::id scope, std::size_t task,
                      const std::string& why) {
    send(config_.assignments[task].agent,
         coordination<cancel>{new_header(rules_.agent(task)), {scope, why}});
  }

  void stop_run(error why) {
    const auto reason = why.detail;
    for (const auto& it : rules_.cancel(std::move(why), now()))
      cancel_attempt(it, reason);
    advance();
  }

  /// However a run came to be cancelled, it waits for its agents so long.
  void abandon_later() {
    if (!rules_.is_cancelling() || rules_.is_finished() || is_abandoning_)
      return;
    is_abandoning_ = true;
    table_.add(clock().now() + config_.grace, [this] {
      rules_.abandon(now());
      advance();
    });
    table_.arm(this);
  }

  void progress(const notification<model_delta>& msg) {
    const auto found = open_.find(msg.head.correlation);
    if (found == open_.end())
      return;
    found->second.chars += msg.body.text.size();
    rules_.progressed(found->second.task, found->second.number,
                      found->second.chars, now());
    flush();
  }

  /// The run has ended: its money is read from the ledger, which also knows
  /// what failed attempts have cost; then the report goes out.
  void close() {
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
          rules_.close(now());
          flush();
          std::exchange(config_.sink, nullptr)
              ->on_end(std::move(rules_.report()));
          quit();
        },
        std::move(ask));
  }

  coordinator_config config_;
  id_source ids_;
  run_rules rules_;
  deadline_table table_;
  deadline_table::key alarm_ = 0;
  deadline_table::time_point alarm_at_{};
  std::unordered_map<protocol::id, open_attempt> open_; // by the request's id
  bool has_alarm_ = false;
  bool is_closing_ = false;
  bool is_abandoning_ = false;
};

} // namespace

coordinator_actor spawn_coordinator(caf::actor_system& system,
                                    coordinator_config config) {
  return system.spawn<coordinator>(std::move(config));
}

} // namespace troupe::actors
