#include "support/runtime/rank_files.hpp"

#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>

namespace troupe::test {

std::optional<std::string> data_text(const std::string& path) {
  std::ifstream file{std::string{TROUPE_SHARED_DATA_DIR "/"} + path,
                     std::ios::binary};
  if (!file)
    return std::nullopt;
  return std::string{std::istreambuf_iterator<char>{file}, {}};
}

std::optional<std::string> rank_file_text(const std::string& name) {
  const auto path =
      TROUPE_SHARED_DATA_DIR "/tokenizers/" + name + ".tiktoken.gz";
  if (!std::filesystem::exists(path))
    return std::nullopt;
  const auto command = "gzip -dc '" + path + "'";
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> pipe{
      ::popen(command.c_str(), "r"), ::pclose};
  if (!pipe)
    return std::nullopt;
  std::string text;
  std::array<char, 65'536> part{};
  while (const auto got = std::fread(part.data(), 1, part.size(), pipe.get()))
    text.append(part.data(), got);
  return text;
}

} // namespace troupe::test
