#include "providers/secret.hpp"

#include <openssl/crypto.h>

#include <algorithm>

namespace troupe::providers {

secret& secret::operator=(const secret& other) {
  if (this != &other) {
    wipe();
    value_ = other.value_;
  }
  return *this;
}

secret::secret(secret&& other) noexcept : value_(std::move(other.value_)) {
  other.wipe();
}

secret& secret::operator=(secret&& other) noexcept {
  if (this != &other) {
    wipe();
    value_.swap(other.value_);
  }
  return *this;
}

void secret::wipe() noexcept {
  // A short string lies inside the object, beyond `size` after a move as well.
  OPENSSL_cleanse(value_.data(), value_.capacity());
  value_.clear();
}

std::string secret::redacted(std::string_view text) const {
  const auto window = std::min<std::size_t>(value_.size(), 8);
  if (window == 0)
    return std::string{text};
  std::string out;
  for (std::size_t i = 0; i < text.size();) {
    std::size_t size = window;
    if (text.size() - i < window
        || value_.find(text.substr(i, size)) == std::string::npos) {
      out += text[i++];
      continue;
    }
    while (i + size < text.size()
           && value_.find(text.substr(i, size + 1)) != std::string::npos)
      ++size;
    out += "[redacted]";
    i += size;
  }
  return out;
}

} // namespace troupe::providers
