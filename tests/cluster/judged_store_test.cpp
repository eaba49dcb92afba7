// Testbed and checker together: of two stores, the one that acknowledges too
// early is found out, and the careful one is not.
#include "support/catch.hpp"
#include "support/cluster/history_checker.hpp"
#include "support/cluster/line_talk.hpp"
#include "support/cluster/testbed.hpp"

#include <sstream>

using namespace std::chrono_literals;
using namespace troupe::test;

namespace {

constexpr auto soon = 20s;
constexpr int port = 7000;

bool is_skipped() {
  static const auto why = why_no_networks();
  if (!why.empty())
    WARN("skipped: " << why);
  return !why.empty();
}

/// A primary and its copy, and a client that takes down what it sees.
class judged_store {
public:
  explicit judged_store(const std::string& kind) {
    start("copy", {kind, std::to_string(port)});
    start("primary", {kind, std::to_string(port), bed.address("copy"),
                      std::to_string(port)});
  }

  void write(const std::string& node, const std::string& value) {
    client_op op;
    op.client = "ada";
    op.node = node;
    op.key = "tide";
    op.value = value;
    const auto id = seen.begin(op);
    const auto answer = ask(node, "set tide " + value);
    std::istringstream words{answer};
    std::string word;
    std::uint64_t version = 0;
    words >> word >> version;
    if (word == "ok")
      seen.end(id, op_end::ok, version);
  }

  void read(const std::string& node) {
    client_op op;
    op.kind = op_kind::read;
    op.client = "ada";
    op.node = node;
    op.key = "tide";
    const auto id = seen.begin(op);
    std::istringstream words{ask(node, "get tide")};
    std::string word;
    std::string value;
    std::uint64_t version = 0;
    words >> word >> version >> value;
    if (word == "is")
      seen.end(id, op_end::ok, version, value);
  }

  testbed bed;
  history_recorder seen{[begin = std::chrono::steady_clock::now()] {
    return std::chrono::duration_cast<history_time>(
        std::chrono::steady_clock::now() - begin);
  }};

private:
  void start(const std::string& node, std::vector<std::string> words) {
    words.insert(words.begin(),
                 TROUPE_BINARY_DIR "/tests/bin/troupe_cluster_register");
    bed.start(node, words);
    REQUIRE(bed.wait_line(node, "listening", soon));
  }

  std::string ask(const std::string& node, const std::string& line) {
    line_talk talk{bed.connect("client", node, port, soon)};
    return talk.ask(line, soon).value_or("");
  }
};

/// What is broken when the copy takes over from a primary that was cut off.
std::string judge(const std::string& kind) {
  judged_store store{kind};
  store.write("primary", "one");
  // The copy has it before the link is cut.
  REQUIRE(store.bed.wait_line("copy", "put tide 1 one", soon));
  store.bed.cut("primary", "copy");
  store.write("primary", "two");
  store.bed.power_off("primary");
  store.bed.heal_all();
  store.read("copy");
  std::string rules;
  for (const auto& each : check_history(store.seen.taken()))
    rules += each.rule + ' ';
  return rules;
}

} // namespace

TEST_CASE("a store that acknowledges before its copy has it is found out",
          "[judged_store]") {
  if (is_skipped())
    return;
  CHECK(judge("early") == "lost back ");
}

TEST_CASE("a store that acknowledges behind its copy is not",
          "[judged_store]") {
  if (is_skipped())
    return;
  CHECK(judge("careful").empty());
}
