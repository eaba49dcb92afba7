#include "client_mail.hpp"

namespace troupe::cluster {

using protocol::errc;
using protocol::fail;
using protocol::result;

namespace {

constexpr std::chrono::seconds connect_patience{10};
constexpr std::size_t told_max = 200'000;

} // namespace

client_mail::client_mail(hello mine)
    : mine_(std::move(mine)), session_({}, mine_.incarnation) {}

void client_mail::on_hello(const std::shared_ptr<connection>& it, hello theirs,
                           std::optional<peer_name> certified) {
  const std::lock_guard lock{mutex_};
  // Its cluster is known from the certificate, or taken as it comes.
  if (mine_.cluster.empty())
    mine_.cluster = theirs.cluster;
  auto good = check_hello(mine_, theirs, certified ? &*certified : nullptr);
  if (good && theirs.is_client)
    good = fail(errc::invalid_request, "a client is no node");
  if (!good) {
    failure_ = good.error();
    it->close(good.error().detail);
  } else {
    is_open_ = true;
    on_ = it;
    it->adopt(self.lock(), {});
    it->send(session_.join(theirs).bytes);
  }
  changed_.notify_all();
}

void client_mail::on_frames(const connection&, inbound_batch what) {
  const std::lock_guard lock{mutex_};
  for (auto& each : what.frames)
    take(each);
  on_->consumed(what.bytes);
  if (const auto due = session_.ack_due(false)) {
    std::string bytes;
    std::string number;
    write_number(number, due);
    write_frame(bytes, {frame_kind::ack, 0, 0, number});
    on_->send(std::move(bytes));
  }
  changed_.notify_all();
}

void client_mail::on_closed(const connection&, const protocol::error& why,
                            bool) {
  const std::lock_guard lock{mutex_};
  if (!failure_)
    failure_ = why;
  changed_.notify_all();
}

result<void> client_mail::wait_open() {
  std::unique_lock lock{mutex_};
  changed_.wait_for(lock, connect_patience,
                    [this] { return is_open_ || failure_; });
  if (failure_)
    return *failure_;
  return is_open_ ? result<void>{} : fail(errc::unreachable, "does not answer");
}

result<std::optional<client_told>>
client_mail::next(std::chrono::milliseconds patience) {
  std::unique_lock lock{mutex_};
  changed_.wait_for(lock, patience,
                    [this] { return !told_.empty() || failure_; });
  if (told_.empty()) {
    if (failure_)
      return *failure_;
    return std::optional<client_told>{};
  }
  const auto text = std::move(told_.front());
  told_.pop_front();
  lock.unlock();
  auto words = read_told(text);
  if (!words)
    return words.error();
  return std::optional{std::move(*words)};
}

result<std::string> client_mail::frame_for(const client_asks& what) {
  const std::lock_guard lock{mutex_};
  std::string bytes;
  if (auto sent =
          session_.send(frame_kind::control, text_of_asks(what), false, bytes);
      !sent)
    return sent.error();
  return bytes;
}

void client_mail::take(inbound& it) {
  if (it.kind == frame_kind::begin) {
    const auto what = read_opening<begin>(std::get<std::string>(it.body));
    if (!what || !session_.take_begin(*what))
      failure_ = fail(errc::malformed_message, "it does not begin well");
  } else if (it.kind == frame_kind::ack)
    session_.take_ack(it.number);
  else if (it.kind == frame_kind::control) {
    session_.take_ack(it.acked);
    if (session_.take(it.number) == link_session::arrival::fresh
        && told_.size() < told_max)
      told_.push_back(std::move(std::get<std::string>(it.body)));
    else
      failure_ = fail(errc::overloaded, "it says more than anybody takes");
  } else if (it.kind == frame_kind::bye)
    failure_ = fail(errc::unreachable, "has said good-bye");
}

} // namespace troupe::cluster
