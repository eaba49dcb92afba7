// The other end of agent_process: the process in which an agent's code runs.
#include "isolation/frames.hpp"
#include "tools/descriptor.hpp"
#include "tools/outcome_box.hpp"
#include "troupe/runtime/agent_process.hpp"

#include <troupe/protocol/message_list.hpp>

#include <array>
#include <cerrno>
#include <condition_variable>
#include <cstdlib>
#include <cstring>
#include <mutex>
#include <thread>

namespace troupe::isolation {

namespace {

using protocol::errc;
using protocol::fail;
using protocol::result;
using time_point = std::chrono::steady_clock::time_point;

constexpr std::chrono::milliseconds beat{250};
constexpr std::size_t piece_bytes = 64U << 10U;

/// Says frames, one at a time.
class mouth {
public:
  explicit mouth(int fd) : fd_(fd) {}

  void say(const from_agent& what) {
    const auto frame = frame_of(what);
    const std::lock_guard lock{mutex_};
    std::string_view left{frame};
    while (!left.empty()) {
      const auto sent = ::write(fd_, left.data(), left.size());
      if (sent < 0 && errno != EINTR)
        ::_exit(0); // nobody is there any more
      left.remove_prefix(static_cast<std::size_t>(std::max<ssize_t>(sent, 0)));
    }
  }

private:
  int fd_;
  std::mutex mutex_;
};

/// What the reader of frames hands to the code's thread.
struct inbox {
  tools::outcome_box<begin_task> tasks;
  tools::outcome_box<to_agent> answers;
  std::mutex mutex;
  std::stop_source stop;

  void begin(begin_task task) {
    {
      const std::lock_guard lock{mutex};
      stop = std::stop_source{};
    }
    tasks.put(std::move(task));
  }
  std::stop_source current() {
    const std::lock_guard lock{mutex};
    return stop;
  }
  /// Not under the lock: callbacks may ask for the token.
  void request_stop() { current().request_stop(); }
};

/// Ends the process when the runtime has gone, or makes no sense.
void read_all(inbox& to) {
  frame_reader reader;
  std::string piece(piece_bytes, '\0');
  for (;;) {
    const auto size = ::read(0, piece.data(), piece.size());
    if (size < 0 && errno == EINTR)
      continue;
    if (size <= 0)
      ::_exit(0);
    reader.take({piece.data(), static_cast<std::size_t>(size)});
    for (;;) {
      const auto text = reader.next();
      if (text && !*text)
        break;
      auto frame =
          text ? read_to_agent(**text) : result<to_agent>{text.error()};
      if (!frame)
        ::_exit(1);
      if (auto* task = std::get_if<begin_task>(&*frame))
        to.begin(std::move(*task));
      else if (std::holds_alternative<stop_task>(*frame))
        to.request_stop();
      else
        to.answers.put(std::move(*frame));
    }
  }
}

/// The colleagues of code that has a process of its own: the runtime.
class far_colleagues final : public task_colleagues {
public:
  far_colleagues(mouth& out, inbox& in) : out_(out), in_(in) {}

  result<std::string> ask(const protocol::question& what) override {
    out_.say(asks{what.agent, what.skill, what.prompt, what.inputs});
    return answer();
  }
  void progress(std::uint32_t permille, std::string_view note) override {
    out_.say(progressed{permille, std::string{note}});
  }
  result<std::string> effect(const std::string& name,
                             const std::string& arguments,
                             const effect_function& code,
                             const effect_options& options) override {
    out_.say(wants_effect{name, arguments, options.is_idempotent});
    auto said = hear();
    if (const auto* go = std::get_if<do_effect>(&said)) {
      out_.say(effect_done{tell(code(go->key))});
      said = hear();
    }
    return heard(std::move(std::get<answered>(said).outcome));
  }
  result<std::string> use_tool(const std::string& name,
                               const std::string& arguments) override {
    out_.say(wants_tool{name, arguments});
    return answer();
  }

private:
  /// The runtime answers in any case, or ends the process.
  to_agent hear() { return *in_.answers.take(time_point::max(), {}); }
  result<std::string> answer() {
    auto said = hear();
    return heard(std::move(std::get<answered>(said).outcome));
  }

  mouth& out_;
  inbox& in_;
};

/// Gives signs of life while the code is at work.
class pulse {
public:
  explicit pulse(mouth& out)
      : thread_([&out](const std::stop_token& stop) {
          std::mutex mutex;
          std::condition_variable_any wake;
          std::unique_lock lock{mutex};
          while (!wake.wait_for(lock, stop, beat,
                                [&] { return stop.stop_requested(); }))
            out.say(alive{});
        }) {}

private:
  std::jthread thread_;
};

result<std::string> call(const agent_function& code, const begin_task& task,
                         mouth& out, inbox& in) {
  using perform = protocol::request<protocol::perform_task>;
  const auto json =
      protocol::parse_json(task.message, {frame_bytes_max, 64, 1'000'000});
  const auto asked = json ? protocol::message_from_json<perform>(*json)
                          : result<perform>{json.error()};
  if (!asked)
    return asked.error();
  far_colleagues others{out, in};
  const pulse signs{out};
  try {
    return code(
        {asked->body, asked->head.deadline, in.current().get_token(), &others});
  } catch (const std::exception& thrown) {
    return fail(errc::agent_failed,
                "exception: " + std::string(thrown.what()).substr(0, 200));
  } catch (...) {
    return fail(errc::agent_failed, "exception of an unknown type");
  }
}

[[noreturn]] void serve(const hosted_agent& agent, int output) {
  mouth out{output};
  inbox in;
  std::thread{read_all, std::ref(in)}.detach();
  out.say(ready{agent.name});
  for (;;) {
    const auto task = in.tasks.take(time_point::max(), {});
    if (!task)
      continue;
    auto outcome = call(agent.code, *task, out, in);
    out.say(task_ended{tell(std::move(outcome))});
  }
}

} // namespace

} // namespace troupe::isolation

namespace troupe {

std::optional<int> serve_agents(const std::vector<hosted_agent>& agents) {
  const char* given = std::getenv("TROUPE_AGENT");
  if (given == nullptr)
    return std::nullopt;
  const std::string name{given};
  ::unsetenv("TROUPE_AGENT"); // what it starts is no agent
  // What code prints must not be taken for what it says.
  const int output = ::fcntl(1, F_DUPFD_CLOEXEC, 3);
  ::dup2(2, 1);
  for (const auto& it : agents)
    if (it.name == name && it.code)
      isolation::serve(it, output);
  return isolation::exit_unknown_agent;
}

} // namespace troupe
