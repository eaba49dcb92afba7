#include "journal_words.hpp"

#include <boost/json/serialize.hpp>

namespace troupe::cluster {

namespace {

constexpr protocol::json_limits limits{64U << 20U, 64, 2'000'000};

template <class Words>
protocol::result<Words> read_as(const std::string& text) {
  const auto json = protocol::parse_json(text, limits);
  if (!json)
    return json.error();
  return protocol::from_json<Words>(*json);
}

} // namespace

protocol::result<journal_question> read_question(const std::string& text) {
  return read_as<journal_question>(text);
}

protocol::result<journal_answer> read_answer(const std::string& text) {
  return read_as<journal_answer>(text);
}

std::string text_of(const journal_question& it) {
  return boost::json::serialize(protocol::to_json(it));
}

std::string text_of(const journal_answer& it) {
  return boost::json::serialize(protocol::to_json(it));
}

journal_told unkept(const journal_asks& what) {
  switch (what.index()) {
  case 0:
    return actors::effect_begun{};
  case 1:
    return actors::effect_ended{};
  case 2:
    return actors::call_kept{};
  default:
    return actors::calls_read{};
  }
}

} // namespace troupe::cluster
