// Gives a target every file of the folders named, without a fuzzer.
#include "fuzz_target.hpp"
#include "support/file_text.hpp"

int main(int count, char** folders) {
  std::size_t files = 0;
  for (int i = 1; i < count; ++i)
    for (const auto& file : troupe::test::files_in(folders[i], "")) {
      const auto text = troupe::test::file_text(file);
      LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(text.data()),
                             text.size());
      ++files;
    }
  std::printf("%zu inputs\n", files);
  return files > 0 ? 0 : 1;
}
