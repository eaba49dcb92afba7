#include "output_room.hpp"

#include "report_text.hpp"
#include "short_text.hpp"

#include <algorithm>

namespace troupe::report {

output_room::share output_room::take(std::string_view output) {
  if (!has_room())
    return {};
  const auto shown =
      first_bytes(output, std::min(limits_.bytes_each, bytes_left_));
  const auto all = document_text(shown);
  // A byte that is no text takes three there.
  auto text = std::string(first_bytes(all, bytes_left_));
  const bool whole = shown.size() == output.size() && text.size() == all.size();
  bytes_left_ -= text.size();
  --count_left_;
  if (whole)
    return {std::move(text), {}};
  return {std::move(text), "Not whole: the first " + grouped(shown.size())
                               + " of " + grouped(output.size()) + " bytes."};
}

} // namespace troupe::report
