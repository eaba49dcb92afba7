#include "config/learning_reader.hpp"

namespace troupe::config {

void read_learning(yaml::mapping& routing, const std::filesystem::path& folder,
                   learning_config& out) {
  const auto* at = routing.map("learning");
  if (at == nullptr)
    return;
  yaml::mapping fields{*at, routing.found()};
  fields.boolean("enabled", out.enabled);
  fields.money("spend_per_call", out.spend_per_call);
  fields.text("file", out.file);
  if (!out.file.empty())
    out.file = (folder / out.file).lexically_normal().string();
  fields.boolean("gates", out.gates);
  fields.finish();
}

} // namespace troupe::config
