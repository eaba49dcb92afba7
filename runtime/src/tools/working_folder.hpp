#pragma once

#include <cstdlib>
#include <filesystem>
#include <string>
#include <system_error>

namespace troupe::tools {

/// A folder that only this user may enter; removed with all that is in it.
class working_folder {
public:
  explicit working_folder(bool is_wanted) {
    if (!is_wanted)
      return;
    std::error_code ec;
    auto name =
        (std::filesystem::temp_directory_path(ec) / "troupe-tool-XXXXXX")
            .string();
    if (!ec && ::mkdtemp(name.data()) != nullptr)
      path_ = std::move(name);
  }
  working_folder(const working_folder&) = delete;
  working_folder& operator=(const working_folder&) = delete;
  ~working_folder() {
    std::error_code ignored;
    if (!path_.empty())
      std::filesystem::remove_all(path_, ignored);
  }

  /// Empty: there is none.
  [[nodiscard]] const std::string& path() const noexcept { return path_; }

private:
  std::string path_;
};

} // namespace troupe::tools
