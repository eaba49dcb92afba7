#include "tools/process_start.hpp"

#include <cerrno>
#include <mutex>
#include <sys/wait.h>

namespace troupe::tools {

namespace {

std::vector<char*> pointers_to(const std::vector<std::string>& texts) {
  std::vector<char*> all;
  all.reserve(texts.size() + 1);
  for (const auto& text : texts)
    all.push_back(const_cast<char*>(text.c_str())); // as execve has it
  all.push_back(nullptr);
  return all;
}

} // namespace

started_process start_process(const process_plan& plan, int complaints) {
  started_process made;
  auto in = make_pipe(direction::to_them);
  auto out = make_pipe(direction::to_us);
  auto link = make_packet_link();
  made.problem = EMFILE;
  if (!in.is_open() || !out.is_open() || !link.is_open())
    return made;
  const auto arguments = pointers_to(plan.arguments);
  const auto environment = pointers_to(plan.environment);
  keeper_plan keeper{
      plan.file.c_str(),  arguments.data(),
      environment.data(), plan.folder.empty() ? nullptr : plan.folder.c_str(),
      plan.limits,        plan.may_gain_privileges,
      in.theirs.get(),    out.theirs.get(),
      complaints,         link.theirs.get()};
  if (plan.group)
    keeper.group = {plan.group->folder.c_str(), plan.group->members.c_str(),
                    plan.group->events.c_str()};
  {
    const quiet_signals quiet{true};
    made.keeper = ::_Fork();
    if (made.keeper == 0)
      keep(keeper);
  }
  made.problem = made.keeper < 0 ? errno : 0;
  if (made.keeper < 0) {
    if (plan.group)
      (void)::rmdir(plan.group->folder.c_str());
    return made;
  }
  made.in = std::move(in.ours);
  made.out = std::move(out.ours);
  made.link = std::move(link.ours);
  return made;
}

void take_end(pid_t keeper) noexcept {
  while (keeper > 0 && ::waitpid(keeper, nullptr, 0) < 0 && errno == EINTR) {
  }
}

void leave_alone(pid_t keeper) {
  static std::mutex mutex;
  static std::vector<pid_t> alone;
  const std::lock_guard lock{mutex};
  std::erase_if(alone,
                [](pid_t it) { return ::waitpid(it, nullptr, WNOHANG) != 0; });
  if (keeper > 0)
    alone.push_back(keeper);
}

} // namespace troupe::tools
