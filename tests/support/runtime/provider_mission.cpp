#include "support/runtime/provider_mission.hpp"

#include <chrono>
#include <condition_variable>
#include <cstdlib>
#include <mutex>

namespace troupe::test {

namespace {

constexpr std::chrono::seconds patience{20};

std::string event(const std::string& json) {
  return "data: " + json + "\n\n";
}

std::string in_capitals(std::string name) {
  for (char& c : name)
    if (c >= 'a' && c <= 'z')
      c = static_cast<char>(c - 'a' + 'A');
  return name;
}

} // namespace

std::string canary_of(const std::string& name) {
  // Backwards, since pieces of a key are redacted, and names stand everywhere.
  return "sk-canary-" + std::string{name.rbegin(), name.rend()}
         + "-0123456789abcdef";
}

provider_config provider_at(const fake_upstream& upstream,
                            const std::string& name) {
  provider_config provider;
  provider.name = name;
  provider.kind = provider_kind::openai_chat;
  provider.base_url = upstream.url("/v1");
  provider.api_key_env = "TROUPE_TEST_KEY_OF_" + in_capitals(name);
  ::setenv(provider.api_key_env.c_str(), canary_of(name).c_str(), 1);
  return provider;
}

runtime_config config_with(std::vector<provider_config> providers) {
  runtime_config config;
  config.log.level = log_level::off;
  config.providers = std::move(providers);
  return config;
}

protocol::mission mission_for(const std::string& model) {
  protocol::mission mission;
  mission.name = "one";
  protocol::agent_spec spec;
  spec.card.name = "writer";
  spec.card.skills = {"write"};
  spec.instructions = "You write.";
  mission.agents = {spec};
  protocol::task_spec task;
  task.id = "say";
  task.agent = "writer";
  task.prompt = "Say hello.";
  task.model = model;
  task.attempts_max = 1;
  mission.tasks = {task};
  return mission;
}

std::string openai_piece(const std::string& text) {
  return event(R"({"choices":[{"index":0,"delta":{"role":"assistant",)"
               R"("content":")"
               + text + R"("}}]})");
}

std::string openai_end(int prompt, int completion) {
  return event(R"({"choices":[{"index":0,"delta":{},)"
               R"("finish_reason":"stop"}]})")
         + event(R"({"choices":[],"usage":{"prompt_tokens":)"
                 + std::to_string(prompt) + R"(,"completion_tokens":)"
                 + std::to_string(completion) + "}}")
         + event("[DONE]");
}

std::string openai_stream() {
  return openai_piece("Hello there") + openai_end(20, 3);
}

bool comes_to(mission_run& run, protocol::event_kind kind) {
  while (const auto event = run.next_event(patience))
    if (event->kind == kind)
      return true;
  return false;
}

bool eventually(const std::function<bool()>& claim) {
  const auto limit = std::chrono::steady_clock::now() + patience;
  std::mutex mutex;
  std::condition_variable never;
  std::unique_lock lock{mutex};
  while (!claim()) {
    if (std::chrono::steady_clock::now() > limit)
      return false;
    never.wait_for(lock, std::chrono::milliseconds{1});
  }
  return true;
}

} // namespace troupe::test
