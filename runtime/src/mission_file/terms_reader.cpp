#include "mission_file/terms_reader.hpp"

namespace troupe::mission_file {

namespace {

constexpr std::size_t names_max = 8;

void read_names(yaml::mapping& fields, std::string_view key,
                std::vector<std::string>& to) {
  fields.texts(key, to);
  if (to.size() <= names_max)
    return;
  fields.found().add(*fields.any(key),
                     "at most " + std::to_string(names_max) + " names");
  to.clear();
}

void read_prices(yaml::mapping& around, protocol::model_terms& terms) {
  const auto* at = around.map("price_max");
  if (at == nullptr)
    return;
  yaml::mapping fields{*at, around.found()};
  protocol::price_limit limit;
  fields.money("input", limit.input);
  fields.money("output", limit.output);
  fields.finish();
  terms.price_max = limit;
}

void read_cascade(yaml::mapping& around, protocol::model_terms& terms) {
  const auto* at = around.map("cascade");
  if (at == nullptr)
    return;
  yaml::mapping fields{*at, around.found()};
  protocol::cascade_plan plan;
  fields.choice("from", plan.from);
  fields.choice("check", plan.check);
  fields.integer("pass_permille", plan.pass_permille, 1U, 1000U);
  fields.finish();
  terms.cascade = plan;
}

} // namespace

bool read_terms(yaml::mapping& around, protocol::model_terms& terms) {
  const auto* at = around.map("models");
  if (at == nullptr)
    return false;
  yaml::mapping fields{*at, around.found()};
  read_names(fields, "skills", terms.skills);
  read_names(fields, "regions", terms.regions);
  read_prices(fields, terms);
  fields.boolean("hedge", terms.hedge);
  read_cascade(fields, terms);
  fields.finish();
  return true;
}

} // namespace troupe::mission_file
