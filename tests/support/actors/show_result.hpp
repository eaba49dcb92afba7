#pragma once

#include "support/catch.hpp"

#include <troupe/protocol/result.hpp>

/// How a failed check prints a result.
template <class T>
struct Catch::StringMaker<troupe::protocol::result<T>> {
  static std::string convert(const troupe::protocol::result<T>& it) {
    return it.has_value() ? std::string{"a value"}
                          : std::string(to_string(it.error().code)) + ": "
                                + it.error().detail;
  }
};
