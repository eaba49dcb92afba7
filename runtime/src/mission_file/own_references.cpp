#include "mission_file/own_references.hpp"

#include <troupe/protocol/reference.hpp>

namespace troupe::mission_file {

std::string renamed(std::string_view text, const std::string& from,
                    const std::string& to) {
  const auto found = protocol::references_in(text);
  if (!found)
    return std::string{text};
  std::string out;
  std::size_t done = 0;
  for (const auto& it : *found) {
    if (it.from == protocol::reference::source::input || it.name != from)
      continue;
    out += text.substr(done, it.at + 2 - done);
    out += to;
    done = it.at + 2 + from.size();
  }
  out += text.substr(done);
  return out;
}

std::string renamed_input(std::string_view text, const std::string& from,
                          const std::string& to, bool is_task) {
  constexpr std::size_t before_name = 9; // `${inputs.`
  const auto found = protocol::references_in(text);
  if (!found)
    return std::string{text};
  std::string out;
  std::size_t done = 0;
  for (const auto& it : *found) {
    if (it.from != protocol::reference::source::input || it.name != from)
      continue;
    out += text.substr(done, it.at - done);
    out += is_task ? "${" + to + ".output" : "${inputs." + to;
    done = it.at + before_name + from.size();
  }
  out += text.substr(done);
  return out;
}

std::string without_references(std::string_view text, const std::string& to) {
  const auto found = protocol::references_in(text);
  if (!found)
    return std::string{text};
  std::string out;
  std::size_t done = 0;
  for (const auto& it : *found) {
    if (it.from == protocol::reference::source::input || it.name != to)
      continue;
    out += text.substr(done, it.at - done);
    done = it.at + it.size;
  }
  out += text.substr(done);
  return out;
}

} // namespace troupe::mission_file
