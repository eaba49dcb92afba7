#pragma once

#include "providers/secret.hpp"

#include <troupe/protocol/result.hpp>

#include <string>

namespace troupe::providers {

/// The key in the environment variable `env_name`, else the one in `path`
/// (which may be empty). One newline at the end is cut. A key has 1 to 4,096
/// characters from '!' to '~'.
/// Errors: `provider_unauthorized` (no key), `key_file_open` (the file is not
/// ours alone: mode other than 0600 or 0400, another owner, not a plain file),
/// `file_unreadable`, `config_invalid` (characters, length).
/// Blocking: reads one small file.
[[nodiscard]] protocol::result<secret> load_api_key(const std::string& env_name,
                                                    const std::string& path);

/// Errors: `config_invalid`, without a word of the key.
[[nodiscard]] protocol::result<void> check_key(const secret& key);

} // namespace troupe::providers
