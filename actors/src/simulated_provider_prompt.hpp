#pragma once

#include <troupe/protocol/model.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace troupe::actors {

/// A call, sorted into what is asked and what it is asked about.
struct prompt_parts {
  std::string task;                ///< Never more than 8 KB.
  std::vector<std::string> inputs; ///< Never empty texts.
};

/// The task is the first paragraph of the first text, and short later texts of
/// the user (feedback); the rest are inputs, as are results of tools. A prompt
/// that is all task is its own input; without any text the instructions are.
[[nodiscard]] prompt_parts read_prompt(const protocol::model_call& call);

/// A length the task asks for: "at least 80 words", "in 100 words".
/// The last one named counts. At most 5,000 words.
[[nodiscard]] std::optional<std::uint32_t> asked_words(std::string_view task);

/// The last text of the user; empty when there is none.
[[nodiscard]] std::string_view
last_user_text(const protocol::model_call& call) noexcept;

} // namespace troupe::actors
