#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

namespace troupe::actors {

/// The bytes of a text from `begin` up to `end`.
struct text_span {
  std::size_t begin = 0;
  std::size_t end = 0;
};

/// Where a text holds what looks like a secret, in no certain order:
/// - keys by their first letters, such as `sk-`, `ghp_`, `xoxb-`, `AKIA`;
/// - what follows `Bearer`, JSON web tokens, private keys in PEM form;
/// - the value after a secret's name and `:` or `=`, quoted or not.
[[nodiscard]] std::vector<text_span> find_secret_shapes(std::string_view text);

/// True for names such as `api_key`, `X-Api-Key`, `db/password`, `authToken`,
/// but not for `max_tokens`.
[[nodiscard]] bool is_secret_name(std::string_view name);

} // namespace troupe::actors
