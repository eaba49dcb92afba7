#include "simulated_provider_prompt.hpp"

#include "clip.hpp"
#include "text_digest_sentences.hpp"
#include "text_digest_words.hpp"

#include <algorithm>
#include <array>

namespace troupe::actors {

namespace {

using protocol::chat_role;
using protocol::text_part;
using protocol::tool_result;

constexpr std::size_t task_bytes_max = 4000;
constexpr std::size_t feedback_bytes_max = 1000;
constexpr std::uint64_t input_words_min = 12;
constexpr std::uint64_t words_asked_max = 5000;

/// Where the first paragraph ends: at a blank line, or at a line that starts
/// something else.
std::size_t task_bytes(std::string_view text) noexcept {
  std::size_t at = 0;
  bool is_begun = false;
  while (at < text.size()) {
    const auto end = std::min(text.find('\n', at), text.size());
    const auto line = trim(text.substr(at, end - at));
    const bool is_mark =
        !line.empty()
        && (line[0] == '<' || line[0] == '#' || line.starts_with("```")
            || line.starts_with("---") || line.starts_with("Input"));
    if (is_begun && (line.empty() || is_mark))
      return at;
    is_begun = is_begun || !line.empty();
    at = end + 1;
  }
  return text.size();
}

void add_input(std::string_view text, prompt_parts& parts) {
  text = trim(text);
  if (count_words(clip(text, task_bytes_max)) > 0)
    parts.inputs.emplace_back(text);
}

void add_task(std::string_view text, prompt_parts& parts) {
  const auto left = 2 * task_bytes_max - parts.task.size();
  text = trim(text);
  if (text.empty() || left < feedback_bytes_max)
    return;
  if (!parts.task.empty())
    parts.task += "\n\n";
  parts.task += clip(text, std::min(left - 2, task_bytes_max));
}

void read_text(std::string_view text, prompt_parts& parts) {
  if (parts.task.empty()) {
    const auto bytes = task_bytes(text);
    add_task(text.substr(0, bytes), parts);
    const auto rest = text.substr(bytes);
    // A few words more are a remark, not something to digest.
    if (count_words(clip(rest, task_bytes_max)) < input_words_min)
      add_task(rest, parts);
    else
      add_input(rest, parts);
  } else if (text.size() <= feedback_bytes_max
             && text.find("\n\n") == std::string_view::npos && text[0] != '<') {
    add_task(text, parts);
  } else {
    add_input(text, parts);
  }
}

std::optional<std::uint32_t> number_before(std::string_view text,
                                           std::size_t end) {
  while (end > 0 && (text[end - 1] == ' ' || text[end - 1] == '-'))
    --end;
  auto begin = end;
  while (begin > 0 && (is_digit(text[begin - 1]) || text[begin - 1] == ','))
    --begin;
  std::uint64_t value = 0;
  for (const char c : text.substr(begin, std::min<std::size_t>(end - begin, 9)))
    if (is_digit(c))
      value = value * 10 + static_cast<std::uint64_t>(c - '0');
  if (begin == end || value == 0 || value > words_asked_max)
    return std::nullopt;
  const auto before = text.substr(begin > 14 ? begin - 14 : 0,
                                  std::min<std::size_t>(begin, 14));
  const auto says = [&](std::string_view phrase) {
    return before.find(phrase) != std::string_view::npos;
  };
  if (says("least") || says("min"))
    value += value / 4; // to be on the safe side
  else if (says("most") || says("under") || says("max") || says("than"))
    value -= value / 4;
  return static_cast<std::uint32_t>(value);
}

} // namespace

std::optional<std::uint32_t> asked_words(std::string_view task) {
  for (auto at = task.rfind("word"); at != std::string_view::npos && at > 0;
       at = task.rfind("word", at - 1))
    if (const auto number = number_before(task, at))
      return number;
  return std::nullopt;
}

prompt_parts read_prompt(const protocol::model_call& call) {
  prompt_parts parts;
  for (const auto& message : call.messages) {
    if (message.role != chat_role::user)
      continue;
    for (const auto& part : message.content)
      if (const auto* text = std::get_if<text_part>(&part);
          text != nullptr && !trim(text->text).empty())
        read_text(trim(text->text), parts);
      else if (const auto* told = std::get_if<tool_result>(&part))
        add_input(told->content, parts);
  }
  if (parts.inputs.empty())
    add_input(parts.task, parts);
  if (parts.inputs.empty())
    add_input(call.system, parts);
  return parts;
}

std::string_view last_user_text(const protocol::model_call& call) noexcept {
  for (auto message = call.messages.rbegin(); message != call.messages.rend();
       ++message) {
    if (message->role != chat_role::user)
      continue;
    for (auto part = message->content.rbegin(); part != message->content.rend();
         ++part)
      if (const auto* text = std::get_if<text_part>(&*part))
        return text->text;
  }
  return {};
}

} // namespace troupe::actors
