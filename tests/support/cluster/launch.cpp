#include "support/cluster/launch.hpp"

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <sched.h>
#include <sstream>
#include <stdexcept>
#include <string_view>
#include <sys/prctl.h>
#include <system_error>

namespace troupe::test {

namespace {

using pointers = std::vector<char*>;

pointers pointers_to(std::vector<std::string>& words) {
  pointers all;
  for (auto& word : words)
    all.push_back(word.data());
  all.push_back(nullptr);
  return all;
}

std::string name_of(const std::string& setting) {
  return setting.substr(0, setting.find('=') + 1);
}

/// Ours, but for what is set anew.
std::vector<std::string> environment(const std::vector<std::string>& added) {
  auto all = added;
  for (char** each = environ; *each != nullptr; ++each) {
    const std::string setting = *each;
    bool is_set = false;
    for (const auto& one : added)
      is_set = is_set || name_of(one) == name_of(setting);
    if (!is_set)
      all.push_back(setting);
  }
  return all;
}

/// In the child, between fork and exec: system calls only, as the other threads
/// of the parent are gone and may have held any lock.
[[noreturn]] void become(const char* program, const pointers& words,
                         const pointers& env, const launch_plan& plan,
                         int output, pid_t parent) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != parent) // it ended before we asked to be told
    ::_exit(126);
  ::setpgid(0, 0);
  if (plan.network >= 0 && ::setns(plan.network, CLONE_NEWNET) != 0)
    ::_exit(126);
  if (plan.mounts >= 0 && ::setns(plan.mounts, CLONE_NEWNS) != 0)
    ::_exit(126);
  const int nothing = ::open("/dev/null", O_RDONLY);
  ::dup2(nothing, 0);
  ::dup2(output, 1);
  ::dup2(output, 2);
  ::execve(program, words.data(), env.data());
  ::_exit(127);
}

} // namespace

std::string find_program(const std::string& name) {
  if (name.find('/') != std::string::npos)
    return ::access(name.c_str(), X_OK) == 0 ? name : std::string{};
  const char* path = std::getenv("PATH");
  std::istringstream folders{(path == nullptr ? std::string{} : path)
                             + ":/usr/sbin:/sbin:/usr/bin:/bin"};
  for (std::string folder; std::getline(folders, folder, ':');)
    if (const auto file = folder + '/' + name;
        ::access(file.c_str(), X_OK) == 0)
      return file;
  return {};
}

launched launch(const launch_plan& plan) {
  const auto program = find_program(plan.command.at(0));
  if (program.empty())
    throw std::runtime_error{"no program '" + plan.command.at(0) + "'"};
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0)
    throw std::system_error{errno, std::generic_category(), "pipe"};
  launched made;
  made.output = descriptor{ends[0]};
  const descriptor theirs{ends[1]};
  auto words = plan.command;
  auto env = environment(plan.env);
  const auto word_pointers = pointers_to(words);
  const auto env_pointers = pointers_to(env);
  const auto parent = ::getpid();
  made.pid = ::fork();
  if (made.pid == 0)
    become(program.c_str(), word_pointers, env_pointers, plan, theirs.get(),
           parent);
  if (made.pid < 0)
    throw std::system_error{errno, std::generic_category(), "fork"};
  ::setpgid(made.pid, made.pid); // both do: whoever is first
  return made;
}

} // namespace troupe::test
