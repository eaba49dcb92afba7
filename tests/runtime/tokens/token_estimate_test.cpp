#include "support/catch.hpp"
#include "support/runtime/rank_files.hpp"
#include "tokens/bpe_encoder.hpp"

#include <cstdlib>

using namespace troupe;
using protocol::token_estimator;

namespace {

std::shared_ptr<const tokens::bpe_encoder> o200k() {
  const auto text = test::rank_file_text("o200k_base");
  if (!text)
    return nullptr;
  auto made = tokens::bpe_encoder::make(*text, token_split::o200k);
  REQUIRE(made.has_value());
  return *made;
}

/// Parts of about 2,000 bytes, cut between characters.
std::vector<std::string_view> parts_of(std::string_view text) {
  std::vector<std::string_view> parts;
  while (!text.empty()) {
    auto end = std::min<std::size_t>(2000, text.size());
    while (end < text.size()
           && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U)
      ++end;
    parts.push_back(text.substr(0, end));
    text.remove_prefix(end);
  }
  return parts;
}

} // namespace

TEST_CASE("the estimate of real texts is near the exact count", "[tokens]") {
  const auto exact = o200k();
  if (!exact) {
    WARN("skipped: no rank files");
    return;
  }
  const token_estimator estimator;
  struct limit {
    const char* file;
    std::uint64_t mean_permille;
  };
  for (const auto& [file, mean_permille] :
       {limit{"longdocs/moby-dick.txt", 60},
        limit{"longdocs/sotu/2020_donald_j_trump_r.txt", 60},
        limit{"prices/usages.json", 50}}) {
    const auto text = test::data_text(file);
    REQUIRE(text.has_value());
    std::uint64_t sum = 0;
    std::uint64_t off = 0;
    for (auto part : parts_of(std::string_view{*text}.substr(0, 200'000))) {
      const auto truth = static_cast<std::int64_t>(exact->count(part));
      const auto guess = static_cast<std::int64_t>(estimator.count(part));
      sum += static_cast<std::uint64_t>(truth);
      off += static_cast<std::uint64_t>(std::abs(guess - truth));
      REQUIRE(static_cast<std::uint64_t>(truth) <= estimator.upper_bound(part));
    }
    INFO(file << ": off by " << off << " of " << sum);
    CHECK(off * 1000 <= sum * mean_permille);
  }
}

TEST_CASE("the bound of hostile strings is never below the exact count",
          "[tokens]") {
  const auto exact = o200k();
  const auto text = test::data_text("blns/blns.txt");
  if (!exact || !text) {
    WARN("skipped: no rank files or hostile strings");
    return;
  }
  const token_estimator estimator;
  std::string_view left = *text;
  while (!left.empty()) {
    const auto end = std::min(left.find('\n') + 1, left.size());
    const auto line = left.substr(0, end == 0 ? left.size() : end);
    left.remove_prefix(line.size());
    REQUIRE(exact->count(line) <= estimator.upper_bound(line));
    REQUIRE(estimator.count(line) <= estimator.upper_bound(line));
  }
}
