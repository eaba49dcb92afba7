#include "support/catch.hpp"
#include "tokens/rank_table.hpp"
#include "troupe/runtime/tokens.hpp"

#include <filesystem>
#include <fstream>
#include <unistd.h>

using namespace troupe;
using tokens::rank_table;

namespace {

std::string base64(std::string_view bytes) {
  constexpr std::string_view alphabet =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    unsigned bits = 0;
    const auto part = bytes.substr(i, 3);
    for (std::size_t k = 0; k < 3; ++k)
      bits = (bits << 8U)
             | (k < part.size() ? static_cast<unsigned char>(part[k]) : 0U);
    for (unsigned k = 0; k < 4; ++k)
      out += k <= part.size() ? alphabet[(bits >> (18 - 6 * k)) & 63U] : '=';
  }
  return out;
}

/// All single bytes, ranks 0 to 255, a line each.
std::string byte_lines() {
  std::string text;
  for (int i = 0; i < 256; ++i)
    text += base64(std::string(1, static_cast<char>(i))) + ' '
            + std::to_string(i) + '\n';
  return text;
}

std::string problem_of(const std::string& text) {
  auto table = rank_table::parse(text);
  if (table)
    return "none";
  CHECK(table.error().code == protocol::errc::malformed_message);
  return table.error().detail;
}

} // namespace

TEST_CASE("a rank file is read into a table", "[tokens]") {
  auto table = rank_table::parse(byte_lines() + base64("ab") + " 256\r\n"
                                 + base64("hello world") + " 300\n");
  REQUIRE(table.has_value());
  CHECK(table->size() == 258);
  CHECK(table->find("a") == 97);
  CHECK(table->find("ab") == 256);
  CHECK(table->of_pair('a', 'b') == 256);
  CHECK(table->of_pair('b', 'a') == tokens::no_rank);
  CHECK(table->find("hello world") == 300);
  CHECK(table->find("hello worl") == tokens::no_rank);
  CHECK(table->token_bytes_max() == 11);
}

TEST_CASE("a wrong line of a rank file is told by its number", "[tokens]") {
  const auto bytes = byte_lines();
  CHECK(problem_of(bytes + "YWI=\n") == "line 257: expected '<base64> <rank>'");
  CHECK(problem_of(bytes + "YWI 256\n") == "line 257: the token is not base64");
  CHECK(problem_of(bytes + "YW=I 256") == "line 257: the token is not base64");
  CHECK(problem_of(bytes + "YWJ= 256") == "line 257: the token is not base64");
  CHECK(problem_of(bytes + " 256") == "line 257: the token is not base64");
  for (auto number : {"-1", "2x", "", "16777216", "99999999999"})
    CHECK(problem_of(bytes + "YWI= " + number)
          == "line 257: the rank is not a number from 0 to 16777215");
  CHECK(problem_of(bytes + "YWI= 97") == "line 257: the rank came before");
  CHECK(problem_of(bytes + "YQ== 256") == "line 257: the token came before");
  CHECK(problem_of(bytes + "\n\n").starts_with("line 257"));
  CHECK(problem_of(bytes + base64(std::string(1025, 'x')) + " 256")
        == "line 257: the token is too long");
}

TEST_CASE("a rank file without every single byte is refused", "[tokens]") {
  CHECK(problem_of("YWI= 0\n")
        == "line 1: the file ends without all 256 single bytes");
  CHECK(problem_of("").starts_with("line 0"));
}

TEST_CASE("a rank file that is missing or too large is unreadable",
          "[tokens]") {
  auto missing = load_token_counter("/nonexistent/ranks", token_split::o200k);
  REQUIRE(missing.has_error());
  CHECK(missing.error().code == protocol::errc::file_unreadable);
  auto folder = load_token_counter("/", token_split::o200k);
  REQUIRE(folder.has_error());
  CHECK(folder.error().code == protocol::errc::file_unreadable);
  const auto path = std::filesystem::temp_directory_path()
                    / ("troupe_ranks_" + std::to_string(::getpid()));
  std::ofstream{path} << "x";
  std::filesystem::resize_file(path, (16U << 20U) + 1);
  auto large = load_token_counter(path, token_split::o200k);
  REQUIRE(large.has_error());
  CHECK(large.error().code == protocol::errc::file_unreadable);
  std::ofstream{path, std::ios::trunc} << byte_lines();
  auto small = load_token_counter(path, token_split::cl100k);
  REQUIRE(small.has_value());
  CHECK((*small)->count("abc") == 3);
  CHECK((*small)->name() == "cl100k_base");
  std::filesystem::remove(path);
}
