#include "node_words.hpp"

#include "json/read_json_as.hpp"

namespace troupe::cluster {

protocol::result<node_words> read_words(const std::string& text) {
  return read_json_as<node_words>(text, {words_bytes_max, 16, 2'000'000});
}

} // namespace troupe::cluster
