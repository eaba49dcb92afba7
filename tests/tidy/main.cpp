#include "rules.hpp"

#include <algorithm>
#include <exception>
#include <iostream>

// troupe_tidy ROOT: prints where the tree breaks its own rules, one line each,
// sorted. Exit: 0 none, 1 some, 2 the tree cannot be read.
namespace {

int check_tree(const std::filesystem::path& root) {
  namespace tidy = troupe::tidy;
  const auto files = tidy::read_tree(root);
  if (files.empty()) {
    std::cerr << "troupe_tidy: no source files under " << root << '\n';
    return 2;
  }
  tidy::violations found;
  for (const auto& file : files) {
    tidy::check_layers(file, found);
    tidy::check_sizes(file, found);
    tidy::check_words(file, found);
    tidy::check_waits(file, found);
    tidy::check_queues(file, found);
    tidy::check_headers(file, found);
  }
  tidy::check_errors(root, files, found);
  tidy::apply_exceptions(tidy::read_lines(root / "tests/tidy/exceptions.txt"),
                         found);
  std::sort(found.begin(), found.end());
  for (const auto& v : found) {
    std::cout << v.path;
    if (v.line > 0)
      std::cout << ':' << v.line;
    std::cout << ": " << v.rule << ": " << v.what << '\n';
  }
  std::cerr << files.size() << " files, " << found.size() << " violations\n";
  return found.empty() ? 0 : 1;
}

} // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::cerr << "usage: troupe_tidy ROOT\n";
    return 2;
  }
  try {
    return check_tree(argv[1]);
  } catch (const std::exception& failure) {
    std::cerr << "troupe_tidy: " << failure.what() << '\n';
    return 2;
  }
}
