#include "tools/memory_group.hpp"

#include <atomic>
#include <cerrno>
#include <charconv>
#include <csignal>
#include <fstream>
#include <sstream>
#include <unistd.h>
#include <vector>

namespace troupe::tools {

namespace fs = std::filesystem;
using protocol::errc;
using protocol::fail;
using protocol::result;

namespace {

constexpr std::string_view name_prefix = "troupe-";

/// A group in which others may perhaps be made.
struct parent_group {
  fs::path folder;
  bool is_second = false; ///< Version 2.
};

std::string text_of(const fs::path& file) {
  std::ostringstream text;
  text << std::ifstream{file}.rdbuf();
  return text.str();
}

/// The kernel takes or refuses a value as a whole.
bool write_to(const fs::path& file, const std::string& value) {
  std::ofstream to{file, std::ios::out | std::ios::in};
  to << value << std::flush;
  return to.good();
}

bool has_word(const std::string& text, std::string_view wanted, char between) {
  std::istringstream words{text};
  for (std::string word; std::getline(words, word, between);)
    if (word == wanted || word == std::string{wanted} + '\n')
      return true;
  return false;
}

/// The path behind the second colon of the line that is wanted.
template <class Wanted>
std::string path_where(const std::string& own, Wanted is_wanted) {
  std::istringstream lines{own};
  for (std::string line; std::getline(lines, line);) {
    const auto first = line.find(':');
    const auto second = line.find(':', first + 1);
    if (first != std::string::npos && second != std::string::npos
        && is_wanted(line.substr(first + 1, second - first - 1)))
      return line.substr(second + 1);
  }
  return {};
}

/// A container may not see the group that it is in; it sees that as the root.
fs::path below(const fs::path& root, const std::string& path) {
  std::error_code ec;
  auto folder = root / fs::path{path}.relative_path();
  return fs::is_directory(folder, ec) ? folder : root;
}

std::vector<parent_group> parents(const group_places& at) {
  std::vector<parent_group> all;
  const auto first = path_where(at.own, [](const std::string& controllers) {
    return has_word(controllers, "memory", ',');
  });
  if (!first.empty())
    all.push_back({below(at.mounted / "memory", first), false});
  const auto second = path_where(at.own, [](const std::string& controllers) {
    return controllers.empty();
  });
  for (const auto& root : {at.mounted, at.mounted / "unified"}) {
    if (second.empty()
        || !has_word(text_of(root / "cgroup.controllers"), "memory", ' '))
      continue;
    const auto own = below(root, second);
    all.push_back({own, true});
    if (own != root)
      all.push_back({own.parent_path(), true});
  }
  return all;
}

/// Groups of processes that were killed together with their keepers.
void remove_left_ones(const fs::path& folder) {
  std::error_code ec;
  for (const auto& it : fs::directory_iterator{folder, ec}) {
    const auto name = it.path().filename().string();
    if (!name.starts_with(name_prefix))
      continue;
    pid_t owner = 0;
    const auto* from = name.data() + name_prefix.size();
    const auto parsed = std::from_chars(from, name.data() + name.size(), owner);
    if (parsed.ec == std::errc{} && owner > 0 && ::kill(owner, 0) != 0
        && errno == ESRCH)
      (void)::rmdir(it.path().c_str());
  }
}

bool set_limit(const memory_group& group, bool is_second, std::uint64_t bytes) {
  const fs::path folder = group.folder;
  const auto value = std::to_string(bytes);
  if (!write_to(folder / (is_second ? "memory.max" : "memory.limit_in_bytes"),
                value))
    return false;
  // Where the kernel does not count swap, there are no such files.
  if (is_second) {
    (void)write_to(folder / "memory.swap.max", "0");
    (void)write_to(folder / "memory.oom.group", "1");
  } else {
    (void)write_to(folder / "memory.memsw.limit_in_bytes", value);
  }
  return true;
}

/// Empty `folder`: none may be made here.
memory_group make_in(const parent_group& parent, std::uint64_t bytes) {
  static std::atomic<std::uint64_t> next = 0;
  remove_left_ones(parent.folder);
  const auto enabled = parent.folder / "cgroup.subtree_control";
  if (parent.is_second && !has_word(text_of(enabled), "memory", ' '))
    (void)write_to(enabled, "+memory");
  const auto folder = parent.folder
                      / (std::string{name_prefix} + std::to_string(::getpid())
                         + "-" + std::to_string(++next));
  memory_group made{
      folder.string(), (folder / "cgroup.procs").string(),
      (folder / (parent.is_second ? "memory.events" : "memory.oom_control"))
          .string()};
  std::error_code ec;
  if (!fs::create_directory(folder, ec))
    return {};
  if (set_limit(made, parent.is_second, bytes))
    return made;
  (void)::rmdir(made.folder.c_str());
  return {};
}

} // namespace

group_places places_of_this_process() {
  group_places it;
  it.own = text_of("/proc/self/cgroup");
  return it;
}

result<memory_group> make_memory_group(std::uint64_t bytes,
                                       const group_places& at) {
  std::string tried;
  for (const auto& parent : parents(at)) {
    if (auto made = make_in(parent, bytes); !made.folder.empty())
      return made;
    tried += " " + parent.folder.string();
  }
  return fail(errc::invalid_request,
              "no control group with a bound on memory may be made"
                  + (tried.empty() ? std::string{": there are none here"}
                                   : " in" + tried)
                  + "; a service of systemd needs Delegate=memory and "
                    "DelegateSubgroup=, others the right to write there");
}

bool tells_of_a_kill(std::string_view events) noexcept {
  constexpr std::string_view word = "oom_kill ";
  for (auto at = events.find(word); at != std::string_view::npos;
       at = events.find(word, at + 1)) {
    const auto digit = at + word.size();
    if ((at == 0 || events[at - 1] == '\n') && digit < events.size())
      return events[digit] >= '1' && events[digit] <= '9';
  }
  return false;
}

} // namespace troupe::tools
