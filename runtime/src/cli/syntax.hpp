#pragma once

#include "arguments.hpp"

#include <memory>

namespace CLI {
class App;
}

namespace troupe::cli {

/// The words that the command line knows. Parsing fills `given`, which must
/// outlive it, and throws.
[[nodiscard]] std::shared_ptr<CLI::App> make_syntax(all_arguments& given);

} // namespace troupe::cli
