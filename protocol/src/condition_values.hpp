#pragma once

#include <boost/json/value.hpp>

/// How values of conditions compare.
namespace troupe::protocol {

[[nodiscard]] bool is_plain_number(double x) noexcept;
[[nodiscard]] bool counts_as_true(const boost::json::value& it);
[[nodiscard]] bool is_equal(const boost::json::value& a,
                            const boost::json::value& b);
[[nodiscard]] bool is_less(const boost::json::value& a,
                           const boost::json::value& b);
[[nodiscard]] bool is_at_most(const boost::json::value& a,
                              const boost::json::value& b);
[[nodiscard]] bool is_in(const boost::json::value& what,
                         const boost::json::value& whole);

} // namespace troupe::protocol
