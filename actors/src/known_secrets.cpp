#include "known_secrets.hpp"

#include <boost/json/serialize.hpp>
#include <boost/json/string.hpp>

#include <algorithm>
#include <string_view>

namespace troupe::actors {

namespace {

constexpr std::string_view replacement = "[redacted]";

/// How a text stands between the quotes of a JSON text.
std::string in_json(std::string_view text) {
  const auto quoted = boost::json::serialize(boost::json::string(text));
  return quoted.substr(1, quoted.size() - 2);
}

} // namespace

known_secrets::known_secrets(const std::vector<std::string>& secrets) {
  for (const auto& secret : secrets) {
    if (secret.empty())
      continue;
    secrets_.push_back(secret);
    if (auto quoted = in_json(secret); quoted != secret)
      secrets_.push_back(std::move(quoted));
  }
  // One may be a part of another.
  std::stable_sort(
      secrets_.begin(), secrets_.end(),
      [](const auto& a, const auto& b) { return a.size() > b.size(); });
}

bool known_secrets::occur_in(const std::string& text) const {
  return std::any_of(secrets_.begin(), secrets_.end(), [&](const auto& it) {
    return text.find(it) != std::string::npos;
  });
}

void known_secrets::hide(std::string& text) const {
  for (const auto& secret : secrets_)
    for (auto at = text.find(secret); at != std::string::npos;
         at = text.find(secret, at + replacement.size()))
      text.replace(at, secret.size(), replacement);
}

} // namespace troupe::actors
