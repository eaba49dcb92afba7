#include "troupe/protocol/token_counter.hpp"

#include <variant>

namespace troupe::protocol {

namespace {

/// Tokens that a provider adds to the texts of a call.
struct prompt_overhead {
  std::uint64_t call;     ///< Start of the answer.
  std::uint64_t message;  ///< Role and separators.
  std::uint64_t part;     ///< A tool call or result: its id and frame.
  std::uint64_t tool;     ///< The frame of one tool's description.
  std::uint64_t any_tool; ///< Instructions that come with the first tool.
};

// Chat formats put three to five tokens around a message. With tools, one
// provider states 313 to 530 tokens of instructions, others none.
constexpr prompt_overhead usual{3, 4, 8, 8, 40};
constexpr prompt_overhead widest{32, 16, 48, 48, 600};

/// Adds up the parts of a call; `bounded` chooses between count and bound.
class prompt_tally {
public:
  prompt_tally(const token_counter& counter, bool bounded)
      : counter_(counter), bounded_(bounded), extra_(bounded ? widest : usual) {
  }

  std::uint64_t of(const model_call& call) {
    sum_ = extra_.call;
    if (!call.system.empty()) {
      sum_ += extra_.message;
      add(call.system);
    }
    for (const auto& message : call.messages) {
      sum_ += extra_.message;
      for (const auto& part : message.content)
        std::visit([this](const auto& x) { add_part(x); }, part);
    }
    if (!call.tools.empty())
      sum_ += extra_.any_tool;
    for (const auto& tool : call.tools) {
      sum_ += extra_.tool;
      add(tool.name);
      add(tool.description);
      add(tool.input_schema);
    }
    return sum_;
  }

private:
  void add(std::string_view text) {
    sum_ += bounded_ ? counter_.upper_bound(text) : counter_.count(text);
  }

  void add_part(const text_part& part) { add(part.text); }

  void add_part(const tool_call& part) {
    sum_ += extra_.part;
    add(part.name);
    add(part.arguments);
    if (bounded_)
      add(part.call_id);
  }

  void add_part(const tool_result& part) {
    sum_ += extra_.part;
    add(part.content);
    if (bounded_)
      add(part.call_id);
  }

  void add_part(const thinking_part& part) {
    add(part.text);
    if (bounded_)
      add(part.signature);
  }

  const token_counter& counter_;
  bool bounded_;
  prompt_overhead extra_;
  std::uint64_t sum_ = 0;
};

} // namespace

std::uint64_t token_counter::upper_bound(std::string_view text) const {
  return text.size();
}

std::uint64_t estimate_prompt_tokens(const model_call& call,
                                     const token_counter& counter) {
  return prompt_tally{counter, false}.of(call);
}

std::uint64_t bound_prompt_tokens(const model_call& call,
                                  const token_counter& counter) {
  return prompt_tally{counter, true}.of(call);
}

} // namespace troupe::protocol
