#include "providers/key_file.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <fcntl.h>
#include <optional>
#include <sys/stat.h>
#include <unistd.h>

namespace troupe::providers {

using protocol::errc;
using protocol::fail;
using protocol::result;

namespace {

constexpr std::size_t key_chars_max = 4096;

class open_file {
public:
  explicit open_file(const std::string& path)
      : fd_(::open(path.c_str(),
                   O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)) {}
  open_file(const open_file&) = delete;
  open_file& operator=(const open_file&) = delete;
  ~open_file() {
    if (fd_ >= 0)
      ::close(fd_);
  }
  [[nodiscard]] int fd() const noexcept { return fd_; }

private:
  int fd_;
};

/// Asks the open file, not the path, which may change in between.
std::optional<protocol::error> access_problem(int fd) {
  struct stat about {};
  if (::fstat(fd, &about) != 0)
    return fail(errc::file_unreadable, "key file");
  const auto mode = about.st_mode & 07777U;
  if (!S_ISREG(about.st_mode))
    return fail(errc::key_file_open, "key file: not a plain file");
  if (about.st_uid != ::geteuid())
    return fail(errc::key_file_open, "key file: owned by somebody else");
  if (mode != 0600 && mode != 0400)
    return fail(errc::key_file_open, "key file: mode must be 0600 or 0400");
  return {};
}

result<secret> read_key(const std::string& path) {
  const open_file file{path};
  if (file.fd() < 0)
    return fail(errc::file_unreadable, "key file: not found or not readable");
  if (auto problem = access_problem(file.fd()))
    return *problem;
  std::array<char, key_chars_max + 3> bytes{};
  std::size_t size = 0;
  for (ssize_t got = 1; got > 0 && size < bytes.size();) {
    got = ::read(file.fd(), bytes.data() + size, bytes.size() - size);
    if (got < 0)
      return fail(errc::file_unreadable, "key file: read failed");
    size += static_cast<std::size_t>(got);
  }
  return secret{std::string(bytes.data(), size)};
}

secret without_newline(const secret& key) {
  std::string_view text = key.reveal();
  if (text.ends_with('\n'))
    text.remove_suffix(1);
  if (text.ends_with('\r'))
    text.remove_suffix(1);
  return secret{std::string{text}};
}

} // namespace

result<void> check_key(const secret& key) {
  const auto& text = key.reveal();
  if (text.empty() || text.size() > key_chars_max)
    return fail(errc::config_invalid, "API key: 1 to 4096 characters");
  if (!std::ranges::all_of(text, [](char c) { return c > ' ' && c <= '~'; }))
    return fail(errc::config_invalid,
                "API key: a character that no key may have");
  return {};
}

result<secret> load_api_key(const std::string& env_name,
                            const std::string& path) {
  secret key;
  const char* from_env =
      env_name.empty() ? nullptr : std::getenv(env_name.c_str());
  if (from_env && *from_env != '\0') {
    key = without_newline(secret{from_env});
  } else if (!path.empty()) {
    auto read = read_key(path);
    if (!read)
      return read.error();
    key = without_newline(*read);
  } else {
    return fail(errc::provider_unauthorized, "no API key: set " + env_name);
  }
  if (auto good = check_key(key); !good)
    return good.error();
  return key;
}

} // namespace troupe::providers
