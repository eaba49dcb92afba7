// Random trees and crashes on our rules and on OTP's own supervisor.
#include "support/actors/otp_play.hpp"
#include "support/catch.hpp"
#include "support/rounds.hpp"
#include "support/scratch_folder.hpp"

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <map>
#include <sstream>

using namespace troupe::test;

namespace {

/// Lines of each seed.
std::map<std::uint64_t, std::vector<std::string>>
lines_in(const std::string& file) {
  std::map<std::uint64_t, std::vector<std::string>> result;
  std::ifstream in{file};
  std::uint64_t seed = 0;
  for (std::string line; std::getline(in, line);)
    if (line.compare(0, 5, "seed ") == 0)
      result[seed = std::stoull(line.substr(5))];
    else
      result[seed].push_back(line);
  return result;
}

std::string together(const std::vector<std::string>& lines) {
  std::string text;
  for (const auto& it : lines)
    text += it + '\n';
  return text;
}

bool has_erlang() {
  return std::system("command -v escript >/dev/null 2>&1") == 0;
}

} // namespace

TEST_CASE("random trees and crashes go as under OTP's supervisor",
          "[supervisor][otp]") {
  if (!has_erlang()) {
    WARN("skipped: no escript (script/setup --with-checks installs it)");
    return;
  }
  const scratch_folder folder{"otp"};
  const auto plays = (folder.path() / "plays").string();
  const auto told = (folder.path() / "told").string();
  const auto last = rounds(1'000);
  std::ofstream out{plays};
  for (std::uint64_t seed = 1; seed <= last; ++seed)
    out << to_erlang(random_play(seed));
  out.close();
  const auto command = "timeout 300 escript " TROUPE_SOURCE_DIR
                       "/tests/support/actors/otp/oracle.escript "
                       + plays + " >" + told;
  REQUIRE(std::system(command.c_str()) == 0);
  const auto theirs = lines_in(told);
  REQUIRE(theirs.size() == last);
  for (std::uint64_t seed = 1; seed <= last; ++seed) {
    INFO("seed " << seed);
    CHECK(together(in_one_order(lines_of(random_play(seed))))
          == together(in_one_order(theirs.at(seed))));
  }
}
