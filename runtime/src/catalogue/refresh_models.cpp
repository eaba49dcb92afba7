#include "catalogue/model_reader.hpp"
#include "catalogue/models_cache.hpp"
#include "http/client.hpp"
#include "providers/provider_error.hpp"

#include <condition_variable>
#include <mutex>

namespace troupe::models {

using protocol::errc;
using protocol::fail;
using protocol::result;

namespace {

constexpr std::chrono::seconds patience{60};
constexpr std::size_t list_bytes_max = 16U << 20U;
constexpr std::size_t cache_bytes_max = 4U << 20U; ///< Of a catalogue's file.

/// Waits for the whole body of one answer.
class body_sink final : public http::call_sink {
public:
  void on_head(const http::response_head& head) override {
    status_ = head.status;
  }

  result<http::appetite> on_piece(std::string_view piece) override {
    body_ += piece;
    return http::appetite::more;
  }

  void on_done(const std::optional<protocol::error>& failure) override {
    const std::lock_guard lock{mutex_};
    failure_ = failure;
    is_over_ = true;
    over_.notify_all();
  }

  result<std::string> wait() {
    std::unique_lock lock{mutex_};
    // The call's own deadline comes first.
    if (!over_.wait_for(lock, 2 * patience, [this] { return is_over_; }))
      return fail(errc::provider_timeout, "the list of models did not come");
    if (failure_)
      return *failure_;
    if (status_ != 200)
      return providers::error_of_status(status_, body_.substr(0, 64U << 10U),
                                        {}, {});
    return std::move(body_);
  }

private:
  std::mutex mutex_; ///< Guards what follows once it is over.
  std::condition_variable over_;
  unsigned status_ = 0;
  std::string body_;
  std::optional<protocol::error> failure_;
  bool is_over_ = false;
};

result<std::string> fetch(const provider_config& from) {
  const auto url = http::parse_base_url(from.base_url);
  if (!url)
    return url.error();
  http::io_thread io;
  http::client_config limits;
  limits.ca_file = from.ca_file;
  auto client = http::client::make(io, std::move(limits));
  if (!client)
    return client.error();
  http::call_request ask;
  ask.to = url->at;
  ask.method = "GET";
  ask.target = url->path + "/models";
  ask.headers = {{"Accept", "application/json"}, {"User-Agent", "troupe"}};
  ask.deadline = std::chrono::steady_clock::now() + patience;
  ask.body_bytes_max = list_bytes_max;
  const auto sink = std::make_shared<body_sink>();
  (*client)->start(std::move(ask), sink);
  return sink->wait();
}

/// What is written is read before it takes the place of what is known.
result<void> check_text(const std::string& text) {
  if (text.size() > cache_bytes_max)
    return fail(errc::provider_rejected,
                "the list of models is too long for a catalogue (4 MiB)");
  yaml::problems found{"the list of models"};
  if (const auto root = yaml::parse(text, found))
    (void)read_models(*root, found);
  if (!found.empty())
    return fail(errc::provider_rejected, to_text(found.take().front()));
  return {};
}

} // namespace

result<listed_models> refresh_models(const provider_config& from,
                                     const std::string& cache,
                                     protocol::instant now) {
  const auto body = fetch(from);
  if (!body)
    return body.error();
  auto listed =
      read_listed_models(*body, from.name, catalogue::built_in(), now);
  if (!listed)
    return listed;
  const auto text = catalogue_text(listed->models,
                                   "As " + from.name + " listed its models on "
                                       + protocol::to_text(now)
                                       + "; `troupe models --refresh`");
  if (auto good = check_text(text); !good)
    return good.error();
  if (auto written = replace_file(cache, text); !written)
    return written.error();
  return listed;
}

} // namespace troupe::models
