#include "approval_desk.hpp"

#include "report/printable.hpp"
#include "setup.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <poll.h>
#include <unistd.h>

namespace troupe::cli {

using protocol::event_kind;

namespace {

constexpr std::size_t line_bytes_max = 4'096;

} // namespace

std::string name_of_user(const std::string& given) {
  if (!given.empty())
    return given;
  const char* name = std::getenv("USER");
  return name == nullptr || *name == 0 ? "user" : name;
}

approval_desk::approval_desk(std::string by, console& on)
    : by_(std::move(by)), on_(on),
      is_terminal_(::isatty(STDIN_FILENO) == 1 && on.err.is_terminal()) {}

void approval_desk::forget(const std::string& task) {
  std::erase_if(asked_, [&](const question& it) { return it.task == task; });
  is_shown_ = is_shown_ && !asked_.empty();
}

void approval_desk::hear(const protocol::run_event& event) {
  switch (event.kind) {
  case event_kind::task_ready:
  case event_kind::task_started:
  case event_kind::attempt_failed:
    at_work_.insert(event.task);
    return forget(event.task);
  case event_kind::approval_asked:
    at_work_.erase(event.task);
    asked_.push_back({event.task, event.note});
    return;
  case event_kind::task_done:
  case event_kind::task_failed:
  case event_kind::task_skipped:
  case event_kind::task_cancelled:
  case event_kind::task_omitted:
    at_work_.erase(event.task);
    return forget(event.task);
  default:
    return;
  }
}

/// False: there is no whole line yet, or nobody is there any more.
bool approval_desk::read_line(std::string& line) {
  pollfd in{STDIN_FILENO, POLLIN, 0};
  if (::poll(&in, 1, 0) != 1)
    return false;
  std::array<char, 512> bytes{};
  const auto count = ::read(STDIN_FILENO, bytes.data(), bytes.size());
  if (count <= 0) {
    is_terminal_ = false;
    return false;
  }
  typed_.append(bytes.data(), static_cast<std::size_t>(count));
  const auto end = typed_.find('\n');
  if (end == std::string::npos && typed_.size() < line_bytes_max)
    return false;
  line = typed_.substr(0, end);
  typed_.clear();
  return true;
}

void approval_desk::leave(followed_run& run) {
  if (left_open_.empty())
    left_open_ = asked_;
  run.leave();
}

void approval_desk::serve(followed_run& run) {
  if (!is_terminal_ || asked_.empty())
    return;
  if (!is_shown_) {
    const auto& next = asked_.front();
    on_.err.line(
        report::printable_line("? " + next.task + " asks " + next.what));
    on_.err.write("  y or n, and a note: ");
    is_shown_ = true;
    typed_.clear();
  }
  std::string line;
  if (!read_line(line))
    return;
  is_shown_ = false;
  answer(run, line);
}

void approval_desk::answer(followed_run& run, const std::string& line) {
  const auto from = line.find_first_not_of(" \t");
  const auto first = from == std::string::npos ? ' ' : line[from];
  if (first != 'y' && first != 'n')
    return; // it is asked again
  const auto gap = line.find_first_of(" \t", from);
  const auto note = gap == std::string::npos
                        ? std::string::npos
                        : line.find_first_not_of(" \t", gap);
  const auto task = asked_.front().task;
  const auto done =
      run.decide(task, first == 'y', by_,
                 note == std::string::npos ? "" : line.substr(note));
  if (done)
    forget(task);
  else
    tell(on_, done.error());
}

} // namespace troupe::cli
