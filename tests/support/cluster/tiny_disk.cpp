#include "support/cluster/tiny_disk.hpp"

#include <cerrno>
#include <fcntl.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/statvfs.h>
#include <system_error>
#include <thread>
#include <unistd.h>
#include <vector>

namespace troupe::test {

namespace {

constexpr auto filler = "filler";

[[noreturn]] void give_up(int problem, const char* what) {
  throw std::system_error{problem, std::generic_category(), what};
}

} // namespace

tiny_disk::tiny_disk(const std::string& folder, std::size_t bytes) {
  int problem = 0;
  const auto options = "size=" + std::to_string(bytes);
  std::thread{[&] { // only the thread that asks moves
    if (::unshare(CLONE_NEWNS) != 0
        || ::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0
        || ::mount("tmpfs", folder.c_str(), "tmpfs", 0, options.c_str()) != 0) {
      problem = errno;
      return;
    }
    mounts_ =
        descriptor{::open("/proc/thread-self/ns/mnt", O_RDONLY | O_CLOEXEC)};
    folder_ = descriptor{::open(folder.c_str(), O_PATH | O_CLOEXEC)};
  }}
      .join();
  if (problem != 0 || mounts_.get() < 0 || folder_.get() < 0)
    give_up(problem, "a disk of its own");
}

void tiny_disk::fill() const {
  const descriptor file{::openat(
      folder_.get(), filler, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600)};
  if (file.get() < 0)
    give_up(errno, "a file that fills the disk");
  const std::vector<char> piece(4'096, 'x');
  while (::write(file.get(), piece.data(), piece.size()) > 0) {
  }
}

void tiny_disk::make_room() const {
  if (::unlinkat(folder_.get(), filler, 0) != 0)
    give_up(errno, "the file that fills the disk");
}

std::size_t tiny_disk::free_bytes() const {
  struct statvfs about {};
  if (::fstatvfs(folder_.get(), &about) != 0)
    give_up(errno, "the disk's state");
  return about.f_bavail * about.f_bsize;
}

} // namespace troupe::test
