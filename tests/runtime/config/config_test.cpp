#include "support/catch.hpp"
#include "support/scratch_folder.hpp"
#include "troupe/runtime/config.hpp"
#include "yaml/file.hpp"

using namespace troupe;
using namespace std::chrono_literals;

namespace {

const environment_reader no_environment = [](const std::string&) {
  return std::nullopt;
};

struct fixture {
  test::scratch_folder folder{"config"};
  std::string path;

  loaded_config load(std::string_view text) {
    path = folder.write("troupe.yaml", text);
    return load_config(path, no_environment);
  }

  /// Problems without the path in front.
  std::string told(std::string_view text) {
    auto list = load(text).problems;
    for (auto& one : list)
      one.file = "c";
    return to_text(list);
  }
};

constexpr std::string_view whole_file = R"(threads: 4
seed: 7
catalogue: [models.yaml]
tokens: {ranks: {o200k: o200k.tiktoken}}
tenant: studio
budget: 50 USD
budget_window: month
ledger: money/troupe.ledger
providers:
  anthropic: {api_key_file: key, connections_max: 8}
  local:
    kind: openai_chat
    base_url: http://127.0.0.1:8080/v1
    api_key_env: LOCAL_KEY
    headers: {X-Title: troupe}
    waiting_max: 10
    timeouts: {connect: 1s, first_byte: 5m, idle: 30s}
    ca_file: ca.pem
simulated: {latency_scale_permille: 0, failure_permille: 5}
log: {level: info, file: t.log}
routing:
  tiers: {low: basic, medium: basic, high: expert, critical: expert}
  attempts_max: 2
  patience: 1m
limits: {runs: 2, calls_in_flight: 3, agents: 4, mission_file_bytes: 2048,
  input_file_bytes: 4096, mailbox_messages: 9, mailbox_bytes: 65539,
  delegation_depth: 2, delegation_questions: 0, poison_crashes: 8,
  quarantine_max: 11}
history: {enabled: true, entries_max: 5, bytes_max: 65536, age_max: 2h,
  sample_permille: 10, secrets_env: [A_SECRET]}
state: {keys_max: 6, bytes_max: 65537, value_bytes_max: 1025, versions_max: 7,
  history_bytes_max: 65538, subscriptions_max: 8}
)";

/// Every field as docs/config.md must name it.
template <class T>
void collect_fields(const T& value, const std::string& prefix,
                    std::vector<std::string>& out) {
  protocol::for_each_member(value, [&](std::string_view name, auto& member) {
    using member_type = std::remove_cvref_t<decltype(member)>;
    const auto path = prefix + std::string{name};
    if constexpr (std::is_same_v<member_type, std::vector<provider_config>>) {
      out.push_back(path);
      collect_fields(provider_config{}, path + ".*.", out);
    } else if constexpr (
        protocol::described<
            member_type> && !std::is_same_v<member_type, protocol::money>) {
      collect_fields(member, path + ".", out);
    } else {
      out.push_back(path);
    }
  });
}

} // namespace

TEST_CASE("the defaults are right and need no file", "[config]") {
  CHECK(check_config({}).empty());
  auto loaded = load_config({}, [](const std::string& name) {
    return name == "HOME" ? std::optional<std::string>{"/nowhere"}
                          : std::nullopt;
  });
  CHECK(loaded.problems.empty());
  CHECK(loaded.config.providers.size() == 4);
}

TEST_CASE("every field of the configuration is in its page", "[config]") {
  auto page = yaml::read_file(TROUPE_SOURCE_DIR "/docs/config.md", 1U << 20U);
  REQUIRE(page.has_value());
  std::vector<std::string> fields;
  collect_fields(runtime_config{}, "", fields);
  CHECK(fields.size() > 30);
  for (const auto& field : fields) {
    INFO(field);
    CHECK(page->find("| `" + field + "` |") != std::string::npos);
  }
}

