#pragma once

#include <troupe/protocol/id.hpp>
#include <troupe/protocol/json.hpp>

namespace troupe::cluster {

/// The error that ends a request, on a link.
struct request_failed {
  protocol::id request{};
  protocol::error why{};
};
BOOST_DESCRIBE_STRUCT(request_failed, (), (request, why))

} // namespace troupe::cluster
