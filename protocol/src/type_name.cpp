#include "troupe/protocol/type_name.hpp"

#include <boost/core/demangle.hpp>

namespace troupe::protocol {

std::string short_type_name(const std::type_info& type) {
  const auto qualified = boost::core::demangle(type.name());
  const auto colon = qualified.rfind(':');
  return colon == std::string::npos ? qualified : qualified.substr(colon + 1);
}

} // namespace troupe::protocol
