#pragma once

#include <boost/describe/enum.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string_view>

namespace troupe::actors {

/// What kind of work a prompt asks for, as far as its text tells.
enum class task_type : std::uint8_t {
  general,     ///< Nothing else fits.
  question,    ///< A short question in words.
  choice,      ///< One of the options it lists.
  maths,       ///< Something to calculate or to prove.
  code,        ///< Code to write, to read or to mend.
  extraction,  ///< Given text into a given form.
  writing,     ///< A text of some length.
  translation, ///< A text into another language.
};
BOOST_DESCRIBE_ENUM(task_type, general, question, choice, maths, code,
                    extraction, writing, translation)

inline constexpr std::size_t task_types = 8;

struct task_complexity {
  task_type type = task_type::general;
  std::uint32_t permille = 0; ///< 0: trivial; 1,000: as hard as text can look.

  bool operator==(const task_complexity&) const = default;
};

/// Says how complex the task of a prompt is. A program may put its own in place
/// of `analyse_complexity`; it is called in the router's actor, so it must not
/// block for long, and must not throw.
using complexity_analyser = std::function<task_complexity(std::string_view)>;

/// Judges by the text alone: words, code, formulas, numbers, options, what it
/// begins with, how long it is and how many conditions it makes. Reads the
/// first 16 KiB and the last 16 KiB of a longer text. The same text always
/// gives the same. Any bytes will do. Blocking: never. Thread safety: any.
[[nodiscard]] task_complexity analyse_complexity(std::string_view text);

} // namespace troupe::actors
