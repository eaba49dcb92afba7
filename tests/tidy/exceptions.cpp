#include "rules.hpp"

#include <algorithm>
#include <sstream>

namespace troupe::tidy {

void apply_exceptions(const std::vector<std::string>& exceptions,
                      violations& found) {
  violations complaints;
  for (std::size_t n = 0; n < exceptions.size(); ++n) {
    if (exceptions[n].empty() || exceptions[n].front() == '#')
      continue;
    std::istringstream words{exceptions[n]};
    std::string rule;
    std::string path;
    std::string reason;
    words >> rule >> path;
    std::getline(words >> std::ws, reason);
    const auto complain = [&](const std::string& what) {
      complaints.push_back(
          {"tests/tidy/exceptions.txt", n + 1, "exception", what});
    };
    if (reason.empty())
      complain("gives no reason");
    const auto excused = std::erase_if(found, [&](const violation& v) {
      return v.rule == rule && v.path == path;
    });
    if (excused == 0)
      complain("excuses nothing: " + rule + " in " + path);
  }
  found.insert(found.end(), complaints.begin(), complaints.end());
}

} // namespace troupe::tidy
