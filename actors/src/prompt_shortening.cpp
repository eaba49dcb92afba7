#include "prompt_shortening.hpp"

#include "clip.hpp"
#include "text_digest.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <vector>

namespace troupe::actors {

using namespace protocol;

namespace {

/// No piece is cut to fewer.
constexpr std::uint64_t least_tokens = 200;

/// That are read for digests of one call; some 3 ms.
constexpr std::size_t digested_bytes_max = 64'000;
constexpr std::size_t piece_bytes_max = 16'000;

constexpr std::size_t task_bytes_max = 4'000;

constexpr std::string_view cut_mark = "[Cut down] ";

constexpr std::string_view finish_text =
    "No more tools can be called. Finish now with what you have, and say what "
    "is missing.";

/// Who said it, in the order in which it is cut.
enum class origin : std::uint8_t { tool, model, user };
constexpr std::array cutting_order{origin::tool, origin::model, origin::user};

struct piece {
  std::string* text = nullptr;
  std::uint64_t tokens = 0;
};

std::string* text_in(content_part& part, chat_role role, origin from) {
  if (from == origin::tool) {
    auto* result = std::get_if<tool_result>(&part);
    return result == nullptr ? nullptr : &result->content;
  }
  const auto wanted =
      from == origin::model ? chat_role::assistant : chat_role::user;
  auto* text = std::get_if<text_part>(&part);
  return text == nullptr || role != wanted ? nullptr : &text->text;
}

/// Those that may be cut, the latest first.
std::vector<piece> pieces_of(model_call& call, origin from,
                             const token_counter& counter) {
  std::vector<piece> found;
  const auto first = std::find_if(
      call.messages.begin(), call.messages.end(),
      [](const chat_message& it) { return it.role == chat_role::user; });
  for (auto it = call.messages.begin(); it != call.messages.end(); ++it) {
    if (it == first || it + 1 == call.messages.end())
      continue;
    for (auto& part : it->content)
      if (auto* text = text_in(part, it->role, from))
        if (const auto tokens = counter.upper_bound(*text);
            tokens > least_tokens)
          found.push_back({text, tokens});
  }
  std::reverse(found.begin(), found.end());
  return found;
}

std::uint64_t saved_by(const std::vector<piece>& pieces, std::uint64_t cap) {
  std::uint64_t sum = 0;
  for (const auto& it : pieces)
    sum += it.tokens - std::min(it.tokens, cap);
  return sum;
}

/// To how many tokens all that are longer must be cut.
std::uint64_t cap_for(const std::vector<piece>& pieces, std::uint64_t excess) {
  auto fits = least_tokens; // or nothing does
  auto too_long = least_tokens + 1;
  for (const auto& it : pieces)
    too_long = std::max(too_long, it.tokens);
  while (fits + 1 < too_long) {
    const auto middle = fits + (too_long - fits) / 2;
    (saved_by(pieces, middle) >= excess ? fits : too_long) = middle;
  }
  return fits;
}

class shortener {
public:
  shortener(const model_call& call, const token_counter& counter)
      : counter_(counter) {
    for (const auto& it : call.messages)
      if (it.role == chat_role::user) {
        task_ = clip(text_of(it.content), task_bytes_max);
        return;
      }
  }

  /// Returns how many tokens were saved.
  std::uint64_t cut(const piece& it, std::uint64_t cap) {
    auto shorter = std::string(cut_mark) + rest_of(*it.text, cap);
    const auto tokens = counter_.upper_bound(shorter);
    if (tokens >= it.tokens || shorter.size() >= it.text->size())
      return 0;
    *it.text = std::move(shorter);
    return it.tokens - tokens;
  }

private:
  [[nodiscard]] std::string rest_of(std::string_view text, std::uint64_t cap) {
    const auto room = cap - cut_mark.size();
    const auto read = std::min(text.size(), piece_bytes_max);
    if (read > bytes_left_) // the oldest
      return std::string(clip(text, room));
    bytes_left_ -= read;
    digest_request what;
    what.task = task_;
    what.inputs = {text};
    what.tokens_max = room;
    what.bytes_max = piece_bytes_max;
    what.opens_with_task = false;
    return digest_of(
        what, [this](std::string_view it) { return counter_.upper_bound(it); });
  }

  const token_counter& counter_;
  std::string task_;
  std::size_t bytes_left_ = digested_bytes_max;
};

std::string as_text(const tool_call& it) {
  return "\n[Call " + it.call_id + ", " + it.name + ": " + it.arguments + "]";
}

std::string as_text(const tool_result& it) {
  return "\n[" + std::string(it.is_error ? "Failure" : "Result") + " of "
         + it.call_id + ": " + it.content + "]";
}

} // namespace

bool compact(model_call& call, std::uint64_t tokens_max,
             const token_counter& counter) {
  const auto before = bound_prompt_tokens(call, counter);
  auto tokens = before;
  shortener with{call, counter};
  for (const auto from : cutting_order) {
    if (tokens <= tokens_max)
      break;
    const auto pieces = pieces_of(call, from, counter);
    const auto cap = cap_for(pieces, tokens - tokens_max);
    for (const auto& it : pieces)
      if (it.tokens > cap)
        tokens -= with.cut(it, cap);
  }
  return tokens < before;
}

bool wrap_up(model_call& call) {
  if (call.tools.empty())
    return false;
  call.tools.clear();
  call.system += (call.system.empty() ? "" : "\n\n");
  call.system += finish_text;
  for (auto& message : call.messages)
    for (auto& part : message.content) {
      if (const auto* asked = std::get_if<tool_call>(&part))
        part = text_part{as_text(*asked)};
      else if (const auto* got = std::get_if<tool_result>(&part))
        part = text_part{as_text(*got)};
    }
  return true;
}

} // namespace troupe::actors
