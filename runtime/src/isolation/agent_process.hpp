#pragma once

#include "isolation/frames.hpp"
#include "tools/process_start.hpp"
#include "troupe/runtime/agent_process.hpp"

#include <troupe/actors/function_agent.hpp>

#include <chrono>
#include <stop_token>

namespace troupe::isolation {

/// The process of an agent, seen from the runtime. It is started with the first
/// task, and ends with this object. To be used by one thread.
class agent_process {
public:
  /// `options` have been checked.
  agent_process(std::string agent, const agent_process_options& options)
      : agent_(std::move(agent)), options_(options) {}
  agent_process(const agent_process&) = delete;
  agent_process& operator=(const agent_process&) = delete;
  ~agent_process() { end(); }

  /// Has it do one task. A process that dies meanwhile, gives no sign, or says
  /// what it must not, is ended, and given up by `work.link`. One that goes on
  /// behind a stop is ended as well; the next task starts another one.
  /// Errors: those of its code; `unreachable`, `cancelled`.
  [[nodiscard]] protocol::result<protocol::task_result>
  perform(const actors::task_work& work);

private:
  using time_point = std::chrono::steady_clock::time_point;
  class wake_up;

  [[nodiscard]] protocol::result<void> start(const std::stop_token& stop);
  [[nodiscard]] protocol::result<protocol::task_result>
  follow(const actors::task_work& work);
  [[nodiscard]] protocol::result<void> serve(const actors::task_work& work,
                                             from_agent& what);
  [[nodiscard]] protocol::result<void>
  serve_effect(const actors::task_work& work, const wants_effect& what);
  /// What it says next, but for signs of life. Errors: `unreachable`: it is
  /// ended; `cancelled`: the same, behind a stop.
  [[nodiscard]] protocol::result<from_agent> next(const std::stop_token& stop);
  [[nodiscard]] protocol::result<std::optional<from_agent>> take_frame();
  [[nodiscard]] protocol::result<void> wait(const wake_up& wake);
  [[nodiscard]] protocol::result<void> check_time(time_point now) const;
  void say(const to_agent& what);
  void send_some();
  [[nodiscard]] bool read_some();
  [[nodiscard]] protocol::error lost(const std::string& how);
  [[nodiscard]] std::string how_it_ended();
  [[nodiscard]] bool has_died() const;
  void end() noexcept;

  std::string agent_;
  agent_process_options options_;
  tools::started_process process_;
  frame_reader reader_;
  std::string unsent_;   ///< At most a task and an answer.
  std::size_t sent_ = 0; ///< Of it.
  time_point heard_{};
  protocol::duration patience_{};           ///< Of silence.
  time_point stop_due_ = time_point::max(); ///< It has been told to stop.
};

/// The code of an agent that has a process. Each has a process of its own.
[[nodiscard]] actors::task_code
code_in_process(const std::string& agent, const agent_process_options& options);

/// Whether they are in their ranges. Errors: `invalid_request`.
[[nodiscard]] protocol::result<void>
check_ranges(const agent_process_options& options);

/// Also whether the program is there.
[[nodiscard]] protocol::result<void>
check_options(const agent_process_options& options);

} // namespace troupe::isolation
