#include "exchanges/exchange_file.hpp"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <string_view>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace troupe {

using protocol::errc;
using protocol::fail;
using protocol::result;

namespace {

protocol::error refused(const std::string& path, const std::string& why) {
  return fail(errc::file_unreadable, "recording '" + path + "' " + why);
}

} // namespace

exchange_file::exchange_file(std::string path, int descriptor)
    : path_(std::move(path)), file_(descriptor) {}

exchange_file::~exchange_file() {
  ::close(file_);
}

result<std::shared_ptr<exchange_file>>
exchange_file::open(const std::string& path) {
  // Not blocking: a pipe would wait for a reader.
  const int file =
      ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NONBLOCK, 0600);
  if (file < 0)
    return refused(path,
                   std::string{"cannot be written: "} + std::strerror(errno));
  const std::shared_ptr<exchange_file> it{new exchange_file{path, file}};
  if (auto started = it->start(); !started)
    return started.error();
  return it;
}

result<void> exchange_file::start() {
  struct stat what {};
  if (::fstat(file_, &what) != 0 || !S_ISREG(what.st_mode))
    return refused(path_, "is no plain file");
  if (::flock(file_, LOCK_EX | LOCK_NB) != 0)
    return refused(path_, "is written by another process");
  const auto head = protocol::exchange_head() + '\n';
  std::string found(head.size() + 1, '\0');
  const auto size = ::pread(file_, found.data(), found.size(), 0);
  found.resize(size < 0 ? 0 : static_cast<std::size_t>(size));
  if (what.st_size > 0 && found != head)
    return refused(path_, "is there already, and nothing is overwritten: "
                          "remove it, or name another file");
  if (::fchmod(file_, 0600) != 0)
    return refused(path_, std::string{"cannot be closed to others: "}
                              + std::strerror(errno));
  bytes_ = found.size();
  return found.empty() ? write_line(head) : result<void>{};
}

std::uint64_t exchange_file::next_number() {
  const std::lock_guard lock{mutex_};
  return ++begun_;
}

result<void> exchange_file::append(const protocol::model_exchange& exchange) {
  const auto line = to_line(exchange) + '\n';
  const std::lock_guard lock{mutex_};
  if (failure_)
    return {};
  auto written = write_line(line);
  if (written)
    ++recorded_;
  else
    failure_ = written.error();
  return written;
}

result<void> exchange_file::write_line(const std::string& line) {
  if (line.size() - 1 > protocol::exchange_line_bytes_max)
    return fail(errc::limit_exceeded,
                "recording '" + path_ + "': an exchange above 16 MiB");
  if (bytes_ + line.size() > recording_bytes_max
      || recorded_ == recorded_exchanges_max)
    return fail(errc::limit_exceeded, "recording '" + path_
                                          + "': above 512 MiB, or 100,000 "
                                            "exchanges");
  std::string_view left = line;
  while (!left.empty()) {
    const auto size =
        ::pwrite(file_, left.data(), left.size(),
                 static_cast<off_t>(bytes_ + line.size() - left.size()));
    if (size < 0 && errno == EINTR)
      continue;
    if (size <= 0) {
      const auto why = size < 0 ? errno : ENOSPC;
      if (::ftruncate(file_, static_cast<off_t>(bytes_)) != 0)
        return problem("cannot be written, and ends in half a line: ");
      errno = why;
      return problem("cannot be written: ");
    }
    left.remove_prefix(static_cast<std::size_t>(size));
  }
  bytes_ += line.size();
  return {};
}

protocol::error exchange_file::problem(const std::string& why) const {
  return refused(path_, why + std::strerror(errno));
}

protocol::exchange_counts exchange_file::counts() const {
  const std::lock_guard lock{mutex_};
  protocol::exchange_counts out;
  out.recorded = recorded_;
  out.failure = failure_;
  return out;
}

} // namespace troupe
