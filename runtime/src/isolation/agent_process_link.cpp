// The part of agent_process that talks with the process, and sees its end.
#include "isolation/agent_process.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <poll.h>
#include <system_error>

namespace troupe::isolation {

using protocol::errc;
using protocol::fail;
using protocol::result;
using tools::descriptor;

namespace {

constexpr std::size_t piece_bytes = 64U << 10U;
constexpr std::chrono::milliseconds longest_look{250};
constexpr std::chrono::seconds end_patience{6};
/// What its keeper may take to tell of an end, before it is asked for it.
constexpr std::chrono::seconds news_patience{2};

std::string signal_name(int signal) {
  const char* name = ::sigabbrev_np(signal);
  return name == nullptr ? std::to_string(signal) : "SIG" + std::string{name};
}

} // namespace

/// Ends a wait when a stop comes.
class agent_process::wake_up {
public:
  explicit wake_up(const std::stop_token& stop) : on_stop_(stop, poke{*this}) {}

  [[nodiscard]] int get() const noexcept { return event_.get(); }

private:
  struct poke {
    wake_up& it;
    void operator()() const noexcept {
      const std::uint64_t one = 1;
      (void)::write(it.event_.get(), &one, sizeof one);
    }
  };

  descriptor event_{::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)};
  std::stop_callback<poke> on_stop_;
};

result<from_agent> agent_process::next(const std::stop_token& stop) {
  const wake_up wake{stop};
  heard_ = std::chrono::steady_clock::now();
  for (;;) {
    auto frame = take_frame();
    if (!frame)
      return lost("says what nobody understands: " + frame.error().detail);
    if (*frame)
      return std::move(**frame);
    const auto now = std::chrono::steady_clock::now();
    if (stop.stop_requested() && stop_due_ == time_point::max()) {
      stop_due_ = now + options_.stop_max;
      say(stop_task{});
    }
    if (const auto good = check_time(now); !good) {
      end();
      return good.error();
    }
    send_some();
    if (const auto going = wait(wake); !going)
      return going.error();
  }
}

result<std::optional<from_agent>> agent_process::take_frame() {
  for (;;) {
    const auto text = reader_.next();
    if (!text)
      return text.error();
    if (!*text)
      return std::optional<from_agent>{};
    auto frame = read_from_agent(**text);
    if (!frame)
      return frame.error();
    if (!std::holds_alternative<alive>(*frame))
      return std::optional{std::move(*frame)};
  }
}

result<void> agent_process::check_time(time_point now) const {
  if (now >= stop_due_)
    return fail(errc::cancelled, "its process did not stop in time and was "
                                 "ended");
  // Whoever was stopped itself has not heard what was said meanwhile.
  pollfd out{process_.out.get(), POLLIN, 0};
  if (now - heard_ >= patience_ && ::poll(&out, 1, 0) == 0)
    return fail(errc::unreachable,
                "agent '" + agent_ + "': its process has given no sign for "
                    + protocol::for_people(patience_) + " and was ended");
  return {};
}

/// Error: it has died, and all that it had said was taken.
result<void> agent_process::wait(const wake_up& wake) {
  const int link = process_.link.get();
  std::array<pollfd, 4> all{
      {{process_.out.get(), POLLIN, 0},
       {link, POLLIN, 0},
       {stop_due_ == time_point::max() ? wake.get() : -1, POLLIN, 0},
       {unsent_.empty() ? -1 : process_.in.get(), POLLOUT, 0}}};
  if (::poll(all.data(), all.size(), static_cast<int>(longest_look.count()))
      <= 0)
    return {};
  if (all[0].revents == 0 && all[1].revents == 0)
    return {};
  if (read_some())
    return {};
  return lost(how_it_ended());
}

/// False: it says nothing more.
bool agent_process::read_some() {
  std::string piece(piece_bytes, '\0');
  const auto size = ::read(process_.out.get(), piece.data(), piece.size());
  if (size > 0) {
    heard_ = std::chrono::steady_clock::now();
    reader_.take({piece.data(), static_cast<std::size_t>(size)});
  }
  return size > 0 || (size < 0 && errno == EINTR);
}

void agent_process::say(const to_agent& what) {
  unsent_ += frame_of(what);
  send_some();
}

void agent_process::send_some() {
  tools::quiet_signals quiet{false};
  while (sent_ < unsent_.size()) {
    const auto size = ::write(process_.in.get(), unsent_.data() + sent_,
                              unsent_.size() - sent_);
    if (size <= 0 && errno == EAGAIN)
      return;
    quiet.is_pipe_broken = size <= 0 && errno == EPIPE;
    if (size <= 0 && errno != EINTR)
      break; // its end is seen elsewhere
    sent_ += static_cast<std::size_t>(std::max<ssize_t>(size, 0));
  }
  unsent_.clear();
  sent_ = 0;
}

bool agent_process::has_died() const {
  pollfd link{process_.link.get(), POLLIN, 0};
  return process_.keeper > 0 && ::poll(&link, 1, 0) > 0;
}

protocol::error agent_process::lost(const std::string& how) {
  end();
  return fail(errc::unreachable, "agent '" + agent_ + "': its process " + how);
}

std::string agent_process::how_it_ended() {
  const auto due = std::chrono::steady_clock::now() + end_patience;
  std::string before = "was lost";
  while (std::chrono::steady_clock::now() < due) {
    pollfd link{process_.link.get(), POLLIN, 0};
    tools::keeper_packet packet{};
    const auto wait = std::chrono::milliseconds{news_patience};
    if (::poll(&link, 1, static_cast<int>(wait.count())) == 0) {
      before = "has closed its output";
      ::shutdown(process_.link.get(), SHUT_WR);
      continue;
    }
    const auto size = ::recv(link.fd, &packet, sizeof packet, MSG_DONTWAIT);
    if (size != sizeof packet)
      return before;
    switch (packet.what) {
    case tools::keeper_news::not_started:
      before = "could not be started: "
               + std::generic_category().message(packet.value);
      continue;
    case tools::keeper_news::crowded:
      before = "has started too many processes";
      continue;
    case tools::keeper_news::out_of_memory:
      before = "has used more memory than its resident_max";
      continue;
    case tools::keeper_news::signalled:
      return before == "was lost" ? "was ended by " + signal_name(packet.value)
                                  : before;
    case tools::keeper_news::exited:
      if (packet.value == exit_unknown_agent)
        return "hosts no agent of that name";
      return before == "was lost"
                 ? "has ended with code " + std::to_string(packet.value)
                 : before;
    }
  }
  return before;
}

/// Its keeper ends all that it has started.
void agent_process::end() noexcept {
  if (process_.keeper > 0) {
    ::shutdown(process_.link.get(), SHUT_WR);
    tools::leave_alone(process_.keeper);
  }
  process_ = {};
}

} // namespace troupe::isolation
