#include "report/html_page.hpp"
#include "report/markdown.hpp"
#include "report/report_text.hpp"
#include "troupe/runtime/report.hpp"

#include <troupe/actors/plan.hpp>

namespace troupe {

namespace {

protocol::run_summary summary_of(const protocol::run_report& report,
                                 std::span<const protocol::model_spec> models) {
  return actors::summarise(report, {models.begin(), models.end()});
}

} // namespace

std::string to_text(const protocol::run_report& report,
                    std::span<const protocol::model_spec> models) {
  report::page plain;
  plain.columns = 100;
  plain.color = false;
  return report::report_text(report, summary_of(report, models), plain);
}

std::string to_markdown(const protocol::run_report& report,
                        std::span<const protocol::model_spec> models) {
  return report::report_markdown(report, summary_of(report, models));
}

std::string to_html(const protocol::run_report& report,
                    std::span<const protocol::model_spec> models) {
  return report::report_html(report, summary_of(report, models));
}

} // namespace troupe
