#include "support/runtime/http_asker.hpp"

namespace troupe::test {

using namespace std::chrono_literals;

void spy_sink::on_head(const http::response_head& head) {
  status = head.status;
}

protocol::result<http::appetite> spy_sink::on_piece(std::string_view piece) {
  body += piece;
  return body.size() >= enough_after ? http::appetite::enough
                                     : http::appetite::more;
}

void spy_sink::on_done(const std::optional<protocol::error>& failure) {
  const std::lock_guard lock{mutex_};
  failure_ = failure;
  ++done_count;
  changed_.notify_all();
}

std::optional<protocol::error> spy_sink::wait() {
  std::unique_lock lock{mutex_};
  if (!changed_.wait_for(lock, 20s, [this] { return done_count > 0; }))
    return protocol::fail(protocol::errc::internal, "nothing was told");
  return failure_;
}

http::call_request request_to(const fake_upstream& upstream) {
  http::call_request request;
  const auto url = http::parse_base_url(upstream.url());
  request.to = url->at;
  request.target = "/x";
  request.body = "{}";
  request.deadline = std::chrono::steady_clock::now() + 20s;
  return request;
}

std::optional<protocol::error> run(http::client& client,
                                   http::call_request request, spy_sink& told) {
  // The sink outlives the call: it is waited for here.
  client.start(std::move(request), std::shared_ptr<http::call_sink>{
                                       std::shared_ptr<void>{}, &told});
  return told.wait();
}

} // namespace troupe::test
