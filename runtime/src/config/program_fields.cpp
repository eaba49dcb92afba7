#include "config/program_fields.hpp"

namespace troupe::config {

namespace fs = std::filesystem;

std::string whole_path(const fs::path& folder, const std::string& path) {
  return path.empty() ? path : (folder / path).lexically_normal().string();
}

void read_command(yaml::mapping& fields, const fs::path& folder,
                  std::vector<std::string>& out) {
  fields.texts("run", out);
  if (!out.empty() && out.front().find('/') != std::string::npos)
    out.front() = fs::absolute(whole_path(folder, out.front())).string();
}

void read_folder(yaml::mapping& fields, const fs::path& folder,
                 std::string& out) {
  fields.text("folder", out);
  if (!out.empty())
    out = fs::absolute(whole_path(folder, out)).string();
}

} // namespace troupe::config
