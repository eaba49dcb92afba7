// A program that hosts an agent for tests: the prompt says what it does.
#include <troupe/runtime/agent_process.hpp>

#include <condition_variable>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <mutex>
#include <new>
#include <sys/socket.h>
#include <sys/un.h>
#include <thread>
#include <unistd.h>
#include <vector>

namespace {

using troupe::protocol::errc;
using troupe::protocol::fail;
using troupe::protocol::result;

[[noreturn]] void die(int signal) {
  std::signal(signal, SIG_DFL); // not that of a sanitizer
  (void)std::raise(signal);
  std::abort();
}

/// True the first time that it is asked of this file.
bool is_first(const std::string& file) {
  if (std::filesystem::exists(file))
    return false;
  std::ofstream{file} << "x";
  return true;
}

result<std::string> wait_for_stop(const troupe::task_view& task) {
  std::mutex mutex;
  std::condition_variable_any wake;
  std::unique_lock lock{mutex};
  wake.wait(lock, task.stop, [] { return false; });
  return fail(errc::cancelled, "stopped");
}

result<std::string> take_memory() {
  std::vector<std::unique_ptr<char[]>> all;
  for (;;)
    all.push_back(std::make_unique<char[]>(16U << 20U));
}

/// To a desk outside, which notes it: `SOCKET NAME`.
result<std::string> pay(const std::string& what) {
  const auto space = what.find(' ');
  const char* node = std::getenv("TROUPE_TEST_NODE");
  const auto text =
      what.substr(space + 1) + ' ' + (node == nullptr ? "nowhere" : node);
  sockaddr_un at{};
  at.sun_family = AF_UNIX;
  what.substr(0, space).copy(at.sun_path, sizeof at.sun_path - 1);
  const int from = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  const auto sent = ::sendto(from, text.data(), text.size(), 0,
                             reinterpret_cast<const sockaddr*>(&at), sizeof at);
  ::close(from);
  if (sent < 0)
    return fail(errc::tool_failed, "the desk is closed");
  return "paid";
}

result<std::string> work(const troupe::task_view& task) {
  const auto& prompt = task.task.prompt;
  const auto space = prompt.find(' ');
  const auto word = prompt.substr(0, space);
  const auto rest =
      space == std::string::npos ? std::string{} : prompt.substr(space + 1);
  if (word == "pid")
    return std::to_string(::getpid());
  if (word == "die" && rest == "abort")
    std::abort();
  if (word == "die")
    die(rest == "kill" ? SIGKILL : SIGSEGV);
  if (word == "die-once" && is_first(rest))
    die(SIGSEGV);
  if (word == "freeze")
    (void)std::raise(SIGSTOP);
  if (word == "spin")
    for (;;)
      std::this_thread::yield();
  if (word == "wait")
    return wait_for_stop(task);
  if (word == "throw")
    throw std::runtime_error{"no luck"};
  if (word == "memory")
    return take_memory();
  if (word == "print")
    std::printf("%s\n", rest.c_str());
  if (word == "ask")
    return task.ask({"helper", {}, rest, {}});
  if (word == "tool")
    return task.use_tool("double", rest);
  if (word == "effect")
    return task.effect("write", "{}", [&](const std::string& key) {
      std::ofstream{rest, std::ios::app} << key << '\n';
      return result<std::string>{"written"};
    });
  if (word == "pay")
    return task.effect("pay", "{}",
                       [&](const std::string&) { return pay(rest); });
  if (word == "effect-die")
    return task.effect("write", "{}",
                       [&](const std::string&) -> result<std::string> {
                         std::ofstream{rest, std::ios::app} << "x\n";
                         die(SIGSEGV);
                       });
  task.progress(500, "half");
  return rest;
}

} // namespace

int main() {
  if (const auto code = troupe::serve_agents({{"pilot", work}}))
    return *code;
  return 3;
}
