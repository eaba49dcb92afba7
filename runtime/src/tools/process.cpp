#include "tools/process.hpp"

#include "tools/process_start.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <optional>
#include <poll.h>
#include <sys/wait.h>

namespace troupe::tools {

namespace {

using steady_time = std::chrono::steady_clock::time_point;

constexpr std::size_t complaint_bytes = 2U << 10U;
constexpr std::size_t piece_bytes = 16U << 10U;
/// What the keeper has to end everything; then it goes on alone.
constexpr std::chrono::seconds keeper_patience{3};
constexpr std::chrono::seconds longest_look{1};

/// One call, from the fork to the end.
class process_call {
public:
  process_call(const process_plan& plan, std::string_view input,
               steady_time due)
      : plan_(plan), unsent_(input), due_(due) {}

  process_outcome run(const std::stop_token& stop) {
    if (stop.stop_requested())
      return ended(process_end::cancelled);
    leave_alone(0);
    const descriptor wake{::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)};
    if (const int problem = wake.is_open() ? start() : errno; problem != 0)
      return ended(process_end::not_started, problem);
    const std::stop_callback on_stop{stop, [&wake] {
                                       const std::uint64_t one = 1;
                                       (void)::write(wake.get(), &one,
                                                     sizeof one);
                                     }};
    quiet_signals quiet{false};
    while (!is_over_)
      step(wake.get(), quiet);
    drain(out_, &process_call::take_output);
    drain(err_, &process_call::take_complaints);
    bury();
    return std::move(outcome_);
  }

private:
  process_outcome ended(process_end how, int code = 0) {
    outcome_.how = how;
    outcome_.code = code;
    return std::move(outcome_);
  }

  /// The system's error; 0: none.
  int start() {
    auto err = make_pipe(direction::to_us);
    if (!err.is_open())
      return EMFILE;
    auto made = start_process(plan_, err.theirs.get());
    keeper_ = made.keeper;
    in_ = std::move(made.in);
    out_ = std::move(made.out);
    err_ = std::move(err.ours);
    link_ = std::move(made.link);
    return made.problem;
  }

  void step(int wake, quiet_signals& quiet) {
    const auto now = std::chrono::steady_clock::now();
    if (now >= due_)
      return is_ending_ ? give_up() : end_it(process_end::out_of_time);
    if (in_.is_open() && unsent_.empty())
      in_.close();
    std::array<pollfd, 5> all{{{link_.get(), POLLIN, 0},
                               {out_.get(), POLLIN, 0},
                               {err_.get(), POLLIN, 0},
                               {in_.get(), POLLOUT, 0},
                               {is_ending_ ? -1 : wake, POLLIN, 0}}};
    const auto left =
        std::min<std::chrono::nanoseconds>(due_ - now, longest_look);
    const auto wait = std::chrono::ceil<std::chrono::milliseconds>(left);
    if (::poll(all.data(), all.size(), static_cast<int>(wait.count())) <= 0)
      return;
    if (all[4].revents != 0)
      end_it(process_end::cancelled);
    if (all[3].revents != 0)
      send_input(quiet);
    if (all[1].revents != 0)
      read_some(out_, &process_call::take_output);
    if (all[2].revents != 0)
      read_some(err_, &process_call::take_complaints);
    if (all[0].revents != 0)
      hear();
  }

  /// Has the keeper end it; the first reason stays.
  void end_it(process_end why) {
    if (is_ending_)
      return;
    is_ending_ = true;
    why_ = why;
    in_.close();
    ::shutdown(link_.get(), SHUT_WR);
    due_ = std::chrono::steady_clock::now() + keeper_patience;
  }

  /// The keeper still ends processes, which takes long: nobody waits for that.
  void give_up() {
    finish(process_end::lost, 0);
    leave_alone(std::exchange(keeper_, -1));
  }

  void finish(process_end how, int code) {
    is_over_ = true;
    outcome_.how = why_.value_or(how);
    outcome_.code = code;
  }

  void send_input(quiet_signals& quiet) {
    const auto sent = ::write(in_.get(), unsent_.data(),
                              std::min(unsent_.size(), piece_bytes));
    if (sent > 0)
      unsent_.remove_prefix(static_cast<std::size_t>(sent));
    else if (errno != EAGAIN && errno != EINTR) {
      quiet.is_pipe_broken = errno == EPIPE;
      in_.close(); // it does not want it all
    }
  }

  using taker = void (process_call::*)(std::string_view);

  /// False: there is no more for now.
  bool read_some(descriptor& from, taker take) {
    std::array<char, piece_bytes> piece{};
    const auto size = ::read(from.get(), piece.data(), piece.size());
    if (size > 0)
      (this->*take)({piece.data(), static_cast<std::size_t>(size)});
    else if (size == 0 || (errno != EAGAIN && errno != EINTR))
      from.close();
    return size > 0;
  }

  /// What was said last. Nobody says any more: it is bounded by a pipe's size.
  void drain(descriptor& from, taker take) {
    for (int i = 0; i < 64 && from.is_open() && read_some(from, take); ++i) {
    }
  }

  void take_output(std::string_view piece) {
    const auto room = plan_.output_bytes - outcome_.output.size();
    outcome_.output += piece.substr(0, room);
    if (piece.size() <= room)
      return;
    end_it(process_end::output_exceeded);
    if (is_over_) // it had ended before all of it was read
      outcome_.how = process_end::output_exceeded;
  }

  void take_complaints(std::string_view piece) {
    auto& text = outcome_.complaints;
    text += piece;
    if (text.size() > complaint_bytes)
      text.erase(0, text.size() - complaint_bytes);
  }

  void hear() {
    keeper_packet packet{};
    const auto size = ::recv(link_.get(), &packet, sizeof packet, MSG_DONTWAIT);
    if (size < 0 && (errno == EAGAIN || errno == EINTR))
      return;
    if (size != sizeof packet)
      return finish(process_end::lost, 0);
    switch (packet.what) {
    case keeper_news::not_started:
      not_started_ = packet.value;
      return;
    case keeper_news::crowded:
      why_ = why_.value_or(process_end::crowded);
      return;
    case keeper_news::out_of_memory: // its signal follows
      return;
    case keeper_news::exited:
      return not_started_ ? finish(process_end::not_started, *not_started_)
                          : finish(process_end::exited, packet.value);
    case keeper_news::signalled:
      return finish(process_end::signalled, packet.value);
    }
  }

  void bury() {
    link_.close();
    take_end(keeper_);
  }

  const process_plan& plan_;
  std::string_view unsent_;
  steady_time due_;
  descriptor in_, out_, err_, link_;
  pid_t keeper_ = -1;
  bool is_ending_ = false;
  bool is_over_ = false;
  std::optional<process_end> why_;
  std::optional<int> not_started_;
  process_outcome outcome_;
};

} // namespace

process_outcome run_process(const process_plan& plan, std::string_view input,
                            steady_time due, const std::stop_token& stop) {
  return process_call{plan, input, due}.run(stop);
}

} // namespace troupe::tools
