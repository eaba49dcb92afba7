#pragma once

#include "providers/asked_wait.hpp"

#include <troupe/protocol/result.hpp>

#include <boost/json/object.hpp>

#include <string_view>

/// What a provider's refusal means for the caller.
namespace troupe::providers {

/// The error of an answer with a status other than 2xx. The detail holds the
/// status, the provider's type and code, and at most 200 characters of its
/// message; never a header or body of ours. How long the provider asks to be
/// left alone is what its headers or its body say; without that, a monthly
/// limit of spending lasts until the month after `now`, and other want of money
/// 15 minutes.
[[nodiscard]] protocol::error error_of_status(unsigned status,
                                              std::string_view body,
                                              const asked_wait& wait,
                                              protocol::instant now);

/// The error that an answer with status 200 holds in its `error` object.
[[nodiscard]] protocol::error error_in_answer(const boost::json::object& error);

} // namespace troupe::providers
