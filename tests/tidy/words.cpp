#include "rules.hpp"

#include <regex>

namespace troupe::tidy {

namespace {

/// Where a word is banned.
enum class where {
  everywhere,
  headers,
  shipped,  ///< Not in tests, benchmarks and examples.
  library,  ///< `shipped` less the mains and the command line.
  messages, ///< protocol's and actors' headers.
  rules,    ///< Files named *_rules.
};

struct ban {
  const char* rule;
  where place;
  std::regex word;
  const char* why;
};

bool applies(where place, const source_file& file) {
  switch (place) {
  case where::everywhere:
    return true;
  case where::headers:
    return file.is_header();
  case where::shipped:
    return file.is_shipped();
  case where::library:
    return file.is_shipped() && !file.is_under("runtime/cli")
           && !file.is_under("runtime/daemon")
           && !file.is_under("runtime/src/cli");
  case where::messages:
    return file.is_under("protocol/include") || file.is_under("actors/include");
  case where::rules:
    return file.path.ends_with("_rules.hpp")
           || file.path.ends_with("_rules.cpp");
  }
  return false;
}

const std::vector<ban>& bans() {
  static const std::vector<ban> all{
      {"infinite-wait", where::shipped, std::regex{R"(\bcaf::infinite\b)"},
       "every wait has a deadline"},
      {"sleep", where::everywhere,
       std::regex{R"(\b(sleep_for|sleep_until|u?sleep|nanosleep)\s*\()"},
       "nothing here may depend on a pause"},
      {"console", where::library,
       std::regex{R"(\bstd::(cout|cerr|clog)\b|\b(printf|puts|putchar)\s*\()"},
       "a library does not write to its user's terminal"},
      {"using-namespace", where::headers,
       std::regex{R"(\busing\s+namespace\b)"},
       "it would apply to whoever includes this"},
      {"floating-point", where::messages, std::regex{R"(\b(float|double)\b)"},
       "messages and money are whole numbers"},
      {"distribution", where::everywhere,
       std::regex{R"(\bstd::\w+_distribution\b)"},
       "its results differ between standard libraries"},
      {"impure-rules", where::rules,
       std::regex{R"(<caf/|\bcaf::|_clock::now\b|\brandom_device\b|\blog::)"},
       "rules get time, chance and messages as arguments"},
  };
  return all;
}

} // namespace

void check_words(const source_file& file, violations& found) {
  // Spelt in pieces, since this file is checked as well.
  static const std::regex unfinished{"\\b(TO"
                                     "DO|FIX"
                                     "ME|XX"
                                     "X)\\b"};
  for (std::size_t n = 0; n < file.code.size(); ++n) {
    if (std::regex_search(file.lines[n], unfinished))
      found.push_back({file.path, n + 1, "unfinished",
                       "marks unfinished work; file an issue instead"});
    for (const auto& each : bans())
      if (applies(each.place, file)
          && std::regex_search(file.code[n], each.word))
        found.push_back({file.path, n + 1, each.rule, each.why});
  }
}

} // namespace troupe::tidy
