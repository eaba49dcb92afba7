#pragma once

#include "troupe/protocol/catalogue.hpp"

#include <boost/json.hpp>

#include <string>
#include <string_view>
#include <variant>

namespace troupe::test {

/// The published price list, read into our own model of prices.
class price_list {
public:
  explicit price_list(boost::json::array providers)
      : providers_(std::move(providers)) {}

  /// The prices of a model as of August 2026, or why they cannot be told.
  [[nodiscard]] std::variant<protocol::model_spec, std::string>
  prices_of(std::string_view provider, std::string_view model) const;

private:
  [[nodiscard]] const boost::json::object*
  find_provider(std::string_view id) const;
  [[nodiscard]] const boost::json::object* find_model(std::string_view provider,
                                                      std::string_view model,
                                                      bool with_fallback) const;

  boost::json::array providers_;
};

} // namespace troupe::test
