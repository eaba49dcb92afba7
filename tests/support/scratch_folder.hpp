#pragma once

#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <system_error>
#include <unistd.h>

namespace troupe::test {

/// A folder of its own for one test; gone afterwards.
class scratch_folder {
public:
  explicit scratch_folder(const std::string& name)
      : path_{std::filesystem::temp_directory_path()
              / ("troupe-" + name + "-" + std::to_string(getpid()))} {
    std::error_code ec;
    std::filesystem::remove_all(path_, ec);
    std::filesystem::create_directories(path_, ec);
  }
  ~scratch_folder() {
    std::error_code ec;
    std::filesystem::remove_all(path_, ec);
  }
  scratch_folder(const scratch_folder&) = delete;
  scratch_folder& operator=(const scratch_folder&) = delete;

  std::string write(const std::string& name, std::string_view text) const {
    const auto file = path_ / name;
    std::error_code ec;
    std::filesystem::create_directories(file.parent_path(), ec);
    std::ofstream{file, std::ios::binary} << text;
    return file.string();
  }

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

private:
  std::filesystem::path path_;
};

} // namespace troupe::test
