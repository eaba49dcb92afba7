#include "support/catch.hpp"
#include "support/protocol/random_message.hpp"
#include "troupe/protocol/xml.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace troupe::protocol {

namespace {

std::string document() {
  std::ifstream file{TROUPE_SOURCE_DIR "/docs/wire.md"};
  return {std::istreambuf_iterator<char>{file}, {}};
}

/// What stands in the first block of that language after `title`.
std::string block_after(const std::string& text, std::string_view title,
                        const std::string& language) {
  const auto fence = "```" + language + '\n';
  const auto begin = text.find(fence, text.find(title)) + fence.size();
  return text.substr(begin, text.find("```", begin) - begin);
}

} // namespace

TEST_CASE("docs/wire.md has a row for each message", "[wire_document]") {
  const auto text = document();
  REQUIRE_FALSE(text.empty());
  for_each_message_type([&](auto which) {
    using envelope = typename decltype(which)::type;
    const auto row = "| `" + std::string(body_name<decltype(envelope::body)>)
                     + "` | " + std::string(enum_name(envelope::kind)) + " |";
    INFO(row);
    CHECK(text.find(row) != std::string::npos);
  });
}

TEST_CASE("R7: docs/wire.md says of each kind how often it is handled",
          "[wire_document]") {
  const auto text = document();
  for (const auto& name : enum_names<message_kind>()) {
    const auto row = text.find("\n| `" + std::string(name) + "` |");
    REQUIRE(row != std::string::npos);
    const auto line = text.substr(row + 1, text.find('\n', row + 1) - row - 1);
    INFO(line);
    CHECK(line.find("| at most once") != std::string::npos);
  }
}

TEST_CASE("R7: no page promises to deliver anything exactly once",
          "[wire_document]") {
  std::size_t pages = 0;
  for (const auto& it : std::filesystem::recursive_directory_iterator{
           TROUPE_SOURCE_DIR "/docs"}) {
    if (it.path().extension() != ".md")
      continue;
    std::ifstream file{it.path()};
    std::string text{std::istreambuf_iterator<char>{file}, {}};
    std::replace(text.begin(), text.end(), '\n', ' ');
    std::replace(text.begin(), text.end(), '-', ' ');
    INFO(it.path());
    CHECK(text.find("xactly once") == std::string::npos);
    ++pages;
  }
  CHECK(pages > 40);
}

TEST_CASE("docs/wire.md has a row for each field of the header",
          "[wire_document]") {
  const auto text = document();
  for (const auto& name : member_names<header>()) {
    INFO(name);
    CHECK(text.find("| `" + name + "` |") != std::string::npos);
  }
}

TEST_CASE("the messages shown in docs/wire.md are valid", "[wire_document]") {
  const auto text = document();
  for (const auto* title : {"## Envelope", "## Content"}) {
    const auto read = decode_message(block_after(text, title, "json"));
    INFO(title);
    INFO((read ? std::string{} : read.error().detail));
    CHECK(read.has_value());
  }
  const auto read = message_from_xml(block_after(text, "## XML", "xml"));
  INFO((read ? std::string{} : read.error().detail));
  CHECK(read.has_value());
}

} // namespace troupe::protocol
