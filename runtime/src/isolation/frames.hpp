#pragma once

#include <troupe/protocol/json.hpp>
#include <troupe/protocol/task.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <variant>

/// What a runtime and the process of an agent tell each other: the length of
/// what follows in four bytes, the lowest first, then JSON.
namespace troupe::isolation {

/// Either a text or why there is none.
struct told {
  bool is_done = false;
  std::string text{};
  protocol::error why{};
};
BOOST_DESCRIBE_STRUCT(told, (), (is_done, text, why))

[[nodiscard]] told tell(protocol::result<std::string> what);
[[nodiscard]] protocol::result<std::string> heard(told what);

struct begin_task {
  std::string message; ///< JSON of a REQUEST `perform_task`.
};
BOOST_DESCRIBE_STRUCT(begin_task, (), (message))
struct stop_task {};
BOOST_DESCRIBE_STRUCT(stop_task, (), ())
/// It is kept that the effect begins.
struct do_effect {
  std::string key;
};
BOOST_DESCRIBE_STRUCT(do_effect, (), (key))
/// Answers `asks`, `wants_effect` and `wants_tool`.
struct answered {
  told outcome;
};
BOOST_DESCRIBE_STRUCT(answered, (), (outcome))

struct ready {
  std::string agent;
};
BOOST_DESCRIBE_STRUCT(ready, (), (agent))
struct alive {};
BOOST_DESCRIBE_STRUCT(alive, (), ())
struct progressed {
  std::uint32_t permille = 0;
  std::string note;
};
BOOST_DESCRIBE_STRUCT(progressed, (), (permille, note))
struct asks {
  std::string agent;
  std::string skill;
  std::string prompt;
  std::vector<protocol::task_input> inputs;
};
BOOST_DESCRIBE_STRUCT(asks, (), (agent, skill, prompt, inputs))
struct wants_effect {
  std::string name;
  std::string arguments;
  bool is_idempotent = false;
};
BOOST_DESCRIBE_STRUCT(wants_effect, (), (name, arguments, is_idempotent))
/// Answers `do_effect`.
struct effect_done {
  told outcome;
};
BOOST_DESCRIBE_STRUCT(effect_done, (), (outcome))
struct wants_tool {
  std::string name;
  std::string arguments;
};
BOOST_DESCRIBE_STRUCT(wants_tool, (), (name, arguments))
struct task_ended {
  told outcome;
};
BOOST_DESCRIBE_STRUCT(task_ended, (), (outcome))

using to_agent = std::variant<begin_task, stop_task, do_effect, answered>;
using from_agent = std::variant<ready, alive, progressed, asks, wants_effect,
                                effect_done, wants_tool, task_ended>;

/// With which a program ends that hosts no agent of the name it is given.
inline constexpr int exit_unknown_agent = 78;

/// Of the JSON of one frame.
inline constexpr std::size_t frame_bytes_max = 64U << 20U;

[[nodiscard]] std::string frame_of(const to_agent& what);
[[nodiscard]] std::string frame_of(const from_agent& what);

/// Takes bytes as they come, and gives the texts of whole frames.
class frame_reader {
public:
  void take(std::string_view bytes) { bytes_ += bytes; }
  /// Nothing: more has to come. Error: `limit_exceeded`.
  [[nodiscard]] protocol::result<std::optional<std::string>> next();

private:
  std::string bytes_; ///< At most a frame and a piece.
  std::size_t at_ = 0;
};

/// Errors: `malformed_message`, and as `from_json`.
[[nodiscard]] protocol::result<to_agent> read_to_agent(const std::string& text);
[[nodiscard]] protocol::result<from_agent>
read_from_agent(const std::string& text);

} // namespace troupe::isolation

namespace troupe::protocol {

#define TROUPE_FRAME(Type)                                                     \
  template <>                                                                  \
  inline constexpr std::string_view alternative_name<isolation::Type> = #Type;
TROUPE_FRAME(begin_task)
TROUPE_FRAME(stop_task)
TROUPE_FRAME(do_effect)
TROUPE_FRAME(answered)
TROUPE_FRAME(ready)
TROUPE_FRAME(alive)
TROUPE_FRAME(progressed)
TROUPE_FRAME(asks)
TROUPE_FRAME(wants_effect)
TROUPE_FRAME(effect_done)
TROUPE_FRAME(wants_tool)
TROUPE_FRAME(task_ended)
#undef TROUPE_FRAME

} // namespace troupe::protocol
