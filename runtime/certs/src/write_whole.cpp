#include "descriptor.hpp"
#include "pem_files.hpp"

#include <atomic>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <sys/stat.h>
#include <unistd.h>

namespace troupe::certs {

using protocol::errc;
using protocol::fail;
using protocol::result;

namespace {

protocol::error unwritable(const std::string& file, int reason) {
  return fail(errc::file_unreadable,
              file + ": cannot be written: "
                  + std::error_code{reason, std::generic_category()}.message());
}

/// A name beside the file that nobody else uses.
std::string beside(const std::string& file) {
  static std::atomic<unsigned> count = 0;
  return file + ".tmp." + std::to_string(::getpid()) + "."
         + std::to_string(++count);
}

int write_all(int into, std::string_view text) {
  while (!text.empty()) {
    const auto count = ::write(into, text.data(), text.size());
    if (count < 0 && errno == EINTR)
      continue;
    if (count < 0)
      return errno;
    text.remove_prefix(static_cast<std::size_t>(count));
  }
  return 0;
}

/// 0, or why not. The mode is set again, as the process may mask some of it.
int fill(const std::string& path, std::string_view text, unsigned mode) {
  const descriptor into{
      ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode)};
  if (into.get() < 0)
    return errno;
  if (const auto reason = write_all(into.get(), text); reason != 0)
    return reason;
  return ::fchmod(into.get(), mode) == 0 && ::fsync(into.get()) == 0 ? 0
                                                                     : errno;
}

/// To its place: `link` does not replace what is there.
int settle(const std::string& from, const std::string& file, bool replaces) {
  if (replaces)
    return ::rename(from.c_str(), file.c_str()) == 0 ? 0 : errno;
  return ::link(from.c_str(), file.c_str()) == 0 ? 0 : errno;
}

int sync_folder_of(const std::string& file) {
  const auto parent = std::filesystem::path{file}.parent_path();
  const descriptor folder{::open(parent.empty() ? "." : parent.c_str(),
                                 O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
  return folder.get() >= 0 && ::fsync(folder.get()) == 0 ? 0 : errno;
}

} // namespace

result<void> write_whole(const std::string& file, std::string_view text,
                         unsigned mode, bool replaces) {
  const auto draft = beside(file);
  auto reason = fill(draft, text, mode);
  if (reason == 0)
    reason = settle(draft, file, replaces);
  ::unlink(draft.c_str()); // gone by now when it was renamed
  if (reason == EEXIST)
    return fail(errc::config_invalid,
                file + ": is there already; --force replaces it");
  if (reason == 0)
    reason = sync_folder_of(file);
  if (reason != 0)
    return unwritable(file, reason);
  return {};
}

} // namespace troupe::certs
