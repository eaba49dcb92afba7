#pragma once

#include <troupe/actors/journal.hpp>
#include <troupe/protocol/json.hpp>

#include <variant>

/// What a node that does a task has the home of its run keep, as JSON in `ask`
/// and `answer` frames.
namespace troupe::actors {

BOOST_DESCRIBE_STRUCT(begin_effect, (),
                      (run, step, tool, arguments, number, is_idempotent))
BOOST_DESCRIBE_STRUCT(end_effect, (), (run, key, outcome))
BOOST_DESCRIBE_STRUCT(keep_call, (), (run, what))
BOOST_DESCRIBE_STRUCT(read_calls, (),
                      (run, task, agent, attempt, depth, thread))
BOOST_DESCRIBE_STRUCT(effect_begun, (), (key, done))
BOOST_DESCRIBE_STRUCT(effect_ended, (), ())
BOOST_DESCRIBE_STRUCT(call_kept, (), ())
BOOST_DESCRIBE_STRUCT(calls_read, (), (calls))

} // namespace troupe::actors

namespace troupe::cluster {

using journal_asks = std::variant<actors::begin_effect, actors::end_effect,
                                  actors::keep_call, actors::read_calls>;
using journal_told = std::variant<actors::effect_begun, actors::effect_ended,
                                  actors::call_kept, actors::calls_read>;

struct journal_question {
  protocol::id request{};
  journal_asks what{};
};
BOOST_DESCRIBE_STRUCT(journal_question, (), (request, what))

struct journal_answer {
  protocol::id request{};
  journal_told what{};
};
BOOST_DESCRIBE_STRUCT(journal_answer, (), (request, what))

/// Errors: as `from_json`; `limit_exceeded`.
[[nodiscard]] protocol::result<journal_question>
read_question(const std::string& text);
[[nodiscard]] protocol::result<journal_answer>
read_answer(const std::string& text);
[[nodiscard]] std::string text_of(const journal_question& it);
[[nodiscard]] std::string text_of(const journal_answer& it);

/// What is told where nothing is kept: it is to be done, and was never before.
[[nodiscard]] journal_told unkept(const journal_asks& what);

} // namespace troupe::cluster

namespace troupe::protocol {

#define TROUPE_JOURNAL_WORD(Type)                                              \
  template <>                                                                  \
  inline constexpr std::string_view alternative_name<actors::Type> = #Type;
TROUPE_JOURNAL_WORD(begin_effect)
TROUPE_JOURNAL_WORD(end_effect)
TROUPE_JOURNAL_WORD(keep_call)
TROUPE_JOURNAL_WORD(read_calls)
TROUPE_JOURNAL_WORD(effect_begun)
TROUPE_JOURNAL_WORD(effect_ended)
TROUPE_JOURNAL_WORD(call_kept)
TROUPE_JOURNAL_WORD(calls_read)
#undef TROUPE_JOURNAL_WORD

} // namespace troupe::protocol
