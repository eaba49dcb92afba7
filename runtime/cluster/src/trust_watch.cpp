#include "trust_watch.hpp"

#include <utility>

namespace troupe::cluster {

void trust_watch::begin(SSL* connection,
                        std::shared_ptr<boost::asio::ssl::context> made_of,
                        std::shared_ptr<void> keep,
                        std::function<void(const protocol::error&)> on_lost) {
  if (!security_.still_good)
    return;
  connection_ = connection;
  looked_at_with_ = std::move(made_of);
  on_lost_ = std::move(on_lost);
  look_later(std::move(keep));
}

void trust_watch::stop() {
  connection_ = nullptr;
  on_lost_ = nullptr;
  timer_.cancel();
}

void trust_watch::look_later(std::shared_ptr<void> keep) {
  timer_.expires_after(pace);
  timer_.async_wait([this, keep = std::move(keep)](const auto& failed) mutable {
    if (failed || connection_ == nullptr)
      return;
    if (const auto good = look(); !good) {
      const auto tell = std::exchange(on_lost_, nullptr);
      return tell(good.error());
    }
    look_later(std::move(keep));
  });
}

protocol::result<void> trust_watch::look() {
  auto now = security_.context();
  if (now == looked_at_with_)
    return {};
  looked_at_with_ = std::move(now);
  return security_.still_good(*looked_at_with_, connection_);
}

} // namespace troupe::cluster
