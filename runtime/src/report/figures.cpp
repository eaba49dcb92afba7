#include "printable.hpp"
#include "report_text.hpp"

namespace troupe::report {

std::string percent(std::int64_t permille) {
  const auto size = permille < 0 ? -permille : permille;
  return (permille < 0 ? "-" : "") + std::to_string(size / 10) + '.'
         + std::to_string(size % 10) + " %";
}

std::string grouped(std::uint64_t value) {
  auto text = std::to_string(value);
  for (auto at = text.size(); at > 3; at -= 3)
    text.insert(at - 3, 1, ',');
  return text;
}

std::string chain_text(const std::vector<std::string>& tasks) {
  constexpr std::size_t ends = 6;
  std::string text;
  for (std::size_t i = 0; i < tasks.size(); ++i) {
    if (i == ends && tasks.size() > 2 * ends + 1) {
      i = tasks.size() - ends;
      text += " > ... " + std::to_string(i - ends) + " more ...";
    }
    text += (i == 0 ? "" : " > ") + printable_line(tasks[i]);
  }
  return text.empty() ? "none" : text;
}

std::string failure_text(const protocol::error& failure,
                         std::string_view indent) {
  auto text = std::string(to_string(failure.code));
  auto detail = printable(failure.detail);
  while (detail.ends_with('\n'))
    detail.pop_back();
  if (detail.find('\n') != std::string::npos)
    detail.insert(0, 1, '\n'); // a list of problems stands below the code
  if (!detail.empty())
    text += ": " + detail;
  return text + '\n' + std::string(indent)
         + std::string(advice_for(failure.code)) + '\n';
}

} // namespace troupe::report
