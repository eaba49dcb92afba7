#include "journal_words.hpp"

#include "json/read_json_as.hpp"

#include <boost/json/serialize.hpp>

namespace troupe::cluster {

namespace {

constexpr protocol::json_limits limits{64U << 20U, 64, 2'000'000};

} // namespace

protocol::result<journal_question> read_question(const std::string& text) {
  return read_json_as<journal_question>(text, limits);
}

protocol::result<journal_answer> read_answer(const std::string& text) {
  return read_json_as<journal_answer>(text, limits);
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
