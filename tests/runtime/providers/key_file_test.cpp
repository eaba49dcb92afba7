#include "providers/key_file.hpp"
#include "support/catch.hpp"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sys/stat.h>
#include <unistd.h>

using namespace troupe;
using protocol::errc;
using providers::load_api_key;
using providers::secret;

namespace {

/// A file of its own for each test.
struct key_file {
  key_file(const std::string& text, mode_t mode) {
    path = (std::filesystem::temp_directory_path()
            / ("troupe-key-" + std::to_string(::getpid())))
               .string();
    std::filesystem::remove(path);
    std::ofstream{path, std::ios::binary} << text;
    ::chmod(path.c_str(), mode);
  }
  ~key_file() { std::filesystem::remove(path); }
  key_file(const key_file&) = delete;
  key_file& operator=(const key_file&) = delete;

  std::string path;
};

constexpr auto variable = "TROUPE_TEST_API_KEY";

} // namespace

TEST_CASE("a key comes from the environment first, then from its file",
          "[key_file]") {
  const key_file file{"from-file\n", 0600};
  ::setenv(variable, "from-env", 1);
  CHECK(load_api_key(variable, file.path)->reveal() == "from-env");
  ::unsetenv(variable);
  CHECK(load_api_key(variable, file.path)->reveal() == "from-file");
  CHECK(load_api_key(variable, {}).error().code == errc::provider_unauthorized);
  CHECK(load_api_key({}, "/nowhere/key").error().code == errc::file_unreadable);
}

TEST_CASE("a key file that others may use is refused", "[key_file]") {
  for (const mode_t mode : {0644, 0660, 0604, 0700, 0000, 04600}) {
    const key_file file{"key", mode};
    const auto read = load_api_key({}, file.path);
    REQUIRE(read.has_error());
    // Only root can open a file of mode 0 at all.
    CHECK((read.error().code == errc::key_file_open
           || (mode == 0 && read.error().code == errc::file_unreadable)));
  }
  const key_file good{"key", 0400};
  CHECK(load_api_key({}, good.path).has_value());
  CHECK(load_api_key({}, "/tmp").error().code == errc::key_file_open);
}

TEST_CASE("a key is one line of printable characters", "[key_file]") {
  for (const std::string text :
       {"", "\n", "a\n\n", "a b", "a\tb", "k\xC3\xA4", "a\r\nb"}) {
    const key_file file{text, 0600};
    INFO(text);
    CHECK(load_api_key({}, file.path).error().code == errc::config_invalid);
  }
  const key_file large{std::string(5000, 'x'), 0600};
  CHECK(load_api_key({}, large.path).error().code == errc::config_invalid);
}

TEST_CASE("a key and its pieces are taken out of texts", "[key_file]") {
  const secret key{"sk-0123456789abcdef"};
  CHECK(key.redacted("bad key sk-0123456789abcdef!") == "bad key [redacted]!");
  CHECK(key.redacted("sk-012345 and 6789abcdef")
        == "[redacted] and [redacted]");
  CHECK(key.redacted("nothing of it") == "nothing of it");
  CHECK(secret{}.redacted("text") == "text");
  CHECK(secret{"abc"}.redacted("xabcx") == "x[redacted]x");
}

TEST_CASE("a key that was moved from is empty", "[key_file]") {
  secret key{"0123456789"};
  const secret other{std::move(key)};
  CHECK(other.reveal() == "0123456789");
  CHECK(key.empty()); // NOLINT: that it is empty is what is promised
}
