#include "tools/name_resolver.hpp"

#include "tools/outcome_box.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>

#include <memory>

namespace troupe::tools {

using protocol::errc;
using protocol::fail;
using protocol::result;
using tcp = boost::asio::ip::tcp;

namespace {

using addresses = std::vector<boost::asio::ip::address>;

/// Shared by who asks and who answers, since either may be gone first.
struct lookup {
  explicit lookup(boost::asio::io_context& io) : resolver(io) {}

  tcp::resolver resolver;
  outcome_box<result<addresses>> answer;
};

void start(const std::shared_ptr<lookup>& it, const std::string& host) {
  it->resolver.async_resolve(
      host, "", tcp::resolver::numeric_service,
      [it](boost::system::error_code why,
           const tcp::resolver::results_type& found) {
        addresses all;
        for (const auto& one : found)
          all.push_back(one.endpoint().address());
        if (why || all.empty())
          it->answer.put(fail(errc::tool_failed, "the name is not known"));
        else
          it->answer.put(std::move(all));
      });
}

} // namespace

name_resolver system_resolver(http::io_thread& io) {
  return
      [&io](const std::string& host, std::chrono::steady_clock::time_point due,
            const std::stop_token& stop) -> result<addresses> {
        auto it = std::make_shared<lookup>(io.context());
        boost::asio::post(io.context(), [it, host] { start(it, host); });
        auto answer = it->answer.take(due, stop);
        if (answer)
          return std::move(*answer);
        boost::asio::post(io.context(), [it] { it->resolver.cancel(); });
        if (stop.stop_requested())
          return fail(errc::cancelled, "while a name was looked up");
        return fail(errc::deadline_exceeded, "while a name was looked up");
      };
}

} // namespace troupe::tools
