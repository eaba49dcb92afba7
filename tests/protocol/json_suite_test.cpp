#include "support/catch.hpp"
#include "support/file_text.hpp"
#include "support/suite_counts.hpp"
#include "troupe/protocol/message_variant.hpp"

#include <set>

namespace troupe::protocol {

namespace {

const std::filesystem::path suite =
    TROUPE_SHARED_DATA_DIR "/jsontestsuite/test_parsing";

/// Valid JSON that is refused by design.
const std::set<std::string> refused_by_design{
    "y_object_duplicated_key.json",           // a field that occurs twice
    "y_object_duplicated_key_and_value.json", // the same
};

struct count {
  std::size_t accepted = 0;
  std::size_t refused = 0;
};

std::string text_of(const count& all) {
  return std::to_string(all.accepted) + " accepted, "
         + std::to_string(all.refused) + " refused";
}

/// By the first letter of its name a text must be read, must be refused, or may
/// be either.
bool is_as_expected(const std::string& name, const json_problem& refusal) {
  if (refusal && !refusal->detail.starts_with("byte "))
    return false;
  if (name.front() == 'y')
    return refusal.has_value() == refused_by_design.contains(name);
  return name.front() == 'i' || refusal;
}

} // namespace

TEST_CASE("JSONTestSuite: valid texts are read, others refused",
          "[json_suite]") {
  const auto files = troupe::test::files_in(suite, ".json");
  troupe::test::suite_counts all{"jsontestsuite"};
  if (files.empty()) {
    WARN(all.line());
    WARN("skipped: no " << suite.string());
    return;
  }
  std::map<char, count> counts;
  for (const auto& file : files) {
    const auto name = file.filename().string();
    const auto text = troupe::test::file_text(file);
    const auto parsed = parse_json(text);
    INFO(name);
    const auto refusal = parsed ? json_problem{} : parsed.error();
    INFO((refusal ? refusal->detail : ""));
    auto& of_kind = counts[name.front()];
    ++(parsed ? of_kind.accepted : of_kind.refused);
    const bool expected = is_as_expected(name, refusal);
    CHECK(expected);
    all.count(expected);
    CHECK(decode_message(text).has_error()); // none of them is a message
  }
  CHECK(counts['y'].refused == refused_by_design.size());
  WARN(all.line());
  WARN("JSONTestSuite, " << files.size() << " files: valid "
                         << text_of(counts['y']) << " (by design); invalid "
                         << text_of(counts['n']) << "; either "
                         << text_of(counts['i']));
}

} // namespace troupe::protocol
