#include "support/catch.hpp"
#include "support/runtime/recordings.hpp"

#include <algorithm>
#include <iostream>

using namespace troupe;
using test::recording;

namespace {

std::filesystem::path data(const std::string& folder) {
  return std::filesystem::path{TROUPE_SHARED_DATA_DIR} / folder;
}

/// Recordings in which the provider reports an error inside a 200, that are
/// not JSON at their source, or that are no answers yet: we never ask for work
/// in the background.
bool is_refused(const recording& made) {
  return made.name.starts_with("test_tool_use_failed_error_streaming")
         || made.name == "openai-error.1.chunks.txt"
         || made.name == "parallel-tool-call-wrapper.1.chunks.txt"
         || (made.name.starts_with("test_background_mode")
             && made.body.find("\"output\":[]") != std::string::npos);
}

/// Reads all; returns how many gave the tokens that they state.
unsigned check_all(const std::vector<recording>& all) {
  unsigned good = 0;
  for (const auto& made : all) {
    INFO(made.name);
    const auto reply = test::replay(made);
    if (!reply && is_refused(made)) {
      const auto code = reply.error().code;
      CHECK((code == protocol::errc::provider_rejected
             || code == protocol::errc::provider_throttled
             || code == protocol::errc::provider_malformed
             || code == protocol::errc::stream_truncated));
      ++good;
      continue;
    }
    const auto why = reply ? std::string{} : reply.error().detail;
    INFO(why);
    CHECK(reply.has_value());
    if (!reply)
      continue;
    const auto stated = test::stated_in(made);
    if (!stated) {
      CHECK(reply->used.source == protocol::usage_source::estimated);
    } else {
      CHECK(reply->used.prompt() == stated->prompt);
      CHECK(reply->used.output == stated->output);
    }
    ++good;
  }
  return good;
}

/// `12 of openai_chat, 3 of ...`
std::string by_format(const std::vector<recording>& all) {
  std::string text;
  for (const auto& [format, name] :
       {std::pair{providers::wire_format::openai_chat, "openai_chat"},
        std::pair{providers::wire_format::openai_responses, "openai_responses"},
        std::pair{providers::wire_format::anthropic_messages,
                  "anthropic_messages"}}) {
    const auto count = std::ranges::count(
        all, format, [](const auto& it) { return it.format; });
    text += (text.empty() ? "" : ", ") + std::to_string(count) + " of " + name;
  }
  return text;
}

} // namespace

TEST_CASE("every recorded answer gives the tokens that it states",
          "[recordings]") {
  if (!std::filesystem::exists(data("provider-streams"))) {
    WARN("skipped: no recordings");
    return;
  }
  unsigned others = 0;
  const auto files = test::recorded_files(data("provider-streams"), others);
  const auto good = check_all(files);
  std::cout << "recorded files: " << good << " of " << files.size()
            << " answers read (" << by_format(files) << "); " << others
            << " files of other formats\n";
  CHECK(files.size() > 40);
  CHECK(good == files.size());
}

TEST_CASE("every recorded exchange gives the tokens that it states",
          "[recordings]") {
  if (!std::filesystem::exists(data("cassettes"))) {
    WARN("skipped: no recordings");
    return;
  }
  unsigned others = 0;
  std::vector<std::string> broken;
  const auto made = test::recorded_exchanges(data("cassettes"), others, broken);
  const auto good = check_all(made);
  for (const auto& name : broken)
    std::cout << "not YAML for this reader: " << name << '\n';
  // Amazon's own format, with binary headers.
  CHECK(std::ranges::all_of(broken, [](const std::string& name) {
    return name.starts_with("test_bedrock_");
  }));
  std::cout << "recorded exchanges: " << good << " of " << made.size()
            << " answers read (" << by_format(made) << "); " << others
            << " of other formats or failed\n";
  CHECK(made.size() > 100);
  CHECK(good == made.size());
}

TEST_CASE("a recorded stream reads the same however it is cut",
          "[recordings]") {
  if (!std::filesystem::exists(data("provider-streams"))) {
    WARN("skipped: no recordings");
    return;
  }
  unsigned others = 0;
  for (const auto& made :
       test::recorded_files(data("provider-streams"), others)) {
    const auto whole = test::replay(made);
    for (std::uint64_t seed = 1; seed <= 5 && made.is_stream; ++seed) {
      INFO(made.name << ", seed " << seed);
      const auto cut = test::replay(made, seed);
      REQUIRE(cut.has_value() == whole.has_value());
      if (cut)
        CHECK(*cut == *whole);
    }
  }
}

TEST_CASE("a recorded stream cut at any line is no complete answer",
          "[recordings]") {
  const auto root = data("provider-streams");
  if (!std::filesystem::exists(root)) {
    WARN("skipped: no recordings");
    return;
  }
  unsigned others = 0;
  for (auto made : test::recorded_files(root, others)) {
    if (!made.is_stream
        || made.format != providers::wire_format::anthropic_messages)
      continue;
    INFO(made.name);
    made.body.resize(made.body.rfind("data: "));
    const auto cut = test::replay(made);
    REQUIRE(cut.has_error());
    CHECK(cut.error().code == protocol::errc::stream_truncated);
  }
}
