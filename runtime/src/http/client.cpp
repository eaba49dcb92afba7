#include "http/client.hpp"

#include "http/connection_pool.hpp"
#include "http/exchange.hpp"
#include "http/tls_context.hpp"

#include <boost/asio/post.hpp>

#include <atomic>
#include <map>

namespace troupe::http {

namespace asio = boost::asio;
using protocol::errc;
using protocol::fail;

std::string_view response_head::value_of(std::string_view name) const {
  for (const auto& [field, value] : headers)
    if (field == name)
      return value;
  return {};
}

/// Lives on the I/O thread, but for `next_id` and the posting of work.
class client::core : public std::enable_shared_from_this<core> {
public:
  core(asio::io_context& io, client_config config, exchange::tls_context tls)
      : io_(io), config_(std::move(config)), tls_(std::move(tls)), sweep_(io) {}

  asio::io_context& io() noexcept { return io_; }
  call_id next_id() noexcept { return ++last_id_; }

  void begin(call_id id, call_request request, std::shared_ptr<call_sink> sink);
  void cancel(call_id id);
  void close();

private:
  connection_pool& pool_of(const origin& to);
  void end(call_id id, const origin& to, std::unique_ptr<connection> reusable);
  void sweep();

  asio::io_context& io_;
  client_config config_;
  exchange::tls_context tls_;
  asio::steady_timer sweep_;
  bool is_sweeping_ = false;
  bool is_closed_ = false;
  std::atomic<call_id> last_id_ = 0;
  std::map<origin, connection_pool> pools_;
  std::map<call_id, std::shared_ptr<exchange>> open_;
};

void client::core::begin(call_id id, call_request request,
                         std::shared_ptr<call_sink> sink) {
  if (is_closed_)
    return sink->on_done(fail(errc::cancelled, "the client is closed"));
  const origin to = request.to;
  auto call = std::make_shared<exchange>(io_, to.tls ? tls_ : nullptr,
                                         std::move(request), std::move(sink));
  open_.emplace(id, call);
  // Weak: an exchange that waits must not keep itself alive in the queue.
  const std::weak_ptr<core> weak = weak_from_this();
  call->when_left = [weak, id, to] {
    if (auto self = weak.lock()) {
      self->open_.erase(id);
      self->pool_of(to).forget(id);
    }
  };
  call->arm();
  auto go = [weak, id, to, call](std::unique_ptr<connection> reused) {
    call->start(std::move(reused),
                [weak, id, to](std::unique_ptr<connection> reusable) {
                  if (auto self = weak.lock())
                    self->end(id, to, std::move(reusable));
                });
  };
  if (!pool_of(to).take(id, std::move(go)))
    call->abort(fail(errc::overloaded, "too many calls wait"));
}

connection_pool& client::core::pool_of(const origin& to) {
  return pools_.try_emplace(to, config_.connections_max, config_.waiting_max)
      .first->second;
}

void client::core::cancel(call_id id) {
  const auto found = open_.find(id);
  if (found == open_.end())
    return;
  const auto call = found->second;
  call->abort(fail(errc::cancelled, "the call was cancelled"));
}

void client::core::end(call_id id, const origin& to,
                       std::unique_ptr<connection> reusable) {
  open_.erase(id);
  if (is_closed_)
    reusable.reset();
  auto& pool = pool_of(to);
  pool.give_back(std::move(reusable), std::chrono::steady_clock::now());
  if (pool.has_idle() && !is_sweeping_)
    sweep();
}

void client::core::sweep() {
  is_sweeping_ = true;
  sweep_.expires_after(config_.idle_limit);
  sweep_.async_wait([weak = weak_from_this()](boost::system::error_code why) {
    auto self = weak.lock();
    if (why || !self)
      return;
    self->is_sweeping_ = false;
    const auto limit =
        std::chrono::steady_clock::now() - self->config_.idle_limit;
    bool more = false;
    for (auto& [to, pool] : self->pools_) {
      pool.drop_idle(limit);
      more = more || pool.has_idle();
    }
    if (more)
      self->sweep();
  });
}

void client::core::close() {
  is_closed_ = true;
  sweep_.cancel();
  while (!open_.empty()) {
    const auto call = open_.begin()->second;
    open_.erase(open_.begin());
    call->abort(fail(errc::cancelled, "the client was closed"));
  }
  pools_.clear();
}

protocol::result<std::unique_ptr<client>> client::make(io_thread& io,
                                                       client_config config) {
  auto tls = make_tls_context(config.ca_file);
  if (!tls)
    return tls.error();
  if (config.connections_max == 0)
    return fail(errc::config_invalid, "connections_max: at least 1");
  return std::unique_ptr<client>{new client(
      std::make_shared<core>(io.context(), std::move(config), *tls))};
}

client::client(std::shared_ptr<core> made) : core_(std::move(made)) {}

client::~client() {
  asio::post(core_->io(), [core = core_] { core->close(); });
}

client::call_id client::start(call_request request,
                              std::shared_ptr<call_sink> sink) {
  const auto id = core_->next_id();
  asio::post(core_->io(), [core = core_, id, request = std::move(request),
                           sink = std::move(sink)]() mutable {
    core->begin(id, std::move(request), std::move(sink));
  });
  return id;
}

void client::cancel(call_id call) {
  asio::post(core_->io(), [core = core_, call] { core->cancel(call); });
}

} // namespace troupe::http
