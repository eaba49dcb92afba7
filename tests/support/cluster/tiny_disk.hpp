#pragma once

#include "support/cluster/descriptor.hpp"

#include <cstddef>
#include <string>

namespace troupe::test {

/// A disk of so many bytes at a folder, for those alone who are started in its
/// mounts (`testbed::mount`): it outlives them, and is gone with this. Throws
/// where nobody may mount.
class tiny_disk {
public:
  tiny_disk(const std::string& folder, std::size_t bytes);

  /// A namespace of mounts, for `launch_plan`.
  [[nodiscard]] int mounts() const noexcept { return mounts_.get(); }

  /// Leaves no byte free.
  void fill() const;
  void make_room() const;
  [[nodiscard]] std::size_t free_bytes() const;

private:
  descriptor mounts_;
  descriptor folder_; ///< As those see it who are in there.
};

} // namespace troupe::test
