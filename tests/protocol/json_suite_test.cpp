#include "support/catch.hpp"
#include "support/file_text.hpp"
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

bool names_a_place(const error& failure) {
  return failure.detail.starts_with("byte ");
}

} // namespace

TEST_CASE("JSONTestSuite: valid texts are read, others refused",
          "[json_suite]") {
  const auto files = troupe::test::files_in(suite, ".json");
  if (files.empty()) {
    WARN("skipped: no " << suite.string());
    return;
  }
  std::map<char, count> counts;
  for (const auto& file : files) {
    const auto name = file.filename().string();
    const auto text = troupe::test::file_text(file);
    const auto parsed = parse_json(text);
    INFO(name);
    INFO((parsed ? std::string{} : parsed.error().detail));
    auto& of_kind = counts[name.front()];
    ++(parsed ? of_kind.accepted : of_kind.refused);
    if (name.front() == 'y')
      CHECK(parsed.has_value() != refused_by_design.contains(name));
    if (name.front() == 'n')
      CHECK(parsed.has_error());
    if (parsed.has_error())
      CHECK(names_a_place(parsed.error()));
    CHECK(decode_message(text).has_error()); // none of them is a message
  }
  CHECK(counts['y'].refused == refused_by_design.size());
  WARN("JSONTestSuite, " << files.size() << " files: valid "
                         << text_of(counts['y']) << " (by design); invalid "
                         << text_of(counts['n']) << "; either "
                         << text_of(counts['i']));
}

} // namespace troupe::protocol
