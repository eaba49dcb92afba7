#pragma once

#include <string>
#include <typeinfo>

namespace troupe::protocol {

/// The type's own name, without namespaces: `task_input`.
[[nodiscard]] std::string short_type_name(const std::type_info& type);

} // namespace troupe::protocol