TEST_CASE("every field of a file reaches the configuration", "[config]") {
  fixture f;
  f.folder.write("models.yaml", "x");
  f.folder.write("o200k.tiktoken", "x");
  f.folder.write("key", "x");
  f.folder.write("ca.pem", "x");
  auto [config, file, problems] = f.load(whole_file);
  REQUIRE(to_text(problems) == "");
  CHECK(config.threads == 4);
  CHECK(config.seed == 7);
  CHECK(config.catalogue[0] == (f.folder.path() / "models.yaml").string());
  CHECK(config.tokens.ranks.at("o200k")
        == (f.folder.path() / "o200k.tiktoken").string());
  CHECK(config.tenant == "studio");
  CHECK(config.budget == protocol::money{50'000'000'000});
  CHECK(config.budget_window == protocol::budget_window::month);
  CHECK(config.ledger.ends_with("/money/troupe.ledger"));
  REQUIRE(config.providers.size() == 5);
  CHECK(config.providers[0].connections_max == 8);
  CHECK(config.providers[0].base_url == "https://api.anthropic.com/v1");
  const auto& local = config.providers[4];
  CHECK(local.name == "local");
  CHECK(local.headers.at("X-Title") == "troupe");
  CHECK(local.timeouts.first_byte == 5min);
  CHECK(local.api_key_env == "LOCAL_KEY");
  CHECK(config.simulated.latency_scale_permille == 0);
  CHECK(config.log.level == log_level::info);
  CHECK(config.routing.tiers.high == protocol::tier::expert);
  CHECK(config.routing.patience == 1min);
  CHECK(config.limits.input_file_bytes == 4096);
  CHECK(config.limits.mailbox_messages == 9);
  CHECK(config.limits.poison_crashes == 8);
  CHECK(config.limits.quarantine_max == 11);
  CHECK(config.limits.mailbox_bytes == 65'539);
  CHECK(config.limits.delegation_depth == 2);
  CHECK(config.limits.delegation_questions == 0);
  CHECK(config.history.enabled);
  CHECK(config.history.entries_max == 5);
  CHECK(config.history.bytes_max == 65'536);
  CHECK(config.history.age_max == 2h);
  CHECK(config.history.sample_permille == 10);
  CHECK(config.history.secrets_env == std::vector<std::string>{"A_SECRET"});
  CHECK(config.state.keys_max == 6);
  CHECK(config.state.bytes_max == 65'537);
  CHECK(config.state.value_bytes_max == 1'025);
  CHECK(config.state.versions_max == 7);
  CHECK(config.state.history_bytes_max == 65'538);
  CHECK(config.state.subscriptions_max == 8);
}

TEST_CASE("what a file says of caches reaches the configuration", "[config]") {
  fixture f;
  const auto config = f.load(R"(providers: {openrouter: {prompt_cache: on}}
cache: {mode: read_write, file: a.db, ttl: 2h, entries_max: 9,
  bytes_max: 65540, file_entries_max: 10, file_bytes_max: 65541,
  temperature_permille_max: 300, tool_calls: true}
)")
                          .config;
  CHECK(config.providers[2].prompt_cache == prompt_caching::on);
  CHECK(config.cache.mode == cache_mode::read_write);
  CHECK(config.cache.file == (f.folder.path() / "a.db").string());
  CHECK(config.cache.ttl == 2h);
  CHECK(config.cache.entries_max == 9);
  CHECK(config.cache.bytes_max == 65'540);
  CHECK(config.cache.file_entries_max == 10);
  CHECK(config.cache.file_bytes_max == 65'541);
  CHECK(config.cache.temperature_permille_max == 300);
  CHECK(config.cache.tool_calls);
}

TEST_CASE("bounds of the cache that make no sense are problems", "[config]") {
  fixture f;
  CHECK(f.told("cache: {mode: maybe, ttl: 0s, temperature_permille_max: 2001}")
        == "c:1:15: 'maybe' is not one of off, read_write\n"
           "c:1:27: 'ttl' must be from 1.0 s to 365 d 00 h, not '0s'\n"
           "c:1:57: 'temperature_permille_max' must be a whole number from 0 "
           "to 2000, not '2001'\n");
  runtime_config config;
  config.cache.bytes_max = 1;
  const auto found = check_config(config);
  REQUIRE(found.size() == 1);
  CHECK(found[0].pointer == "/cache/bytes_max");
}

TEST_CASE("all problems of a configuration are told at once", "[config]") {
  fixture f;
  CHECK(
      f.told(R"(thread: 4
tenant: a b
budget: 0
catalogue: gone.yaml
providers:
  local: {kind: openai_chat, base_url: "http://example.com/v1"}
  other: {base_url: "https://me:secret@example.com", connections_max: 0}
  third: {kind: anthropic_mesages}
  simulated: {base_url: "https://example.com"}
log: {level: loud}
routing: {tiers: {urgent: expert}, patience: 0s}
)")
      == "c:1:1: unknown key 'thread' (did you mean 'threads'?)\n"
         "c:2:9: the tenant's name must have 1 to 64 letters, digits, '-', "
         "'_' or '.'\n"
         "c:3:9: a budget must be above 0; leave it out for no limit\n"
         "c:4:12: there is no file '"
             + (f.folder.path() / "gone.yaml").string()
             + "'\n"
               "c:6:40: 'base_url' must be https: http shows keys and prompts "
               "to the network, and is for this machine only\n"
               "c:7:10: 'kind' is missing\n"
               "c:7:21: 'base_url' must be an address like https://host/v1, "
               "without user, query and fragment\n"
               "c:7:71: 'connections_max' must be a whole number from 1 to "
               "1000, not '0'\n"
               "c:8:10: 'base_url' is missing\n"
               "c:8:17: 'anthropic_mesages' is not one of openai_chat, "
               "openai_responses, "
               "anthropic_messages, simulated (did you mean "
               "'anthropic_messages'?)\n"
               "c:9:25: a simulated provider has no address\n"
               "c:10:14: 'loud' is not one of debug, info, warn, error, off\n"
               "c:11:19: unknown key 'urgent'\n"
               "c:11:46: 'patience' must be from 1.0 s to 1 d 00 h, not "
               "'0s'\n");
} // namespace

TEST_CASE("a key in the file is refused and never shown", "[config]") {
  fixture f;
  auto text = f.told(R"(threads: sk-ant-hunter2
providers:
  anthropic: {api_key: hunter2hunter2}
  openai:
    api_key_env: sk-proj-hunter2
    headers: {Authorization: "Bearer hunter2", X-Api-Key: hunter2}
  openrouter: {api_key_env: hunter2-in-lower-case}
)");
  INFO(text);
  CHECK(text.find("hunter2") == std::string::npos);
  CHECK(text.find("c:1:10: keys are not kept in this file") == 0);
  CHECK(text.find("c:3:15: keys are not kept") != std::string::npos);
  CHECK(text.find("c:5:18: keys are not kept") != std::string::npos);
  CHECK(text.find("c:6:14: a header that carries a key") != std::string::npos);
  CHECK(text.find("c:7:29: 'api_key_env' must be the name")
        != std::string::npos);
}

TEST_CASE("the environment names the file, which must then exist", "[config]") {
  test::scratch_folder folder{"config-env"};
  auto named = folder.write("mine.yaml", "threads: 3\n");
  auto in_home = folder.write("troupe/troupe.yaml", "threads: 5\n");
  auto load_with = [](std::string variable, std::string value) {
    return load_config({}, [=](const std::string& name) {
      return name == variable ? std::optional{value} : std::nullopt;
    });
  };
  CHECK(load_with("TROUPE_CONFIG", named).config.threads == 3);
  CHECK(load_with("XDG_CONFIG_HOME", folder.path().string()).file == in_home);
  CHECK(to_text(load_with("TROUPE_CONFIG", "/nowhere/x.yaml").problems)
        == "/nowhere/x.yaml: there is no such file\n");
}

TEST_CASE("a configuration built in C++ is checked too", "[config]") {
  runtime_config config;
  config.threads = 5000;
  config.providers.push_back(config.providers[0]);
  config.providers[0].timeouts.idle = {};
  config.providers[1].headers["A"] = "x\r\nB: y";
  config.routing.attempts_max = 0;
  std::string text;
  for (const auto& one : check_config(config))
    text += one.pointer + "\n";
  CHECK(text
        == "/threads\n/providers/0/timeouts/idle\n/providers/1/headers\n"
           "/providers/4/name\n/routing/attempts_max\n");
}
