#include "client_words.hpp"

namespace troupe::cluster {

namespace {

constexpr protocol::json_limits limits{client_bytes_max, 64, 2'000'000};

template <class Words>
protocol::result<Words> read_as(const std::string& text) {
  const auto json = protocol::parse_json(text, limits);
  if (!json)
    return json.error();
  return protocol::from_json<Words>(*json);
}

} // namespace

protocol::result<client_asks> read_asks(const std::string& text) {
  return read_as<client_asks>(text);
}

protocol::result<client_told> read_told(const std::string& text) {
  return read_as<client_told>(text);
}

std::string text_of_asks(const client_asks& it) {
  return boost::json::serialize(protocol::to_json(it));
}

std::string text_of_told(const client_told& it) {
  return boost::json::serialize(protocol::to_json(it));
}

} // namespace troupe::cluster
