// Loaded before all else (LD_PRELOAD), it lets a process see a clock of the day
// that somebody else sets: by so many nanoseconds as the file tells that
// TROUPE_CLOCK_SHIFT names, now. Monotonic clocks are left alone, as a kernel's
// are when its clock is set.
#include <atomic>
#include <cerrno>
#include <cstdint>
#include <cstdlib>
#include <ctime>
#include <dlfcn.h>
#include <fcntl.h>
#include <pthread.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <unistd.h>

namespace {

constexpr long second = 1'000'000'000;

const std::atomic<std::int64_t>* find_shift() {
  const char* file = std::getenv("TROUPE_CLOCK_SHIFT");
  const int at = file == nullptr ? -1 : ::open(file, O_RDONLY | O_CLOEXEC);
  if (at < 0)
    return nullptr;
  void* found =
      ::mmap(nullptr, sizeof(std::int64_t), PROT_READ, MAP_SHARED, at, 0);
  ::close(at);
  return found == MAP_FAILED
             ? nullptr
             : static_cast<const std::atomic<std::int64_t>*>(found);
}

std::int64_t shift() {
  static const auto* const at = find_shift();
  return at == nullptr ? 0 : at->load(std::memory_order_relaxed);
}

void add(timespec& to, std::int64_t nanoseconds) {
  auto all =
      static_cast<std::int64_t>(to.tv_sec) * second + to.tv_nsec + nanoseconds;
  to.tv_sec = all / second;
  to.tv_nsec = all % second;
  if (to.tv_nsec < 0) {
    --to.tv_sec;
    to.tv_nsec += second;
  }
}

timespec now() {
  timespec at{};
  ::syscall(SYS_clock_gettime, CLOCK_REALTIME, &at);
  add(at, shift());
  return at;
}

} // namespace

extern "C" {

int clock_gettime(clockid_t which, timespec* to) noexcept {
  if (which == CLOCK_REALTIME || which == CLOCK_REALTIME_COARSE) {
    *to = now();
    return 0;
  }
  return static_cast<int>(::syscall(SYS_clock_gettime, which, to));
}

time_t time(time_t* to) noexcept {
  const auto at = now().tv_sec;
  if (to != nullptr)
    *to = at;
  return at;
}

int gettimeofday(timeval* to, void*) noexcept {
  const auto at = now();
  *to = {at.tv_sec, at.tv_nsec / 1'000};
  return 0;
}

/// Its time is one of the clock of the day: the kernel's is another.
int pthread_cond_timedwait(pthread_cond_t* on, pthread_mutex_t* with,
                           const timespec* until) {
  using original = int (*)(pthread_cond_t*, pthread_mutex_t*, const timespec*);
  static const auto wait = reinterpret_cast<original>(
      ::dlvsym(RTLD_NEXT, "pthread_cond_timedwait", "GLIBC_2.3.2"));
  auto theirs = *until;
  add(theirs, -shift());
  return wait(on, with, &theirs);
}
}
