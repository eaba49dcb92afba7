#include "troupe/runtime/runtime.hpp"

#include "engine/code_agents.hpp"
#include "engine/engine.hpp"
#include "engine/runtime_access.hpp"
#include "isolation/agent_process.hpp"

namespace troupe {

using protocol::result;

class runtime::implementation {
public:
  std::unique_ptr<engine> it;

  /// Does `work`, unless the tree has ended, or ends meanwhile.
  template <class Work>
  auto with(Work&& work) const -> decltype(work(*it)) {
    if (const auto why = it->faults().failure())
      return *why;
    auto outcome = work(*it);
    if (outcome.has_error())
      if (const auto why = it->faults().failure())
        return *why;
    return outcome;
  }
};

runtime::runtime(std::unique_ptr<implementation> self)
    : self_(std::move(self)) {}

runtime::runtime(runtime&&) noexcept = default;
runtime& runtime::operator=(runtime&&) noexcept = default;
runtime::~runtime() = default;

result<runtime> runtime_access::create(runtime_config config,
                                       engine_options options) {
  auto started = engine::start(std::move(config), std::move(options));
  if (!started)
    return started.error();
  auto self = std::make_unique<runtime::implementation>();
  self->it = std::move(*started);
  runtime made{std::move(self)};
  made.of_ = made.self_->it.get();
  return made;
}

engine& runtime_access::engine_of(runtime& it) {
  return *it.self_->it;
}

result<runtime> runtime::create(runtime_config config) {
  return runtime_access::create(std::move(config), {});
}

result<void> runtime::add_agent(const protocol::agent_card& card,
                                agent_function code, execution where,
                                announcement_function hear) {
  if (!code)
    return protocol::fail(protocol::errc::invalid_request,
                          "an agent needs code");
  return self_->with([&](engine& it) {
    return it.add_code_agent(
        card, code_agent(card, std::move(code), where, std::move(hear)));
  });
}

result<void> runtime::add_agent(const protocol::agent_card& card,
                                const agent_process_options& where) {
  if (auto good = isolation::check_options(where); !good)
    return good;
  return self_->with([&](engine& it) {
    return it.add_code_agent(card, code_agent(card, where));
  });
}

result<protocol::published> runtime::publish(protocol::publish message,
                                             std::string from) {
  return self_->with([&](engine& it) {
    return it.publish(std::move(message), std::move(from));
  });
}

result<topic_feed> runtime::follow(std::string filter, follow_options options) {
  return self_->with(
      [&](engine& it) { return it.follow(std::move(filter), options); });
}

result<protocol::broadcast_sent> runtime::broadcast(protocol::broadcast message,
                                                    std::string from) {
  return self_->with([&](engine& it) {
    return it.broadcast(std::move(message), std::move(from));
  });
}

result<void> runtime::add_agent(protocol::agent_spec spec) {
  return self_->with(
      [&](engine& it) { return it.add_model_agent(std::move(spec)); });
}

result<void> runtime::add_tool(protocol::tool_spec spec, tool_function code,
                               const tool_options& options) {
  return self_->with([&](engine& it) {
    return it.add_tool(std::move(spec), std::move(code), options);
  });
}

result<mission_run> runtime::start(protocol::mission mission,
                                   const run_options& options) {
  return self_->with(
      [&](engine& it) { return it.start_run(std::move(mission), options); });
}

result<mission_run> runtime::resume(protocol::id run) {
  return self_->with([&](engine& it) { return it.resume_run(run); });
}

result<protocol::run_report> runtime::run(protocol::mission mission,
                                          const run_options& options) {
  auto started = start(std::move(mission), options);
  if (!started)
    return started.error();
  return started->wait();
}

std::vector<protocol::agent_card> runtime::agents() const {
  return self_->it->agents();
}

const catalogue& runtime::models() const {
  return self_->it->models();
}

std::vector<protocol::model_spec> runtime::callable_models() const {
  return self_->it->routable();
}

result<protocol::account_state> runtime::account(std::string path) const {
  return self_->with(
      [&](engine& it) { return it.ledger().account(std::move(path)); });
}

result<protocol::accounts_listed>
runtime::accounts(protocol::list_accounts ask) const {
  return self_->with(
      [&](engine& it) { return it.ledger().accounts(std::move(ask)); });
}

result<protocol::budget_forecast> runtime::forecast(std::string path) const {
  return self_->with(
      [&](engine& it) { return it.ledger().forecast(std::move(path)); });
}

result<protocol::account_state>
runtime::set_budget(protocol::open_account what) {
  return self_->with(
      [&](engine& it) { return it.ledger().set_budget(std::move(what)); });
}

result<protocol::answer_judged> runtime::judge(protocol::id call,
                                               std::uint32_t quality_permille) {
  return self_->with([&](engine& it) {
    return it.judge({call, quality_permille});
  });
}

result<protocol::messages_found>
runtime::messages(protocol::find_messages ask) const {
  return self_->with([&](engine& it) { return it.messages(std::move(ask)); });
}

shared_state runtime::state() const {
  return self_->it->state();
}

protocol::result<std::string>
task_view::ask(const protocol::question& what) const {
  if (others == nullptr)
    return protocol::fail(protocol::errc::invalid_request,
                          "there is nobody to ask");
  return others->ask(what);
}

void task_view::progress(std::uint32_t permille, std::string_view note) const {
  if (others != nullptr)
    others->progress(permille, note);
}

protocol::result<std::string>
task_colleagues::effect(const std::string&, const std::string&,
                        const effect_function& code, const effect_options&) {
  return code({});
}

protocol::result<std::string> task_colleagues::use_tool(const std::string& name,
                                                        const std::string&) {
  return protocol::fail(protocol::errc::invalid_request,
                        "no tool '" + name + "'");
}

protocol::result<std::string>
task_view::effect(const std::string& name, const std::string& arguments,
                  const effect_function& code,
                  const effect_options& options) const {
  if (!code)
    return protocol::fail(protocol::errc::invalid_request,
                          "an effect needs code");
  if (others == nullptr)
    return code({});
  return others->effect(name, arguments, code, options);
}

protocol::result<std::string>
task_view::use_tool(const std::string& name,
                    const std::string& arguments) const {
  if (others == nullptr)
    return protocol::fail(protocol::errc::invalid_request,
                          "there are no tools");
  return others->use_tool(name, arguments);
}

std::string_view task_view::input(std::string_view name) const noexcept {
  for (const auto& it : task.inputs)
    if (it.name == name)
      return it.text;
  return {};
}

} // namespace troupe
