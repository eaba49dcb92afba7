#include "engine/model_check.hpp"
#include "support/catch.hpp"
#include "troupe/runtime/config.hpp"

#include <algorithm>

using namespace troupe;
using protocol::errc;
using protocol::task_estimate;
using protocol::tier;

namespace {

/// The models that can be called without any key.
std::vector<protocol::model_spec> simulated_models() {
  std::vector<protocol::model_spec> models;
  std::ranges::copy_if(
      catalogue::built_in().all(), std::back_inserter(models),
      [](const auto& model) { return model.provider == "simulated"; });
  return models;
}

/// A mission of two tasks, the second of which needs the first.
struct scene {
  scene() {
    protocol::agent_spec writer;
    writer.card.name = "writer";
    agents = {writer};
    protocol::task_spec draft;
    draft.id = "draft";
    draft.agent = "writer";
    draft.prompt = "Tell of the moon.";
    draft.level = tier::basic;
    auto final_one = draft;
    final_one.id = "final";
    final_one.needs = {"draft"};
    mission.tasks = {draft, final_one};
  }

  [[nodiscard]] model_offer offer() const {
    return {callable, catalogue::built_in(), providers, counter};
  }
  [[nodiscard]] protocol::result<void>
  fit(const std::vector<task_estimate>& estimates = {}) const {
    return check_models_fit(mission, agents, offer(), estimates);
  }

  protocol::mission mission;
  std::vector<protocol::agent_spec> agents;
  std::vector<protocol::model_spec> callable = simulated_models();
  std::vector<provider_config> providers = default_providers();
  protocol::token_estimator counter;
};

} // namespace

TEST_CASE("a task that pins a model without its key is told which variable to "
          "set",
          "[model_check]") {
  scene it;
  REQUIRE(it.fit().has_value());
  it.mission.tasks[1].model = "anthropic/claude-haiku-4-5";
  const auto told = it.fit();
  REQUIRE(told.has_error());
  CHECK(told.error().code == errc::provider_unauthorized);
  CHECK(told.error().detail
        == "task 'final': model 'anthropic/claude-haiku-4-5' needs a key: set "
           "ANTHROPIC_API_KEY");
}

TEST_CASE("so is an agent that pins a model", "[model_check]") {
  scene it;
  it.agents[0].model = "openai/gpt-5.5";
  const auto told = it.fit();
  REQUIRE(told.has_error());
  CHECK(told.error().detail
        == "task 'draft': model 'openai/gpt-5.5' needs a key: set "
           "OPENAI_API_KEY");
}

TEST_CASE("a model of a provider that is not set up asks for no key",
          "[model_check]") {
  scene it;
  std::erase_if(it.providers,
                [](const auto& one) { return one.name == "anthropic"; });
  it.mission.tasks[0].model = "anthropic/claude-haiku-4-5";
  CHECK(it.fit().error().code == errc::no_model_fits);
}

TEST_CASE("a prompt beyond every window names the nearest model",
          "[model_check]") {
  scene it;
  it.mission.inputs = {{"book", std::string(2'000'000, 'x')}};
  it.mission.tasks[0].inputs = {"book"};
  const auto told = it.fit();
  REQUIRE(told.has_error());
  CHECK(told.error().code == errc::no_model_fits);
  CHECK(told.error().detail.starts_with("task 'draft': a prompt of about "));
  CHECK(told.error().detail.ends_with("simulated/expert with 200000"));
}

TEST_CASE("a task whose terms no model meets is told before it starts",
          "[model_check]") {
  scene it;
  it.mission.models.regions = {"eu"};
  auto told = it.fit();
  REQUIRE(told.has_error());
  CHECK(told.error().code == errc::no_model_fits);
  CHECK(told.error().detail.starts_with("task 'draft': no model of tier basic "
                                        "is known to run in eu"));
  it.mission.tasks[0].models.emplace(); // it states its own: none
  told = it.fit();
  REQUIRE(told.has_error());
  CHECK(told.error().detail.starts_with("task 'final': "));
  for (auto& model : it.callable)
    model.regions = {"eu"};
  CHECK(it.fit().has_value());
}

TEST_CASE("a task is paid for at a model that its terms allow",
          "[model_check]") {
  scene it;
  it.mission.budget = protocol::money{5'000'000};
  REQUIRE(check_first_payable(it.mission, it.agents, it.offer()).has_value());
  for (auto& model : it.callable)
    if (model.level == tier::expert)
      model.skills.emplace_back("audio");
  it.mission.models.skills = {"audio"};
  const auto told = check_first_payable(it.mission, it.agents, it.offer());
  REQUIRE(told.has_error());
  CHECK(told.error().code == errc::budget_exhausted);
  CHECK(told.error().detail.find("simulated/expert") != std::string::npos);
}

TEST_CASE("a mission that may do with less starts with less", "[model_check]") {
  scene it;
  it.mission.tasks[0].level = tier::expert;
  it.mission.budget = protocol::money{5'000'000};
  const auto payable = [&it] {
    return check_first_payable(it.mission, it.agents, it.offer()).has_value();
  };
  REQUIRE_FALSE(payable());
  it.mission.models.cascade.emplace(); // begins with a basic model
  CHECK(payable());
  it.mission.models.cascade.reset();
  it.mission.on_shortage = {protocol::shortage_step::shorter};
  CHECK(payable());
}

TEST_CASE("what needs are expected to answer counts with the prompt",
          "[model_check]") {
  scene it;
  std::vector<task_estimate> estimates(2);
  estimates[0].output_tokens = 1'000;
  CHECK(it.fit(estimates).has_value());
  estimates[0].output_tokens = 300'000;
  const auto told = it.fit(estimates);
  REQUIRE(told.has_error());
  CHECK(told.error().detail.starts_with("task 'final': a prompt of about 300"));
}

TEST_CASE("tasks of agents in C++ need neither model nor money",
          "[model_check]") {
  scene it;
  it.agents.clear();
  it.mission.tasks[0].model = "anthropic/claude-haiku-4-5";
  it.mission.budget = {};
  CHECK(it.fit().has_value());
  CHECK(check_first_payable(it.mission, it.agents, it.offer()).has_value());
}

TEST_CASE("a budget below the worst case of the first task is told",
          "[model_check]") {
  scene it;
  it.mission.tasks[0].budget = {1'000};
  const auto told = check_first_payable(it.mission, it.agents, it.offer());
  REQUIRE(told.has_error());
  CHECK(told.error().code == errc::budget_exhausted);
  CHECK(told.error().detail.starts_with(
      "the budget of $0.000001 is too small for the first task, 'draft'"));
}
