#include "troupe/testing/stage.hpp"

#include "engine/engine.hpp"
#include "engine/runtime_access.hpp"
#include "scripted_provider.hpp"

#include <caf/all.hpp>

#include <list>
#include <map>

namespace troupe::testing {

using protocol::errc;

namespace {

/// When a stage begins: any time will do, but always the same.
constexpr protocol::instant curtain{std::chrono::seconds{1'800'000'000}};

struct for_words {
  std::string words;
  model_script script;
};

/// What all models of a stage say.
struct casting {
  model_script to_all;
  std::map<std::string, model_script> by_agent;
  /// In the order in which they were added.
  std::list<for_words> by_words; // bounded by what a test adds
  std::vector<made_call> calls;

  model_act answer(const protocol::request<protocol::model_call>& asked,
                   protocol::instant now) {
    const auto& account = asked.body.account;
    calls.push_back({part_of_account(account, 0), part_of_account(account, 1),
                     prompt_of(asked.body), now, asked.body});
    const auto& call = calls.back();
    for (auto& it : by_words)
      if (call.prompt.find(it.words) != std::string::npos)
        if (const auto* act = it.script.next())
          return *act;
    if (const auto of = by_agent.find(call.agent); of != by_agent.end())
      if (const auto* act = of->second.next())
        return *act;
    if (const auto* act = to_all.next())
      return *act;
    model_act none;
    none.outcome =
        protocol::fail(errc::provider_rejected,
                       "no act is left for agent '" + call.agent + "'");
    return none;
  }
};

} // namespace

struct stage::parts {
  std::shared_ptr<casting> cast = std::make_shared<casting>();
  std::optional<troupe::runtime> it;

  caf::actor_system& system() {
    return runtime_access::engine_of(*it).system();
  }
};

stage::stage(std::uint64_t seed, runtime_config config)
    : parts_(std::make_unique<parts>()) {
  engine_options options;
  options.driven_by = seed;
  options.start = curtain;
  if (config.log.file.empty())
    config.log.level = log_level::off;
  for (const auto& it : config.providers)
    options.providers[it.name] =
        [cast = parts_->cast](caf::actor_system& system,
                              const actors::wall_clock& clock) {
          return spawn_scripted_provider(
              system, clock, [cast, &system, clock](const auto& asked) {
                return cast->answer(asked, clock.at(system.clock().now()));
              });
        };
  parts_->it.emplace(
      runtime_access::create(std::move(config), std::move(options)).value());
}

stage::~stage() = default;

model_script& stage::model() {
  return parts_->cast->to_all;
}

model_script& stage::model(const std::string& agent) {
  return parts_->cast->by_agent[agent];
}

model_script& stage::when(const std::string& words) {
  return parts_->cast->by_words.emplace_back(for_words{words, {}}).script;
}

troupe::runtime& stage::runtime() {
  return *parts_->it;
}

protocol::result<protocol::run_report> stage::run(protocol::mission mission,
                                                  const run_options& options) {
  return parts_->it->run(std::move(mission), options);
}

void stage::advance(protocol::duration time) {
  (void)actors::drive(parts_->system(), time, [] { return false; });
}

protocol::instant stage::now() const {
  return runtime_access::engine_of(*parts_->it).now();
}

const std::vector<made_call>& stage::calls() const {
  return parts_->cast->calls;
}

} // namespace troupe::testing
