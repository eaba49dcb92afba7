#include "tools/http_caller.hpp"

#include "tools/address_rules.hpp"
#include "tools/outcome_box.hpp"

#include <algorithm>

namespace troupe::tools {

using protocol::errc;
using protocol::error;
using protocol::fail;
using protocol::result;

namespace {

using ip_address = boost::asio::ip::address;

address_kind kind(const ip_address& address) {
  if (address.is_v4())
    return kind_of(address.to_v4().to_bytes());
  return kind_of(address.to_v6().to_bytes());
}

std::string lower(std::string text) {
  for (char& c : text)
    if (c >= 'A' && c <= 'Z')
      c = static_cast<char>(c - 'A' + 'a');
  return text;
}

bool is_redirect(unsigned status) {
  return status == 301 || status == 302 || status == 303 || status == 307
         || status == 308;
}

error as_tool_error(const error& why) {
  if (why.code == errc::cancelled || why.code == errc::tool_failed)
    return why;
  if (why.code == errc::deadline_exceeded)
    return fail(errc::deadline_exceeded, "the server took too long");
  return fail(errc::tool_failed, why.detail);
}

} // namespace

struct http_caller::heard {
  unsigned status = 0;
  std::string location;
  std::string body;
};

/// Collects an answer on the I/O thread.
class http_caller::ear : public http::call_sink {
public:
  explicit ear(std::size_t bytes_max) : bytes_max_(bytes_max) {}

  void on_head(const http::response_head& head) override {
    heard_.status = head.status;
    heard_.location = head.value_of("location");
  }

  result<http::appetite> on_piece(std::string_view piece) override {
    if (is_redirect(heard_.status))
      return http::appetite::enough;
    if (piece.size() > bytes_max_ - heard_.body.size())
      return fail(errc::tool_failed, "the server said more than "
                                         + std::to_string(bytes_max_)
                                         + " bytes");
    heard_.body += piece;
    return http::appetite::more;
  }

  void on_done(const std::optional<error>& failure) override {
    if (failure)
      box.put(as_tool_error(*failure));
    else
      box.put(std::move(heard_));
  }

  outcome_box<result<heard>> box;

private:
  std::size_t bytes_max_;
  heard heard_;
};

http_caller::http_caller(std::unique_ptr<http::client> client,
                         http_caller_config config, name_resolver resolve)
    : config_(std::move(config)), resolve_(std::move(resolve)),
      client_(std::move(client)) {}

result<std::shared_ptr<http_caller>>
http_caller::make(http::io_thread& io, http_caller_config config,
                  name_resolver resolve) {
  http::client_config to;
  to.connections_max = std::max(config.calls_max, 1U);
  to.ca_file = config.ca_file;
  auto client = http::client::make(io, std::move(to));
  if (!client)
    return client.error();
  return std::shared_ptr<http_caller>{new http_caller{
      std::move(*client), std::move(config), std::move(resolve)}};
}

result<void> http_caller::may_go_to(const http::origin& at) const {
  const auto host = lower(at.host);
  if (std::find(config_.allow.begin(), config_.allow.end(), host)
      == config_.allow.end())
    return fail(errc::url_forbidden, "'" + host + "' is not allowed");
  if (!config_.allow_private && is_inside_name(host))
    return fail(errc::url_forbidden,
                "'" + host + "' is a name of this machine or its network");
  return {};
}

result<std::vector<ip_address>>
http_caller::addresses_of(const http::origin& at, const http_wish& wish,
                          const std::stop_token& stop) const {
  boost::system::error_code not_an_address;
  const auto literal = boost::asio::ip::make_address(at.host, not_an_address);
  auto all = not_an_address ? resolve_(at.host, wish.due, stop)
                            : std::vector<ip_address>{literal};
  if (!all)
    return as_tool_error(all.error());
  // One that is forbidden spoils all: who mixes them is up to something.
  for (const auto& it : *all)
    if (!may_call(kind(it), config_.allow_private))
      return fail(errc::url_forbidden, "'" + at.host + "' leads to "
                                           + it.to_string() + ", which is "
                                           + std::string{name_of(kind(it))});
  return all;
}

result<http_caller::heard> http_caller::ask(const http_wish& wish,
                                            const std::stop_token& stop) {
  if (auto good = may_go_to(wish.to.at); !good)
    return good.error();
  auto addresses = addresses_of(wish.to.at, wish, stop);
  if (!addresses)
    return addresses.error();
  http::call_request request;
  request.to = wish.to.at;
  request.method = wish.method;
  request.target = wish.to.target;
  request.headers = wish.headers;
  request.headers.insert(request.headers.end(), wish.secret_headers.begin(),
                         wish.secret_headers.end());
  // A kept connection that has died would make the client call twice.
  request.headers.emplace_back("Connection", "close");
  request.body = wish.body;
  request.deadline = wish.due;
  request.timeouts.first_byte = std::chrono::hours{1}; // `due` comes before
  request.timeouts.idle = std::chrono::hours{1};
  request.addresses = std::move(*addresses);
  auto sink = std::make_shared<ear>(config_.response_max);
  const auto id = client_->start(std::move(request), sink);
  auto answer = sink->box.take(wish.due, stop);
  if (answer)
    return std::move(*answer);
  client_->cancel(id);
  return stop.stop_requested()
             ? fail(errc::cancelled, "the call was stopped")
             : fail(errc::deadline_exceeded, "the server took too long");
}

result<void> http_caller::redirect(http_wish& wish, const heard& answer) const {
  auto next = follow(wish.to, answer.location);
  if (!next)
    return next.error();
  // Else a server could have its other ports, and their services, called.
  if (next->at.port != wish.to.at.port
      && next->at.port != (next->at.tls ? 443 : 80))
    return fail(errc::url_forbidden,
                "a redirect to another port of '" + next->at.host + "'");
  if (next->at != wish.to.at)
    wish.secret_headers.clear();
  const bool keeps_method = answer.status != 303
                            && (wish.method != "POST" || answer.status == 307
                                || answer.status == 308);
  if (!keeps_method) {
    wish.method = "GET";
    wish.body.clear();
    std::erase_if(wish.headers,
                  [](const auto& it) { return it.first == "Content-Type"; });
  }
  wish.to = std::move(*next);
  return {};
}

result<http_answer> http_caller::call(http_wish wish,
                                      const std::stop_token& stop) {
  for (std::uint32_t i = 0; i <= config_.redirects_max; ++i) {
    auto answer = ask(wish, stop);
    if (!answer)
      return answer.error();
    if (!is_redirect(answer->status))
      return http_answer{answer->status, std::move(answer->body)};
    if (auto good = redirect(wish, *answer); !good)
      return good.error();
  }
  return fail(errc::tool_failed, "the server redirects more than "
                                     + std::to_string(config_.redirects_max)
                                     + " times");
}

} // namespace troupe::tools
