#pragma once

#include <troupe/protocol/result.hpp>

#include <boost/json/object.hpp>

#include <string_view>

/// What a provider's refusal means for the caller.
namespace troupe::providers {

/// The error of an answer with a status other than 2xx. The detail holds the
/// status, the provider's type and code, at most 200 characters of its
/// message, and how long it asks to wait; never a header or body of ours.
[[nodiscard]] protocol::error error_of_status(unsigned status,
                                              std::string_view body,
                                              std::string_view retry_after);

/// The error that an answer with status 200 holds in its `error` object.
[[nodiscard]] protocol::error error_in_answer(const boost::json::object& error);

} // namespace troupe::providers
