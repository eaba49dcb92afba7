#include "tools/process_tree.hpp"

#include <array>
#include <csignal>
#include <fcntl.h>
#include <unistd.h>

namespace troupe::tools {

namespace {

constexpr std::size_t tree_most = 1'001;

char* put(char* to, const char* text) noexcept {
  while (*text != '\0')
    *to++ = *text++;
  return to;
}

char* put(char* to, pid_t number) noexcept {
  std::array<char, 12> digits{};
  std::size_t size = 0;
  do {
    digits[size++] = static_cast<char>('0' + number % 10);
    number /= 10;
  } while (number > 0);
  while (size > 0)
    *to++ = digits[--size];
  return to;
}

/// Calls `use` with each child that the first thread of `parent` has.
template <class Use>
void for_each_child(pid_t parent, Use use) noexcept {
  std::array<char, 64> path{};
  char* end = put(put(path.data(), "/proc/"), parent);
  put(put(put(end, "/task/"), parent), "/children");
  const int file = ::open(path.data(), O_RDONLY | O_CLOEXEC);
  if (file < 0)
    return;
  std::array<char, 4'096> text{};
  pid_t number = 0;
  for (ssize_t size = 0; (size = ::read(file, text.data(), text.size())) > 0;)
    for (ssize_t i = 0; i < size; ++i) {
      const char c = text[static_cast<std::size_t>(i)];
      if (c >= '0' && c <= '9') {
        number = number * 10 + (c - '0');
      } else if (number != 0) {
        use(number);
        number = 0;
      }
    }
  ::close(file);
}

} // namespace

bool is_tree_above(pid_t root, std::uint32_t most) noexcept {
  std::array<pid_t, tree_most> found{};
  std::size_t count = 0;
  const auto add = [&](pid_t child) noexcept {
    if (count < tree_most)
      found[count++] = child;
  };
  for_each_child(root, add);
  for (std::size_t i = 0; i < count && count < tree_most && count <= most; ++i)
    for_each_child(found[i], add);
  return count > most || count == tree_most;
}

void kill_children() noexcept {
  for_each_child(::getpid(),
                 [](pid_t child) noexcept { ::kill(child, SIGKILL); });
}

} // namespace troupe::tools
