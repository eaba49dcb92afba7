#include "report/report_text.hpp"
#include "troupe/runtime/report.hpp"

#include <troupe/actors/plan.hpp>

namespace troupe {

std::string to_text(const protocol::run_report& report,
                    std::span<const protocol::model_spec> models) {
  report::page plain;
  plain.columns = 100;
  plain.color = false;
  return report::report_text(
      report, actors::summarise(report, {models.begin(), models.end()}), plain);
}

} // namespace troupe
