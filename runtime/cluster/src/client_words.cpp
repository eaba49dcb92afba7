#include "client_words.hpp"

#include "json/read_json_as.hpp"

namespace troupe::cluster {

namespace {

constexpr protocol::json_limits limits{client_bytes_max, 64, 2'000'000};

} // namespace

protocol::result<client_asks> read_asks(const std::string& text) {
  return read_json_as<client_asks>(text, limits);
}

protocol::result<client_told> read_told(const std::string& text) {
  return read_json_as<client_told>(text, limits);
}

std::string text_of_asks(const client_asks& it) {
  return boost::json::serialize(protocol::to_json(it));
}

std::string text_of_told(const client_told& it) {
  return boost::json::serialize(protocol::to_json(it));
}

} // namespace troupe::cluster
