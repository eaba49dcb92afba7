#include "mission_check_list.hpp"

#include "troupe/protocol/nearest.hpp"

#include <algorithm>

namespace troupe::protocol {

namespace {

bool consists_of(std::string_view text, std::size_t size_max,
                 std::string_view extra) {
  return !text.empty() && text.size() <= size_max
         && std::all_of(text.begin(), text.end(), [extra](char c) {
              return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')
                     || (c >= '0' && c <= '9')
                     || extra.find(c) != std::string_view::npos;
            });
}

} // namespace

bool is_name(std::string_view text) noexcept {
  return consists_of(text, 64, "-_.");
}

bool is_task_id(std::string_view text) noexcept {
  return consists_of(text, 128, "-_./#");
}

void mission_check_list::add(std::string pointer, std::string message) {
  if (!is_full())
    list_.push_back({std::move(pointer), std::move(message)});
}

void mission_check_list::add_unknown(std::string pointer, std::string message,
                                     std::string_view word,
                                     std::span<const std::string> names) {
  if (searches_left_ > 0) {
    --searches_left_;
    message += did_you_mean(word, names);
  }
  add(std::move(pointer), std::move(message));
}

std::string task_prefix(const task_spec& task) {
  return task.id.empty() ? std::string{"task: "}
                         : "task " + shown(task.id) + ": ";
}

std::string shown(std::string_view text) {
  std::string copy{text.substr(0, 60)};
  if (text.size() > copy.size()) {
    // Never half a UTF-8 character at the cut.
    while (!copy.empty() && static_cast<unsigned char>(copy.back()) >= 0x80U)
      copy.pop_back();
    copy += "...";
  }
  for (auto& c : copy)
    if (static_cast<unsigned char>(c) < 0x20U || c == 0x7F)
      c = '?';
  return '\'' + copy + '\'';
}

} // namespace troupe::protocol
