#include "mission_file/own_references.hpp"

namespace troupe::mission_file {

using protocol::reference;

namespace {

bool is_of_task(const reference& it, const std::string& task) {
  return it.from != reference::source::input && it.name == task;
}

} // namespace

std::string rewritten(std::string_view text, const replacement& instead) {
  constexpr std::string_view before_task = "${";
  constexpr std::string_view before_input = "${inputs.";
  const auto found = protocol::references_in(text);
  if (!found)
    return std::string{text};
  std::string out;
  std::size_t done = 0;
  for (const auto& it : *found) {
    const bool is_input = it.from == reference::source::input;
    const auto before = is_input ? before_input.size() : before_task.size();
    const auto whole = text.substr(it.at, it.size);
    const auto given = instead(it, whole.substr(before + it.name.size()));
    out += text.substr(done, it.at - done);
    out += given ? std::string_view{*given} : whole;
    done = it.at + it.size;
  }
  out += text.substr(done);
  return out;
}

std::string renamed(std::string_view text, const std::string& from,
                    const std::string& to) {
  return rewritten(
      text,
      [&](const auto& it, std::string_view rest) -> std::optional<std::string> {
        if (!is_of_task(it, from))
          return std::nullopt;
        return "${" + to + std::string{rest};
      });
}

std::string without_references(std::string_view text, const std::string& to) {
  return rewritten(
      text,
      [&](const auto& it, std::string_view) -> std::optional<std::string> {
        if (!is_of_task(it, to))
          return std::nullopt;
        return std::string{};
      });
}

std::string without_meaning(std::string_view text) {
  std::string out;
  for (auto at = text.find("${"); at != std::string_view::npos;
       at = text.find("${")) {
    out += text.substr(0, at);
    out += "$${";
    text.remove_prefix(at + 2);
  }
  out += text;
  return out;
}

} // namespace troupe::mission_file
