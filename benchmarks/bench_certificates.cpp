#include "cross_node_side.hpp"
#include "measure.hpp"

#include <troupe/certs/cert_folder.hpp>

#include <chrono>
#include <cstdlib>
#include <filesystem>

namespace troupe::benchmarks {

namespace fs = std::filesystem;

namespace {

protocol::instant wall_now() {
  return std::chrono::time_point_cast<protocol::duration>(
      std::chrono::system_clock::now());
}

} // namespace

certificates::certificates() {
  std::string name = (fs::temp_directory_path() / "troupe-XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr)
    wrong("no folder for certificates");
  folder_ = name;
  const certs::folder_access at{folder_, wall_now(), false};
  bool is_good =
      certs::start_authority(at, "bench", std::chrono::days{2}).has_value();
  for (const auto* node : {"a", "b"})
    is_good = is_good
              && certs::issue_certificate(at, {certs::peer_role::node,
                                               node,
                                               {"127.0.0.1"},
                                               wall_now(),
                                               std::chrono::days{1}})
                     .has_value();
  if (!is_good)
    wrong("no certificates");
}

certificates::~certificates() {
  std::error_code ignored;
  fs::remove_all(folder_, ignored);
}

} // namespace troupe::benchmarks
