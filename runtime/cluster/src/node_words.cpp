#include "node_words.hpp"

namespace troupe::cluster {

protocol::result<node_words> read_words(const std::string& text) {
  const auto json =
      protocol::parse_json(text, {words_bytes_max, 16, 2'000'000});
  if (!json)
    return json.error();
  return protocol::from_json<node_words>(*json);
}

} // namespace troupe::cluster
